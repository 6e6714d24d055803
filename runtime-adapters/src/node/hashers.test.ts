import type { ChecksumType } from '@aistore-ts/core/object/checksum.ts'
import { checksumHexLength } from '@aistore-ts/core/object/checksum.ts'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type HasherFactory, loadHashers } from './hashers.ts'

type HashType = Exclude<ChecksumType, 'none'>

const types: HashType[] = ['xxhash', 'xxhash2', 'md5', 'crc32c', 'sha256', 'sha512']
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
        expect(digest(type, bytesOf(`${at}`))).toMatch(
          new RegExp(`^[0-9a-f]{${checksumHexLength[type]}}$`),
        )
      }
    }
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
