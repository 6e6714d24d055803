import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer } from '@aistore-ts/core/ports/call.ts'

/** The answer, whose body ends in `ErrTooLarge` when it is longer than that. */
export function boundedAnswer(
  answer: Answer,
  origin: string,
  bytesMax: number | undefined,
): Answer {
  if (bytesMax === undefined) return answer
  const { body } = answer
  const tooLarge = (): AisError => {
    answer.discard()
    return new AisError('ErrTooLarge', `the answer of ${origin} exceeds ${bytesMax} bytes`)
  }
  if ((body.lengthBytes ?? 0) > bytesMax) throw tooLarge()
  let passedBytes = 0
  const count = (chunk: Uint8Array): void => {
    passedBytes += chunk.byteLength
    if (passedBytes > bytesMax) throw tooLarge()
  }
  return {
    status: answer.status,
    headers: answer.headers,
    body: {
      lengthBytes: body.lengthBytes,
      consume: (sink) =>
        body.consume((chunk) => {
          count(chunk)
          return sink(chunk)
        }),
      async *[Symbol.asyncIterator]() {
        for await (const chunk of body) {
          count(chunk)
          yield chunk
        }
      },
    },
    bytes: (limitBytes = bytesMax) => answer.bytes(Math.min(limitBytes, bytesMax)),
    discard: () => answer.discard(),
  }
}
