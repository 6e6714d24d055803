import { readBody } from '@aistore-ts/core/node/api-call.ts'
import type { Call, NodeCall } from '@aistore-ts/core/ports/call.ts'

/** The body of a call as it is passed on. */
export interface OutwardBody {
  readonly content: NonNullable<NodeCall['body']>
  readonly lengthBytes: number | undefined
  /** It is in memory, and can be sent again. */
  readonly isWhole: boolean
  /** What went wrong on the client's side, if anything did. */
  failure(): unknown
}

/** Bodies up to this many bytes are read before the call is passed on. */
const wholeBytesMax = 64 * 1024

/** Chunks as they come; remembers that it was the client who failed. */
class WatchedBody implements AsyncIterable<Uint8Array> {
  failure: unknown
  readonly #body: AsyncIterable<Uint8Array>

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of this.#body) yield chunk
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}

/**
 * Takes the body of a call over; `undefined`: it has none. One whose length was declared is passed on as it is, so that
 * a platform may do it without looking.
 * @throws AisError what is wrong with a small one
 */
export async function outwardBody(call: Call): Promise<OutwardBody | undefined> {
  const { body } = call
  const { lengthBytes } = body
  if (lengthBytes === 0) return undefined
  if (lengthBytes === undefined) {
    const watched = new WatchedBody(body)
    return { content: watched, lengthBytes, isWhole: false, failure: () => watched.failure }
  }
  if (lengthBytes > wholeBytesMax) {
    return { content: body, lengthBytes, isWhole: false, failure: () => undefined }
  }
  const content = await readBody(call, wholeBytesMax)
  return { content, lengthBytes, isWhole: true, failure: () => undefined }
}
