import type { Clock } from '../ports/clock.ts'

const hourMs = 3_600_000
/** What was not used is kept so long, ms. */
const burstMs = 60_000

/** Bytes as fast as they may come. */
export interface BytePace {
  /** Resolves when so many bytes are paid for. @throws the reason of `signal` */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined
}

/** @param bytesPerHour 0: no limit */
export function createBytePace(clock: Clock, bytesPerHour: number): BytePace {
  if (bytesPerHour === 0) return { take: () => undefined }
  const msPerByte = hourMs / bytesPerHour
  // When all that was taken is paid for; the first minute's worth comes at once.
  let paidAt = clock.monotonic() - burstMs
  return {
    take(bytes, signal) {
      const now = clock.monotonic()
      paidAt = Math.max(paidAt, now - burstMs) + bytes * msPerByte
      return paidAt > now ? clock.sleep(paidAt - now, signal) : undefined
    },
  }
}
