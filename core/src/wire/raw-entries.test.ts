import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { compareUtf8 } from '../algorithms/utf8.ts'
import type { ListEntry } from '../object/list-entry.ts'
import { encodeListPage } from './msgpack.ts'
import { cutListPage, joinListPage, readRuns } from './raw-entries.ts'

const name = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' })
const entry: fc.Arbitrary<ListEntry> = fc.record(
  {
    name,
    flags: fc.nat(),
    sizeBytes: fc.maxSafeNat(),
    checksum: fc.string(),
    version: fc.string(),
    custom: fc.string({ maxLength: 70_000, size: 'max' }),
    copies: fc.nat(9),
  },
  { requiredKeys: ['name', 'flags'] },
)
const pageOf = (entries: readonly ListEntry[]) => ({ uuid: 'u', token: 't', entries, flags: 1 })

describe('raw entries', () => {
  it('pass through a page byte for byte', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), fc.nat(20), (entries, cutAt) => {
        const bytes = encodeListPage(pageOf(entries)).slice()
        const { token, entries: raw } = cutListPage(bytes)
        expect([token, raw.length]).toEqual(['t', entries.length])
        const at = Math.min(cutAt, entries.length)
        const runs = [
          { entries: raw, from: 0, to: at },
          { entries: raw, from: at, to: entries.length },
        ]
        expect(joinListPage({ uuid: 'u', token: 't', runs, flags: 1 })).toEqual(bytes)
        expect(readRuns(runs).map((item) => item.name)).toEqual(entries.map((item) => item.name))
      }),
      { numRuns: 60 },
    )
  })

  it('are ordered as their names are', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        const bytes = encodeListPage(pageOf([a, b].map((own) => ({ name: own, flags: 0 }))))
        const { entries } = cutListPage(bytes)
        expect(Math.sign(entries.compare(0, entries, 1))).toBe(Math.sign(compareUtf8(a, b)))
        expect([entries.nameOf(0), entries.nameOf(1)]).toEqual([a, b])
      }),
    )
  })

  it('are found whatever the order and number of keys', () => {
    const packed = new Packr({ useRecords: false, variableMapSize: true }).pack({
      Flags: 0,
      Later: [1, { deep: 'x' }],
      Entries: [
        { x: { n: 'not me' }, f: 64, nn: 'nor me', n: 'a' },
        { n: 'b', s: 5 },
      ],
      ContinuationToken: 'b',
    })
    const { token, entries } = cutListPage(packed)
    expect([token, entries.nameOf(0), entries.nameOf(1)]).toEqual(['b', 'a', 'b'])
    expect(readRuns([{ entries, from: 1, to: 2 }])).toEqual([{ name: 'b', flags: 0, sizeBytes: 5 }])
  })

  it('are refused when the bytes end early or lie', () => {
    const whole = encodeListPage(pageOf([{ name: 'abc', flags: 64, sizeBytes: 70_000 }])).slice()
    for (let length = 0; length < whole.length; length++) {
      expect(() => cutListPage(whole.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'ErrBadRequest' }),
      )
    }
    expect(() => cutListPage(Uint8Array.from([...whole, 0]))).toThrow('trailing bytes')
  })
})
