import { checksumHexLength, type HashType } from '@aistore-ts/core/object/checksum.ts'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type HasherFactory, loadHashers } from './hashers.ts'

const lengths: Readonly<Record<HashType, number>> = {
  ...checksumHexLength,
  crc32: 8,
  crc64nvme: 16,
  sha1: 40,
  xxh3: 16,
  xxh128: 32,
}
const types = (Object.keys(lengths) as (HashType | 'none')[]).filter((type) => type !== 'none')
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

let createHasher: HasherFactory
beforeAll(async () => {
  createHasher = await loadHashers()
})

function digest(type: HashType, ...parts: Uint8Array[]): string {
  const hasher = createHasher(type)
  for (const part of parts) hasher.update(part)
  return hasher.digestHex()
}

describe('hashers', () => {
  it.each([
    // XXH64, seed 0: the reference implementation's values.
    ['xxhash', '', 'ef46db3751d8e999'],
    ['xxhash2', 'abc', '44bc2cf5ad770999'],
    // RFC 3720, B.4 and the check value of CRC-32C.
    ['crc32c', '', '00000000'],
    ['crc32c', '123456789', 'e3069283'],
    // The check values of CRC-32/ISO-HDLC and CRC-64/NVME.
    ['crc32', '123456789', 'cbf43926'],
    ['crc64nvme', '123456789', 'ae8b14860a799888'],
    // The reference implementation's values of XXH3, 64 and 128 bits, seed 0.
    ['xxh3', '', '2d06800538d394c2'],
    ['xxh128', '', '99aa06d3014798d86001c324468d497f'],
    ['sha1', 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    // RFC 1321, A.5.
    ['md5', 'abc', '900150983cd24fb0d6963f7d28e17f72'],
    // FIPS 180-4.
    ['sha256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ] as const)('%s of "%s"', (type, text, expected) => {
    expect(digest(type, bytesOf(text))).toBe(expected)
  })

  it('pads to the length its type has', () => {
    for (const type of types) {
      for (let at = 0; at < 300; at += 1) {
        expect(digest(type, bytesOf(`${at}`))).toMatch(new RegExp(`^[0-9a-f]{${lengths[type]}}$`))
      }
    }
  })

  it('gives the same where the length is known before, in one piece or in parts', () => {
    const bytes = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.array(bytes, { maxLength: 3 }), (type, parts) => {
        const whole = Buffer.concat(parts)
        const hasher = createHasher(type, whole.byteLength)
        for (const part of parts) hasher.update(part)
        expect(hasher.digestHex()).toBe(digest(type, whole))
      }),
    )
  })

  it('gives the same for parts as for the whole, also with others in between', () => {
    const part = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.array(part), fc.array(part), (type, one, two) => {
        const first = createHasher(type)
        const second = createHasher(type)
        for (let at = 0; at < Math.max(one.length, two.length); at += 1) {
          const [left, right] = [one[at], two[at]]
          if (left !== undefined) first.update(left)
          if (right !== undefined) second.update(right)
        }
        expect(first.digestHex()).toBe(digest(type, Buffer.concat(one)))
        expect(second.digestHex()).toBe(digest(type, Buffer.concat(two)))
      }),
    )
  })

  it('does not lend a digest that was begun and left to the next one', () => {
    createHasher('crc32c').update(bytesOf('left'))
    expect(digest('crc32c', bytesOf('123456789'))).toBe('e3069283')
  })
})
