import type { FileSlice, Reply, ReplyBody } from '@aistore-ts/core/ports/call.ts'
import { closeFiles, readAt, readSlicesNow } from '../node/read-file.ts'
import { lengthOf, releaseBody } from '../node/send-reply.ts'
import { toWireText } from '../node/wire-text.ts'

/**
 * Longest single slice that is read here: half the CPU time of having Bun open the file again at 4 KiB, the
 * same at 64 KiB.
 */
const copiedBytesMax = 32_768

/** Longest reply of several slices that is put together in memory; a longer one goes chunked. */
const joinedBytesMax = 1_048_576

/** One read of a reply of several slices. */
const readBytes = 262_144

/**
 * Turns `reply` into what `Bun.serve` sends. One slice of a file is sent by Bun itself, from a descriptor of
 * its own; ours may be closed in the next turn of the loop (a microtask is too early). `onEnd` is then called
 * when Bun took over: it tells nobody when a file was sent.
 * An error thrown here leaves the files open and `onEnd` uncalled; one after this returned resets the connection, and `onError` hears of it.
 * Bun writes Content-Length only for what it knows the size of: bytes and one slice. Streams go chunked.
 */
export function toResponse(
  method: string,
  reply: Reply,
  gone: () => boolean,
  onError: (error: unknown) => void,
): Response {
  const { body } = reply
  const headers: [string, string][] = []
  let stated: string | undefined
  for (const [name, value] of reply.headers) {
    if (name.length === 14 && name.toLowerCase() === 'content-length') stated = value
    else headers.push([name, toWireText(value)])
  }
  if (reply.close === true) headers.push(['Connection', 'close'])
  const init = { status: reply.status, headers }
  const bare = method === 'HEAD' || reply.status === 204 || reply.status === 304

  if (bare || body === undefined) {
    const measured =
      method === 'HEAD' && body !== undefined ? lengthOf(body)?.toString() : undefined
    const length = stated ?? measured
    if (bare && length !== undefined && reply.status !== 204) {
      headers.push(['Content-Length', length])
    }
    const response = new Response(null, init)
    releaseBody(body)
    endSoon(reply, undefined, gone)
    return response
  }
  if (body.kind === 'bytes') {
    const response = new Response(
      typeof body.bytes === 'string' ? Buffer.from(body.bytes, 'utf8') : ownBytes(body.bytes),
      init,
    )
    endSoon(reply, undefined, gone)
    return response
  }
  if (body.kind === 'stream') {
    return new Response(toStream(body.chunks, body.lengthBytes, reply, onError), init)
  }
  return filesResponse(body, reply, init, gone, onError)
}

interface ResponseHead {
  readonly status: number
  readonly headers: [string, string][]
}

function filesResponse(
  body: Extract<ReplyBody, { kind: 'files' }>,
  reply: Reply,
  init: ResponseHead,
  gone: () => boolean,
  onError: (error: unknown) => void,
): Response {
  const lengthBytes = lengthOf(body) ?? 0
  const [slice, ...more] = body.slices
  if (slice !== undefined && more.length === 0 && lengthBytes > copiedBytesMax) {
    init.headers.push(['Content-Length', String(lengthBytes)])
    if (!init.headers.some(([name]) => name.toLowerCase() === 'content-disposition')) {
      // Else Bun names the file after the descriptor. "inline" is what no header means.
      init.headers.push(['Content-Disposition', 'inline'])
    }
    const path = `/proc/self/fd/${slice.file.fd}`
    const part = Bun.file(path).slice(slice.offset, slice.offset + slice.length)
    const response = new Response(part, init)
    endSoon(reply, body.slices, gone)
    return response
  }
  if (lengthBytes <= joinedBytesMax) {
    const response = new Response(ownBytes(readSlicesNow(body.slices, lengthBytes)), init)
    endSoon(reply, body.slices, gone)
    return response
  }
  return new Response(toStream(readSlices(body.slices), lengthBytes, reply, onError), init)
}

/** Closes files and tells the end in the next turn, when Bun has taken the reply over. */
function endSoon(
  { onEnd }: Reply,
  slices: readonly FileSlice[] | undefined,
  gone: () => boolean,
): void {
  if (slices === undefined && onEnd === undefined) return
  setImmediate(() => {
    if (slices !== undefined) closeFiles(slices)
    onEnd?.(!gone())
  })
}

async function* readSlices(slices: readonly FileSlice[]): AsyncGenerator<Uint8Array> {
  try {
    for (const slice of slices) {
      const endAt = slice.offset + slice.length
      for (let offset = slice.offset; offset < endAt; ) {
        const chunk = new Uint8Array(Math.min(readBytes, endAt - offset))
        const count = await readAt(slice.file.fd, chunk, chunk.byteLength, offset)
        if (count === 0) throw new Error(`a file ended ${endAt - offset} bytes before its slice`)
        offset += count
        yield chunk.subarray(0, count)
      }
    }
  } finally {
    closeFiles(slices)
  }
}

/** Chunks on demand; an error, or a wrong sum, resets the connection. */
function toStream(
  chunks: AsyncIterable<Uint8Array>,
  lengthBytes: number | undefined,
  { onEnd }: Reply,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  let tell = onEnd
  let sentBytes = 0
  const end = (complete: boolean): void => {
    tell?.(complete)
    tell = undefined
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next()
          if (!done) sentBytes += value.byteLength
          const wrong =
            lengthBytes !== undefined &&
            (done ? sentBytes !== lengthBytes : sentBytes > lengthBytes)
          if (wrong) throw new Error(`a reply of ${lengthBytes} bytes has ${sentBytes}`)
          if (done) {
            controller.close()
            end(true)
          } else {
            // Bun keeps a chunk until it is sent; the sender may reuse it when asked for the next.
            controller.enqueue(value.slice())
          }
        } catch (error) {
          end(false)
          onError(error)
          Promise.resolve(iterator.return?.()).catch(() => {})
          controller.error(error)
        }
      },
      async cancel() {
        end(false)
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** Bun's types want bytes over an `ArrayBuffer`; shared memory is copied. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}
