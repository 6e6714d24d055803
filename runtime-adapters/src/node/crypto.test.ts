import { createHash, createHmac } from 'node:crypto'
import { fromHex, toHex } from '@aistore-ts/core/algorithms/hex.ts'
import { utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeCrypto } from './crypto.ts'

const { sha256, sha256Hex, hmacSha256, seal, open, equal, x25519, x25519Public } = nodeCrypto
const bytes = (hex: string) => fromHex(hex) ?? new Uint8Array(0)

describe('SHA-256 and HMAC-SHA-256', () => {
  it('give the published digests (FIPS 180-2; RFC 4231, cases 1, 2 and 6)', () => {
    expect(sha256Hex('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(toHex(hmacSha256(new Uint8Array(20).fill(0x0b), 'Hi There'))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    )
    expect(toHex(hmacSha256(utf8Encode('Jefe'), 'what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
    const longKey = new Uint8Array(131).fill(0xaa)
    expect(
      toHex(hmacSha256(longKey, 'Test Using Larger Than Block-Size Key - Hash Key First')),
    ).toBe('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54')
  })

  it('agree with the incremental ones, for text and for bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.string({ unit: 'grapheme' }),
        (key, text) => {
          const data = utf8Encode(text)
          const mac = createHmac('sha256', key).update(data).digest('hex')
          expect(toHex(hmacSha256(key, text))).toBe(mac)
          expect(toHex(hmacSha256(key, data))).toBe(mac)
          expect(toHex(sha256(data))).toBe(createHash('sha256').update(data).digest('hex'))
        },
      ),
    )
  })
})

describe('sealing', () => {
  const key = bytes('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308')
  const nonce = bytes('cafebabefacedbaddecaf888')

  it("gives the designers' vector (McGrew and Viega, test case 16)", () => {
    const plain = bytes(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    )
    const associated = bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2')
    const sealed = seal(key, nonce, plain, associated)
    expect(toHex(sealed)).toBe(
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
    )
    expect(open(key, nonce, sealed, associated)).toEqual(Buffer.from(plain))
  })

  it('is opened by nothing else', () => {
    const law = fc.property(
      fc.nat(),
      fc.constantFrom('key', 'nonce', 'sealed', 'associated'),
      (at, what) => {
        const parts = {
          key,
          nonce,
          associated: utf8Encode('cluster|key'),
          sealed: new Uint8Array(0),
        }
        parts.sealed = new Uint8Array(seal(key, nonce, utf8Encode('secret'), parts.associated))
        const damaged = new Uint8Array(parts[what])
        const place = at % damaged.length
        damaged[place] = (damaged[place] ?? 0) ^ 1
        const bad = { ...parts, [what]: damaged }
        expect(open(bad.key, bad.nonce, bad.sealed, bad.associated)).toBeUndefined()
      },
    )
    fc.assert(law)
    expect(open(key, nonce, new Uint8Array(15), new Uint8Array(0))).toBeUndefined()
  })
})

it('compares bytes of any lengths', () => {
  expect(equal(bytes('0102'), bytes('0102'))).toBe(true)
  expect(equal(bytes('0102'), bytes('0103'))).toBe(false)
  expect(equal(bytes('0102'), bytes('010203'))).toBe(false)
})

describe('X25519', () => {
  it('gives the published secret (RFC 7748, 5.2)', () => {
    const secret = x25519(
      bytes('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
      bytes('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
    )
    expect(toHex(secret ?? new Uint8Array())).toBe(
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    )
  })

  it('gives both sides the same', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (a, b) => {
          const secret = x25519(a, x25519Public(b))
          expect(secret).toBeDefined()
          expect(secret).toEqual(x25519(b, x25519Public(a)))
        },
      ),
      { numRuns: 20 },
    )
  })

  it('gives nothing for a point of low order', () => {
    expect(x25519(new Uint8Array(32).fill(5), new Uint8Array(32))).toBeUndefined()
  })
})
