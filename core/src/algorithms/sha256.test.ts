import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toHex } from './hex.ts'
import { createTextHmac } from './sha256.ts'

it('is that of RFC 4231', () => {
  const mac = createTextHmac(new TextEncoder().encode('Jefe'))
  expect(toHex(mac('what do ya want for nothing?'))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

it('agrees with another for every key, text and length, one after the other', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 3 })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), texts, fc.nat(300), (key, some, length) => {
      const mac = createTextHmac(key)
      for (const text of [...some, 'x'.repeat(length), 'é'.repeat(length)]) {
        const expected = createHmac('sha256', key).update(text, 'utf8').digest('hex')
        expect(toHex(mac(text))).toBe(expected)
      }
    }),
    { numRuns: 10 },
  )
})
