import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { toHex } from './hex.ts'
import { createTextHmac, plainSha256 } from './sha256.ts'

it('is that of RFC 4231', () => {
  const mac = createTextHmac(new TextEncoder().encode('Jefe'))
  expect(toHex(mac('what do ya want for nothing?'))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

it('agrees with another for every length about a block, one text after the other', () => {
  for (const keyBytes of [0, 1, 32, 64]) {
    const key = Uint8Array.from({ length: keyBytes }, (_unused, at) => at * 7)
    const mac = createTextHmac(key)
    const texts = [
      ...Array.from({ length: 140 }, (_unused, at) => 'aé\0'.repeat(at).slice(at)),
      '日'.repeat(2_000),
    ]
    const made = texts.map((text) => toHex(mac(text)))
    const known = texts.map((text) => createHmac('sha256', key).update(text, 'utf8').digest('hex'))
    expect(made).toEqual(known)
  }
})

it('digests and authenticates bytes of every length about a block as another does, with keys beyond one', () => {
  for (let length = 0; length < 140; length++) {
    const data = Uint8Array.from({ length }, (_unused, at) => at * 11)
    const key = data.toReversed()
    expect(plainSha256.sha256Hex(data)).toBe(createHash('sha256').update(data).digest('hex'))
    const known = createHmac('sha256', key).update(data).digest('hex')
    expect(toHex(plainSha256.hmacSha256(key, data))).toBe(known)
  }
})
