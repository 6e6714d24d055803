import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, toBase64, toBase64Url } from './base64.ts'
import { fromHex, toHex } from './hex.ts'
import {
  fromBase36,
  generateNodeId,
  isAlphaNice,
  isValidUuid,
  numberOfBase36,
  shortId,
  toBase36,
} from './short-id.ts'
import { compareUtf8, utf8Decode, utf8Encode, utf8Length } from './utf8.ts'

const text = fc.string({ unit: 'binary', maxLength: 20 })

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

describe('utf8Encode', () => {
  it('is what TextEncoder gives, short or long, ASCII or not', () => {
    const any = fc.oneof(text, fc.string({ maxLength: 90 }), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(any, (value) => {
        expect(utf8Encode(value)).toEqual(new TextEncoder().encode(value))
      }),
    )
  })
})

describe('compareUtf8', () => {
  it('puts an astral name after U+FFFD, where UTF-16 order would not', () => {
    expect('\u{1F600}' < '\uFFFD').toBe(true)
    expect(compareUtf8('\u{1F600}', '\uFFFD')).toBeGreaterThan(0)
  })

  it('has the sign of the byte order', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(
          Math.sign(compareBytes(utf8Encode(a), utf8Encode(b))),
        )
      }),
    )
  })
})

describe('utf8', () => {
  it('counts and round-trips', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(utf8Length(value)).toBe(utf8Encode(value).length)
        expect(utf8Decode(utf8Encode(value))).toBe(value)
      }),
    )
  })

  it.each([[[0xc0, 0xae]], [[0xed, 0xa0, 0x80]], [[0xff]], [[0xe2, 0x82]]])(
    'refuses %j',
    (bytes) => {
      expect(utf8Decode(Uint8Array.from(bytes))).toBeUndefined()
    },
  )
})

describe('hex, base64 and base 36', () => {
  it('round-trip', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
        expect(fromBase64(toBase64Url(bytes))).toEqual(bytes)
      }),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
        expect(fromBase36(toBase36(value))).toBe(value)
        const near = numberOfBase36(toBase36(value)) ?? Number.NaN
        expect(Math.abs(near - Number(value))).toBeLessThanOrEqual(Number(value) * 1e-15)
      }),
    )
  })

  it('refuse what they did not write', () => {
    expect(fromHex('abc')).toBeUndefined()
    expect(fromHex('zz')).toBeUndefined()
    expect(fromBase64('a*b=')).toBeUndefined()
    expect(fromBase36('')).toBeUndefined()
    expect(fromBase36('zzzzzzzzzzzzz')).toBeUndefined()
    for (const text of ['', 'a b', '1.5', 'zzzzzzzzzzzzz', '00000000000000']) {
      expect(numberOfBase36(text)).toBeUndefined()
    }
  })
})

describe('short IDs', () => {
  it('keep the form clients check', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(255)), (stream) => {
        const random = {
          bytes: (length: number) => Uint8Array.from({ length }, () => Number(stream.next().value)),
        }
        const id = shortId(random)
        expect(isValidUuid(id)).toBe(true)
        expect(id).toMatch(/^[A-Za-z]/)
        expect(generateNodeId(random, '8081')).toMatch(/^[A-Za-z][A-Za-z0-9]{3}8081$/)
      }),
    )
  })

  it.each([
    ['a', true],
    ['a-b_c', true],
    ['-a', false],
    ['a_', false],
    ['a.b', false],
    ['x'.repeat(33), false],
  ])('isAlphaNice(%j) is %s', (value, expected) => {
    expect(isAlphaNice(value)).toBe(expected)
  })
})
