import type { Reply } from '@aistore-ts/core/ports/call.ts'
import { StreamBody } from './stream-body.ts'

/** Statuses whose `Response` must have no body at all. */
const bodiless = new Set([204, 205, 304])

function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  if (chunks instanceof StreamBody && chunks.untouched !== undefined) return chunks.untouched
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

/** A transform of bytes whose number is told to the client. Where a platform has none, what it knows of a stream it sends. */
type FixedLength = new (lengthBytes: number) => ReadableWritablePair<Uint8Array, Uint8Array>

/** Chunks of a known sum: without being told, platforms send a stream of ours chunked. */
function fixedStream(
  chunks: AsyncIterable<Uint8Array>,
  lengthBytes: number,
): ReadableStream<Uint8Array> {
  const stream = streamOf(chunks)
  const { FixedLengthStream } = globalThis as { readonly FixedLengthStream?: FixedLength }
  const isOurs = !(chunks instanceof StreamBody)
  return isOurs && FixedLengthStream !== undefined
    ? stream.pipeThrough(new FixedLengthStream(lengthBytes))
    : stream
}

/** A core `Reply` as a web `Response`. File slices have no meaning where there is no disk. */
export function responseOf(reply: Reply, method: string): Response {
  const { body, shared } = reply
  // Given as lines: the platform's own `Headers` cost more than all of them.
  const headers = reply.headers.map(([name, value]): [string, string] => [name, value])
  for (const [name, value] of shared?.lines ?? []) headers.push([name, value])
  if (body === undefined || method === 'HEAD' || bodiless.has(reply.status)) {
    return new Response(null, { status: reply.status, headers })
  }
  if (body.kind === 'files') throw new Error('assert: a gateway without a disk sends no files')
  if (body.kind === 'bytes') {
    const bytes =
      typeof body.bytes === 'string' ? new TextEncoder().encode(body.bytes) : body.bytes.slice()
    return new Response(bytes, { status: reply.status, headers })
  }
  const { chunks, lengthBytes } = body
  if (lengthBytes === undefined) {
    return new Response(streamOf(chunks), { status: reply.status, headers })
  }
  headers.push(['Content-Length', String(lengthBytes)])
  return new Response(fixedStream(chunks, lengthBytes), { status: reply.status, headers })
}
