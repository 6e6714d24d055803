import { expect, it } from 'vitest'
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts'
import { createPace } from './pace.ts'

const { signal } = new AbortController()

/** How long `spend` rests, ms: the clock is moved on by one until it is over. */
async function restOf(clock: ManualClock, spending: Promise<void>): Promise<number> {
  let over = false
  const ended = spending.then(() => {
    over = true
  })
  const from = clock.monotonic()
  for (;;) {
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    if (over) break
    clock.advance(1)
  }
  await ended
  return clock.monotonic() - from
}

it('keeps to its rate, resting now and then', async () => {
  const clock = createManualClock()
  const pace = createPace(clock, 1_000_000, 4, signal)
  expect(await restOf(clock, pace.spend(49_000))).toBe(0)
  expect(await restOf(clock, pace.spend(1_000))).toBe(50)
  expect(await restOf(clock, pace.spend(200_000))).toBe(200)
})

it('rests in proportion to what its work took', async () => {
  const clock = createManualClock()
  const pace = createPace(clock, 1_000_000, 4, signal)
  clock.advance(100)
  expect(await restOf(clock, pace.spend(1))).toBe(400)
  expect(await restOf(clock, pace.spend(1))).toBe(0)
})

it('ends with its signal', async () => {
  const clock = createManualClock()
  const closing = new AbortController()
  const spending = createPace(clock, 1, 4, closing.signal).spend(1)
  closing.abort(new Error('over'))
  await expect(spending).rejects.toThrow('over')
})
