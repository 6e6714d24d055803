import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineCrc, crc32, crc32c, crc64nvme, type ReflectedCrc } from './crc-combine.ts'

/** Bit by bit, as the definition has it. */
function crcOf({ bits, polynomial }: ReflectedCrc, bytes: Uint8Array): bigint {
  const ones = (1n << BigInt(bits)) - 1n
  let register = ones
  for (const byte of bytes) {
    register ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) {
      register = (register & 1n) === 0n ? register >> 1n : (register >> 1n) ^ polynomial
    }
  }
  return register ^ ones
}

describe.each([
  ['CRC-32', crc32, 0xcbf43926n],
  ['CRC-32C', crc32c, 0xe3069283n],
  ['CRC-64/NVME', crc64nvme, 0xae8b14860a799888n],
] as const)('%s', (_, crc, check) => {
  it('has its check value', () => {
    expect(crcOf(crc, new TextEncoder().encode('123456789'))).toBe(check)
  })

  it('of the whole follows from those of the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 8 }), (pieces) => {
        const parts = pieces.map((piece) => ({ value: crcOf(crc, piece), bytes: piece.length }))
        const whole = new Uint8Array(pieces.flatMap((piece) => [...piece]))
        expect(combineCrc(crc, parts)).toBe(crcOf(crc, whole))
      }),
    )
  })
})
