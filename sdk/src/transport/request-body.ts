import { AisClientError } from '../errors/ais-client-error.ts'

/** What a call sends. */
export interface RequestBody {
  /** `undefined`: unknown, sent in chunks. */
  readonly lengthBytes: number | undefined
  /** May `open` be called again after the first time? */
  readonly replayable: boolean
  /** The whole content, when it is in memory. */
  readonly bytes?: Uint8Array | undefined
  /** The content as a Blob, when it is one: `fetch` replays it by itself. */
  readonly blob?: Blob | undefined
  /** Reads from the beginning. @throws AisClientError when it was read before and cannot be again */
  open(): AsyncIterable<Uint8Array>
}

/** Everything an object can be made of. */
export type PutData =
  | Uint8Array
  | ArrayBuffer
  | string
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | RequestBody

/** @param lengthBytes length of a stream, when the caller knows it */
export function requestBody(data: PutData, lengthBytes?: number): RequestBody {
  if (typeof data === 'string') return bytesBody(new TextEncoder().encode(data))
  if (data instanceof Uint8Array) return bytesBody(data)
  if (data instanceof ArrayBuffer) return bytesBody(new Uint8Array(data))
  if (data instanceof Blob) return blobBody(data)
  if (isRequestBody(data)) return data
  return streamBody(data, lengthBytes)
}

export function bytesBody(bytes: Uint8Array): RequestBody {
  return {
    lengthBytes: bytes.byteLength,
    replayable: true,
    bytes,
    async *open() {
      yield bytes
    },
  }
}

function blobBody(blob: Blob): RequestBody {
  return { lengthBytes: blob.size, replayable: true, blob, open: () => readStream(blob.stream()) }
}

function streamBody(
  source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  lengthBytes: number | undefined,
): RequestBody {
  let opened = false
  return {
    lengthBytes,
    replayable: false,
    open() {
      if (opened) {
        throw new AisClientError({
          status: 0,
          tcode: '',
          message: 'the body is a stream that was read already and cannot be sent again',
        })
      }
      opened = true
      return 'getReader' in source ? readStream(source) : source
    },
  }
}

function isRequestBody(data: object): data is RequestBody {
  return 'open' in data && 'replayable' in data
}

/** Chunks of a web stream; leaving the loop cancels the stream. Safari's streams are not iterable. */
export async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** A web stream over chunks, with back-pressure; cancelling it ends the iteration. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel(reason) {
        await iterator.return?.(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
