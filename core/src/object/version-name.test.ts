import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareUtf8 } from '../algorithms/utf8.ts'
import {
  keyOf,
  orderAbove,
  parseVersionRow,
  pastOrder,
  pastVersions,
  versionRow,
} from './version-name.ts'

const keys = fc.string({ unit: 'binary', minLength: 1 }).filter((key) => !key.includes('\0'))
const orders = fc.stringMatching(/^[0-9a-f]{32}$/)
const kinds = fc.constantFrom('version', 'null', 'marker', 'null-marker')
const kept = fc.record({ key: keys, order: orders, kind: kinds })

test('a row of a version is read back as it was written', () => {
  fc.assert(
    fc.property(kept, (version) => {
      expect(parseVersionRow(versionRow(version))).toEqual(version)
      expect(keyOf(versionRow(version))).toBe(version.key)
    }),
  )
})

test('rows stand behind their key, newest first, and before every other key', () => {
  fc.assert(
    fc.property(kept, orders, keys, (version, order, other) => {
      const row = versionRow(version)
      const next = versionRow({ ...version, order })
      expect(compareUtf8(version.key, row)).toBeLessThan(0)
      if (order !== version.order) expect(compareUtf8(row, next) < 0).toBe(version.order > order)
      expect(compareUtf8(row, pastOrder(version.key, version.order))).toBeLessThan(0)
      expect(compareUtf8(row, pastVersions(version.key))).toBeLessThan(0)
      if (other !== version.key) {
        expect(compareUtf8(row, other) < 0).toBe(compareUtf8(version.key, other) < 0)
      }
    }),
  )
})

test('an order is above the one before it, whatever the clock says', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-7][0-9a-f]{31}$/),
      fc.nat(),
      fc.bigInt(0n, 1n << 50n),
      (before, epoch, us) => {
        expect(orderAbove(before, epoch, us, '00000000') > before).toBe(true)
      },
    ),
  )
})
