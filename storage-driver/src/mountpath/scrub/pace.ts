import type { Clock } from '@aistore-ts/core/ports/clock.ts'

/** Rests of background work are about this long when nothing else is going on, ms. */
const restMs = 50

/** Keeps background work slow, and slower while the disk or the event loop is busy with something else. */
export interface Pace {
  /** Accounts for `sizeBytes` that were worked on; rests when it is time to. @throws the signal's reason */
  spend(sizeBytes: number): Promise<void>
}

/**
 * At most `bytesPerSecond`, and at most one part in `restFactor + 1` of the time: what takes longer since others want
 * the same disk or the same loop is followed by a longer rest.
 */
export function createPace(
  clock: Clock,
  bytesPerSecond: number,
  restFactor: number,
  signal: AbortSignal,
): Pace {
  let spentBytes = 0
  let resumedMs = clock.monotonic()
  return {
    spend: async (sizeBytes) => {
      spentBytes += sizeBytes
      const dueMs = (1_000 * spentBytes) / bytesPerSecond
      const workedMs = clock.monotonic() - resumedMs
      if (Math.max(dueMs, workedMs) < restMs) return
      await clock.sleep(Math.max(dueMs, workedMs * restFactor), signal)
      spentBytes = 0
      resumedMs = clock.monotonic()
    },
  }
}
