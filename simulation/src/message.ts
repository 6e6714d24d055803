import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type {
  Answer,
  Body,
  Call,
  HeaderBlock,
  HeaderLine,
  Network,
  NodeCall,
  Reply,
} from '@aistore-ts/core/ports/call.ts'

/** A message on its way: nothing of it is shared between sender and receiver. */
export interface Request {
  readonly method: string
  readonly target: string
  readonly headers: readonly HeaderLine[]
  readonly body: Uint8Array
}

export interface Response {
  readonly status: number
  readonly headers: readonly HeaderLine[]
  readonly body: Uint8Array
}

function headerBlock(lines: readonly HeaderLine[]): HeaderBlock {
  const lower = lines.map(([name, value]): HeaderLine => [name.toLowerCase(), value])
  return {
    get: (name) => lower.find(([other]) => other === name)?.[1],
    all: (name) => lower.filter(([other]) => other === name).map(([, value]) => value),
    lines: () => lower,
  }
}

function bodyOf(bytes: Uint8Array): Body {
  return {
    lengthBytes: bytes.length,
    async consume(sink) {
      if (bytes.length > 0) await sink(bytes)
    },
    async *[Symbol.asyncIterator]() {
      if (bytes.length > 0) yield bytes
    },
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk.slice())
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const encoder = new TextEncoder()

/** The message that `call` makes. */
export async function requestOf(call: NodeCall): Promise<Request> {
  const { method, target, headers = [], body = '' } = call
  const bytes =
    typeof body === 'string'
      ? encoder.encode(body)
      : body instanceof Uint8Array
        ? body.slice()
        : await collect(body)
  return { method, target, headers, body: bytes }
}

/** What a handler sees of `request`. */
export function callOf(request: Request, network: Network, from: string): Call {
  return {
    method: request.method,
    target: request.target,
    headers: headerBlock([...request.headers, ['content-length', String(request.body.length)]]),
    body: bodyOf(request.body),
    network,
    remoteAddress: from,
    remotePort: 1,
    signal: new AbortController().signal,
  }
}

/** The message that `reply` makes. */
export async function responseOf(
  reply: Reply,
  readSlice: (slice: { readonly fd: number; offset: number; length: number }) => Uint8Array,
): Promise<Response> {
  const { status, body } = reply
  const headers = [...reply.headers, ...(reply.shared?.lines ?? [])]
  const bytes = async (): Promise<Uint8Array> => {
    if (body === undefined) return new Uint8Array()
    if (body.kind === 'stream') return collect(body.chunks)
    if (body.kind === 'bytes') {
      return typeof body.bytes === 'string' ? encoder.encode(body.bytes) : body.bytes.slice()
    }
    const parts = body.slices.map(({ file, offset, length }) =>
      readSlice({ fd: file.fd, offset, length }),
    )
    const all = await collect(
      (async function* () {
        yield* parts
      })(),
    )
    for (const { file } of body.slices) file.close()
    return all
  }
  const response = { status, headers, body: await bytes() }
  reply.onEnd?.(true)
  return response
}

/** What a caller sees of `response`. */
export function answerOf({ status, headers, body }: Response): Answer {
  return {
    status,
    headers: headerBlock(headers),
    body: bodyOf(body),
    async bytes(limitBytes = Number.POSITIVE_INFINITY) {
      if (body.length > limitBytes) throw new AisError('ErrTooLarge', 'answer is too large')
      return body
    },
    discard() {},
  }
}
