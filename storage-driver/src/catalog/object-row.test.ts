import { checksumTypes } from '@aistore-ts/core/object/checksum.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeSuperseded, encodeSuperseded, type ObjectRow } from './object-row.ts'

const text = fc.string({ unit: 'binary' })
const time = fc.bigInt({ min: 0n, max: 2n ** 63n })
const count = fc.nat(Number.MAX_SAFE_INTEGER)

const row: fc.Arbitrary<ObjectRow> = fc.record({
  sizeBytes: count,
  checksumType: fc.constantFrom(...checksumTypes),
  checksumValue: text,
  version: text,
  atimeNs: time,
  mtimeNs: time,
  generation: fc.stringMatching(/^[0-9a-f]{32}$/),
  inode: count,
  escaped: fc.boolean(),
  upload: text,
  custom: text,
  blocks: count,
  damaged: fc.boolean(),
  body: count,
})

it('goes into an intent and comes out of it as it was', () => {
  fc.assert(
    fc.property(row, (before) => {
      const encoded = encodeSuperseded(before)
      expect(decodeSuperseded(encoded)).toEqual(before)
      const { atimeNs, mtimeNs, ...rest } = before
      expect(JSON.parse(encoded ?? '')).toEqual({
        ...rest,
        atimeNs: String(atimeNs),
        mtimeNs: String(mtimeNs),
      })
    }),
  )
})
