import type { Clock } from '@aistore-ts/core/ports/clock.ts'

interface Sleeper {
  readonly at: number
  readonly order: number
  wake(): void
}

/** Promise turns granted to woken tasks before time moves on. Enough for any chain between two sleeps of ours. */
const turns = 64

/** Time that moves only when nothing is left to do at the present moment. */
export class VirtualClock implements Clock {
  #now = 0
  #order = 0
  #sleepers: Sleeper[] = []

  now(): number {
    return this.#now
  }

  nowNs(): bigint {
    return BigInt(Math.round(this.#now * 1_000_000))
  }

  monotonic(): number {
    return this.#now
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const sleeper: Sleeper = { at: this.#now + delayMs, order: this.#order++, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal.reason)
      })
    })
  }

  /** Runs everything that happens before `untilMs`, in order of time, then of registration. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      for (let turn = 0; turn < turns; turn++) await null
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (least, other) =>
          least === undefined ||
          other.at < least.at ||
          (other.at === least.at && other.order < least.order)
            ? other
            : least,
        undefined,
      )
      if (next === undefined || next.at > untilMs) break
      this.#sleepers = this.#sleepers.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.wake()
    }
    this.#now = Math.max(this.#now, untilMs)
  }
}
