import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createGenerations, generationOfTime, newerOf } from './generations.ts'

/** Generations over a clock and a map that the test moves. */
function bench() {
  const now = { us: 1_700_000_000_000_000, epoch: 3 }
  let counter = 0
  const random = { bytes: (length: number) => new Uint8Array(length).fill(--counter) }
  const clock = { nowNs: () => BigInt(now.us) * 1_000n }
  return { now, next: createGenerations(random, clock, () => now.epoch) }
}

it('rise with every version of a name, whatever clock and map do', () => {
  const step = fc.record({
    us: fc.integer({ min: 0, max: 2 ** 53 - 1 }),
    epoch: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  })
  fc.assert(
    fc.property(fc.array(step), fc.stringMatching(/^[0-9a-e][0-9a-f]{31}$/), (steps, first) => {
      const { now, next } = bench()
      let newest = first
      for (const moved of steps) {
        Object.assign(now, moved)
        const generation = next(newest)
        expect(generation).toMatch(/^[0-9a-f]{32}$/)
        expect(generation > newest).toBe(true)
        newest = generation
      }
    }),
  )
})

it('tell the map first, then the time, which does not go back', () => {
  const { now, next } = bench()
  const first = next()
  expect(first.slice(0, 24)).toBe('0000000003060a24181e4000')
  now.us += 1
  const later = next()
  expect(later > first).toBe(true)
  now.us -= 5_000_000
  expect(next().slice(0, 24)).toBe(later.slice(0, 24))
  now.epoch = 4
  expect(next() > later).toBe(true)
})

it('of content without a row are below all that were written under a map', () => {
  const { now, next } = bench()
  now.epoch = 1
  const found = generationOfTime(BigInt(now.us + 1) * 1_000n)
  expect(found).toMatch(/^[0-9a-f]{32}$/)
  expect(found < next()).toBe(true)
  expect(generationOfTime(-1n)).toBe('0'.repeat(32))
})

it('are compared where one is missing', () => {
  expect(newerOf(undefined, undefined)).toBeUndefined()
  expect(newerOf('a', undefined)).toBe('a')
  expect(newerOf('a', 'b')).toBe('b')
  expect(newerOf('b', 'a')).toBe('b')
})
