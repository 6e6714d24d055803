import type { Clock } from '@aistore-ts/core/ports/clock.ts'

/** Longest single timer of the runtimes, ms; a longer sleep is several of them. */
const timerMsMax = 2_147_483_647

/** How far the fine clock may drift from the wall clock before it is set again, ms. */
const driftMsMax = 2

/** The machine's time. `nowNs` is the wall clock with the steps of the monotonic one. */
export function createNodeClock(): Clock {
  let offsetNs = wallOffsetNs()
  return {
    now: () => Date.now(),
    nowNs() {
      const ns = process.hrtime.bigint() + offsetNs
      const driftMs = Number(ns / 1_000_000n) - Date.now()
      if (driftMs <= driftMsMax && driftMs >= -driftMsMax) return ns
      offsetNs = wallOffsetNs()
      return process.hrtime.bigint() + offsetNs
    },
    monotonic: () => performance.now(),
    async sleep(delayMs, signal) {
      let leftMs = delayMs
      while (leftMs > timerMsMax) {
        await sleepOnce(timerMsMax, signal)
        leftMs -= timerMsMax
      }
      await sleepOnce(leftMs, signal)
    },
  }
}

function wallOffsetNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint()
}

function sleepOnce(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
