import type { Clock } from '../ports/clock.ts'

/**
 * Wall time as the cluster goes by: the primary's, told with its answers to keepalives and carried on by this node's own
 * monotonic clock. A wall clock that is wrong, or is set, changes nothing: it counts at the start of a process alone.
 */
export interface ClusterTime {
  /** Ms since the Unix epoch; nodes in touch with the primary differ by the time a keepalive takes. */
  now(): number
  /**
   * The primary has told its time.
   * @param atMonotonicMs when it was asked
   */
  heard(primaryNowMs: number, atMonotonicMs: number): void
}

export function createClusterTime(clock: Clock): ClusterTime {
  let startMs = clock.now() - clock.monotonic()
  return {
    now: () => startMs + clock.monotonic(),
    heard(primaryNowMs, atMonotonicMs) {
      startMs = primaryNowMs - atMonotonicMs
    },
  }
}
