/** One watched transfer. */
export interface Stall {
  /** Was it cut? */
  readonly cut: boolean
  /** From now on it is the client that keeps us waiting. */
  wait(): void
  /** Bytes came; the wait is over. */
  moved(bytes: number): void
  end(): void
}

/** Minimum rate for transfers that are only seen as chunks, not as sockets. */
export interface StallTimers {
  /** A body up to this length that keeps the rate arrives before a silent client is cut. */
  readonly firstBytes: number
  /** Calls `onStall` once when the client falls behind. */
  watch(onStall: () => void): Stall
}

/**
 * An account for each transfer, as in `node/rate-guard.ts`: waiting costs `minRateBytes` a second, bytes
 * that come pay, and the first allowance lasts `stallMs`. `minRateBytes` 0 watches nobody.
 */
export function createStallTimers(minRateBytes: number, stallMs: number): StallTimers {
  const firstBytes = (minRateBytes * stallMs) / 1_000
  return {
    firstBytes: minRateBytes <= 0 ? Number.POSITIVE_INFINITY : firstBytes,
    watch(onStall) {
      let creditBytes = firstBytes
      let waitedFromMs = 0
      let timer: ReturnType<typeof setTimeout> | undefined
      let cut = false
      return {
        get cut() {
          return cut
        },
        wait() {
          if (minRateBytes <= 0) return
          waitedFromMs = performance.now()
          timer = setTimeout(
            () => {
              cut = true
              onStall()
            },
            (creditBytes * 1_000) / minRateBytes,
          )
        },
        moved(bytes) {
          clearTimeout(timer)
          const waitedMs = performance.now() - waitedFromMs
          creditBytes += bytes - (minRateBytes * waitedMs) / 1_000
          creditBytes = Math.max(0, Math.min(creditBytes, firstBytes))
        },
        end: () => clearTimeout(timer),
      }
    },
  }
}
