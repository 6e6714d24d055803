import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNameFilter, type ReadKeys } from './name-filter.ts'

const bids = [Uint8Array.of(0, 1), Uint8Array.of(1, 0)]

const keyOf = (bid: Uint8Array, name: string) => `${bid.join('.')}/${name}`

/** A table that says what it has in the order of the keys, and was asked so often. */
function tableOf(keys: Map<string, readonly [Uint8Array, string]>) {
  const read: ReadKeys = (after, limit) =>
    [...keys]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([key]) => after === undefined || key > keyOf(...after))
      .slice(0, limit)
      .map(([, key]) => key)
  return read
}

describe('names that have no row', () => {
  const steps = fc.array(
    fc.record({
      kind: fc.constantFrom('store', 'remove', 'learn', 'undo'),
      bid: fc.constantFrom(...bids),
      name: fc.nat(199).map((n) => `name ${n}`),
    }),
    { maxLength: 400 },
  )

  it('never include one that has a row', () => {
    fc.assert(
      fc.property(steps, fc.nat(60), (actions, before) => {
        const keys = new Map<string, readonly [Uint8Array, string]>()
        const put = (bid: Uint8Array, name: string) => keys.set(keyOf(bid, name), [bid, name])
        for (let n = 0; n < before; n++) put(bids[0] ?? new Uint8Array(), `name ${n}`)
        const filter = createNameFilter(tableOf(keys), 16)
        let removed: readonly [Uint8Array, string] | undefined
        for (const { kind, bid, name } of actions) {
          if (kind === 'store') {
            filter.add(bid, name)
            put(bid, name)
          } else if (kind === 'remove') {
            removed = keys.get(keyOf(bid, name)) ?? removed
            keys.delete(keyOf(bid, name))
          } else if (kind === 'learn') filter.learn(3)
          else if (removed !== undefined) {
            put(...removed)
            filter.forget()
          }
          for (const [ofBucket, known] of keys.values()) {
            if (filter.lacks(ofBucket, known)) throw new Error(`${known} is there`)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('are told once all rows were seen, and again after it has grown', () => {
    const [bid = new Uint8Array()] = bids
    const keys = new Map(
      Array.from({ length: 100 }, (_, n) => [keyOf(bid, `o${n}`), [bid, `o${n}`] as const]),
    )
    const filter = createNameFilter(tableOf(keys), 64)
    const lacking = () => {
      let count = 0
      for (let n = 0; n < 1_000; n++) if (filter.lacks(bid, `absent ${n}`)) count++
      return count
    }
    filter.learn(60)
    expect(lacking()).toBe(0)
    // The first one is full after 64: a larger one sees all of them.
    filter.learn(60)
    filter.learn(99)
    expect(lacking()).toBe(0)
    filter.learn(99)
    expect(lacking()).toBeGreaterThan(900)
    filter.forget()
    expect(lacking()).toBe(0)
  })
})
