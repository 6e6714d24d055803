import type { Platform } from '@aistore-ts/core/ports/platform.ts'

/**
 * Calls of one request, at most `countMax` of them waiting for the head of an answer at once: platforms refuse more, or
 * cancel one to begin another. Those that are too many wait for their turn, in order.
 */
export function limitedCalls(send: Platform['call'], countMax: number): Platform['call'] {
  const waiting: (() => void)[] = []
  let open = 0

  return async (origin, call, timeoutMs) => {
    if (open >= countMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else open += 1
    try {
      return await send(origin, call, timeoutMs)
    } finally {
      // Whoever waits takes the place over: nobody slips in between.
      const next = waiting.shift()
      if (next === undefined) open -= 1
      else next()
    }
  }
}
