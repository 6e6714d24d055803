import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { MountpathLimits } from '../limits.ts'

/**
 * Whether the event loop may wait for writes. What the kernel only copies into its cache is done sooner than a thread of
 * the pool is woken up; but once the cache is full of what the disk has yet to take, a write lasts as long as the disk.
 */
export interface WritePace {
  /** No write was slow of late. */
  readonly quick: boolean
  /** Runs one write on the event loop, and takes its time. */
  timed(write: () => void): void
}

export function createWritePace(
  clock: Pick<Clock, 'monotonic'>,
  limits: Pick<MountpathLimits, 'slowWriteMs' | 'slowDiskMs'>,
): WritePace {
  let slowUntilMs = Number.NEGATIVE_INFINITY
  return {
    get quick() {
      return clock.monotonic() >= slowUntilMs
    },
    timed: (write) => {
      const beganMs = clock.monotonic()
      write()
      const endedMs = clock.monotonic()
      if (endedMs - beganMs >= limits.slowWriteMs) slowUntilMs = endedMs + limits.slowDiskMs
    },
  }
}
