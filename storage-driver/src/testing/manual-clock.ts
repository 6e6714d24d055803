import type { Clock } from '@aistore-ts/core/ports/clock.ts'

/** A clock that starts at the present and moves on only when told; its sleepers wake in order. */
export interface ManualClock extends Clock {
  advance(ms: number): void
}

export function createManualClock(startMs: number = Date.now()): ManualClock {
  let elapsedMs = 0
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = []
  return {
    now: () => startMs + elapsedMs,
    nowNs: () => BigInt(Math.round((startMs + elapsedMs) * 1_000)) * 1_000n,
    monotonic: () => elapsedMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        sleepers.push({ atMs: elapsedMs + delayMs, wake: resolve })
        signal?.addEventListener('abort', () => reject(signal.reason))
      }),
    advance: (ms) => {
      elapsedMs += ms
      const due = sleepers.filter(({ atMs }) => atMs <= elapsedMs)
      sleepers = sleepers.filter(({ atMs }) => atMs > elapsedMs)
      for (const { wake } of due.sort((a, b) => a.atMs - b.atMs)) wake()
    },
  }
}
