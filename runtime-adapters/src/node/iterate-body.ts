import type { Body } from '@aistore-ts/core/ports/call.ts'

/** A body's chunks one by one; the sender waits while a chunk is with the reader. */
export async function* iterateBody(
  body: Pick<Body, 'consume'>,
): AsyncGenerator<Uint8Array, void, void> {
  const stopped = new Error('the reader stopped')
  let waiting: { chunk: Uint8Array; release(): void; refuse(error: Error): void } | undefined
  let wake: () => void = () => {}
  let ended = false
  let failure: { error: unknown } | undefined
  body
    .consume(
      (chunk) =>
        new Promise<void>((release, refuse) => {
          waiting = { chunk, release, refuse }
          wake()
        }),
    )
    .then(
      () => {
        ended = true
        wake()
      },
      (error: unknown) => {
        failure = { error }
        wake()
      },
    )
  try {
    for (;;) {
      if (waiting === undefined && !ended && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (failure !== undefined) throw failure.error
      if (waiting === undefined) return
      const { chunk, release } = waiting
      yield chunk
      waiting = undefined
      release()
      // The next chunk, the end or an error comes from the body itself.
    }
  } finally {
    waiting?.refuse(stopped)
  }
}
