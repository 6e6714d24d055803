import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSpentNonces } from './spent-nonces.ts'

function nonces() {
  const time = { ms: 0 }
  return {
    time,
    spent: createSpentNonces(
      () => 60_000,
      () => time.ms,
    ),
  }
}

it('lets each nonce change something once, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 200 }), (counts) => {
      const { spent } = nonces()
      const used = new Set<number>()
      for (const count of counts) {
        const taken = spent.take('gateway', `abc.${count.toString(36)}`)
        expect(taken === undefined).toBe(used.has(count))
        taken?.settle(true)
        used.add(count)
      }
    }),
  )
})

it('holds a nonce while its call is under way, and gives it back when that changed nothing', () => {
  const { spent } = nonces()
  const first = spent.take('gateway', 'abc.1')
  expect(spent.take('gateway', 'abc.1')).toBeUndefined()
  expect(spent.take('another', 'abc.1')).toBeDefined()
  expect(spent.take('gateway', 'abd.1')).toBeDefined()
  first?.settle(false)
  expect(spent.take('gateway', 'abc.1')).toBeDefined()
})

it('remembers for as long as a tag from a fast clock is good', () => {
  const { time, spent } = nonces()
  spent.take('gateway', 'abc.1')?.settle(true)
  time.ms = 120_000
  // A page of another signer makes it look for old ones.
  spent.take('another', 'abc.1')?.settle(true)
  expect(spent.take('gateway', 'abc.1')).toBeUndefined()
})

it('takes nothing that is no nonce', () => {
  const { spent } = nonces()
  for (const text of ['', 'abc', '.1', 'abc.', 'ABC.1', 'abc.1.2', 'abc.-1']) {
    expect(spent.take('gateway', text)).toBeUndefined()
  }
})
