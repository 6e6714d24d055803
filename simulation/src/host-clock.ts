import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { Host } from './host.ts'
import type { Timeline } from './timeline.ts'

/** A machine's idea of the time of day. It may be wrong, and change. */
export interface WallClock {
  offsetMs: number
}

/** When the simulated world begins: 2026-01-01 00:00:00 UTC, ms. */
const epochMs = 1_767_225_600_000

/** Time as one process sees it: its monotonic clock begins anywhere, its wall clock is the machine's. */
export function createHostClock(
  host: Host,
  timeline: Timeline,
  wall: WallClock,
  monotonicStartMs: number,
): Clock {
  const bornAt = timeline.now
  const wallMs = () => epochMs + timeline.now + wall.offsetMs
  return {
    now: () => Math.floor(wallMs()),
    nowNs: () => BigInt(Math.round(wallMs() * 1_000)) * 1_000n,
    monotonic: () => monotonicStartMs + timeline.now - bornAt,
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        const cancel = host.after(delayMs, () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        })
        const onAbort = () => {
          cancel()
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
  }
}
