import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body, Call, Handler, HeaderLine, Reply } from '@aistore-ts/core/ports/call.ts'

/** A request as it would arrive: names of headers in lower case, the target raw. */
export interface Request {
  readonly method: string
  readonly target: string
  readonly headers: readonly HeaderLine[]
  readonly body: Uint8Array
}

/** What came back, its body read to the end. */
export interface Answered {
  readonly status: number
  readonly headers: readonly HeaderLine[]
  readonly text: string
}

/** Bodies arrive in pieces of so many bytes. */
const pieceBytes = 1000

/** So much of a reply's body is looked at. */
const textBytesMax = 64 * 1024

function bodyOf({ body, headers }: Request): Body {
  const chunked = headers.some(([name]) => name === 'transfer-encoding')
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += pieceBytes) yield body.slice(at, at + pieceBytes)
  }
  let isRead = false
  return {
    lengthBytes: chunked ? undefined : body.length,
    async consume(sink) {
      if (isRead) throw new AisError('ErrInternal', 'a body was read twice')
      isRead = true
      for await (const piece of pieces()) await sink(piece)
    },
    [Symbol.asyncIterator]: pieces,
  }
}

function callOf(request: Request): Call {
  const { method, target, headers } = request
  const all = (name: string) => headers.filter(([own]) => own === name).map(([, value]) => value)
  return {
    method,
    target,
    headers: { get: (name) => all(name)[0], all, lines: () => headers },
    body: bodyOf(request),
    network: 'public',
    remoteAddress: '127.0.0.1',
    remotePort: 1,
    signal: new AbortController().signal,
  }
}

async function textOf({ body }: Reply): Promise<string> {
  if (body === undefined) return ''
  if (body.kind === 'bytes') return Buffer.from(body.bytes).toString('utf8', 0, textBytesMax)
  if (body.kind === 'files') {
    for (const file of new Set(body.slices.map((slice) => slice.file))) file.close()
    return ''
  }
  const parts: Uint8Array[] = []
  for await (const chunk of body.chunks) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts).toString('utf8', 0, textBytesMax)
}

/** Gives a handler a request, and takes its reply as a listener would. @throws what the handler throws */
export async function exchange(handler: Handler, request: Request): Promise<Answered> {
  const reply = await handler(callOf(request))
  const text = await textOf(reply)
  reply.onEnd?.(true)
  return { status: reply.status, headers: reply.headers, text }
}
