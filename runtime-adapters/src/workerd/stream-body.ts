import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { ErrorCode } from '@aistore-ts/core/errors/error-codes.ts'
import type { Body } from '@aistore-ts/core/ports/call.ts'

/** The body of a web `Request` or `Response`, read once. */
export class StreamBody implements Body {
  readonly lengthBytes: number | undefined
  readonly #stream: ReadableStream<Uint8Array> | null
  readonly #gone: ErrorCode

  /** @param gone what it is when the body ends early */
  constructor(
    stream: ReadableStream<Uint8Array> | null,
    lengthBytes: number | undefined,
    gone: ErrorCode = 'ErrClientGone',
  ) {
    this.#stream = stream
    this.lengthBytes = lengthBytes
    this.#gone = gone
  }

  /** The stream itself while nobody has read of it, for a platform that passes it on without looking. */
  get untouched(): ReadableStream<Uint8Array> | undefined {
    const stream = this.#stream
    return stream === null || stream.locked ? undefined : stream
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    if (this.#stream === null) return
    const reader = this.#stream.getReader()
    let arrived = 0
    let whole = false
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        arrived += value.byteLength
        yield value
      }
      whole = true
    } finally {
      if (!whole) await reader.cancel().catch(() => undefined)
      reader.releaseLock()
    }
    if (this.lengthBytes !== undefined && arrived !== this.lengthBytes) {
      throw new AisError(this.#gone, `left after ${arrived} of ${this.lengthBytes} bytes`)
    }
  }

  async consume(sink: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    for await (const chunk of this) await sink(chunk)
  }

  /** Reads no more of it. */
  async cancel(): Promise<void> {
    await this.untouched?.cancel().catch(() => undefined)
  }
}
