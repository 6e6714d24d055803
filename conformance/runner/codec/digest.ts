import { createHash } from 'node:crypto'
import { xxh64 } from './xxh64.ts'

/** The checksum types of AIStore that have a value. @see AIStore cmn/cos/cksum.go */
export const digestTypes = ['xxhash', 'xxhash2', 'md5', 'crc32c', 'sha256', 'sha512'] as const

/** One of {@link digestTypes}. */
export type DigestType = (typeof digestTypes)[number]

/** The digest of a body in lower-case hex, computed without the server under test. */
export function digest(type: DigestType, body: string | Uint8Array): string {
  const bytes = Buffer.from(body)
  switch (type) {
    case 'xxhash':
    case 'xxhash2':
      return xxh64(bytes).toString(16).padStart(16, '0')
    case 'crc32c':
      return crc32c(bytes).toString(16).padStart(8, '0')
    default:
      return createHash(type).update(bytes).digest('hex')
  }
}

/** CRC-32 with the Castagnoli polynomial, bit by bit. @see RFC 3720 appendix B.4 */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
