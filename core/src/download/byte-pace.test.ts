import { describe, expect, it } from 'vitest'
import { createBytePace } from './byte-pace.ts'

/** A clock that a sleep moves on. */
function testClock() {
  let now = 1_000_000
  return {
    now: () => now,
    nowNs: () => BigInt(now) * 1_000_000n,
    monotonic: () => now,
    async sleep(ms: number) {
      now += ms
    },
  }
}

const signal = new AbortController().signal

describe('bytes an hour', () => {
  it('keeps to the rate, a minute of which may come at once', async () => {
    const clock = testClock()
    const pace = createBytePace(clock, 3_600_000)
    const start = clock.monotonic()
    for (let kib = 0; kib < 600; kib += 1) await pace.take(1_000, signal)
    // 600,000 bytes at 1,000 a second, less the first minute's.
    expect(clock.monotonic() - start).toBe(540_000)
  })

  it('saves no more than a minute', async () => {
    const clock = testClock()
    const pace = createBytePace(clock, 3_600_000)
    await clock.sleep(3_600_000)
    expect(pace.take(60_000, signal)).toBeUndefined()
    expect(pace.take(1_000, signal)).toBeDefined()
  })

  it('without a limit takes all', () => {
    expect(createBytePace(testClock(), 0).take(1e15, signal)).toBeUndefined()
  })
})
