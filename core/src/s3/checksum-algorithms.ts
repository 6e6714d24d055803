import { fromBase64, toBase64 } from '../algorithms/base64.ts'
import { fromHex, toHex } from '../algorithms/hex.ts'
import type { HashType } from '../object/checksum.ts'
import type { HeaderBlock } from '../ports/call.ts'
import { S3Error } from './s3-error.ts'

interface Algorithm {
  /** What the runtime calls it. */
  readonly hash: HashType
  readonly bytes: number
  /** Whether the checksum of a whole follows from those of its parts, and so is what S3 calls FULL_OBJECT. */
  readonly combines: boolean
}

/** Checksum algorithms of S3 by the name in its API. @see Amazon S3 API, "Checking object integrity" */
export const checksumAlgorithms = {
  CRC32: { hash: 'crc32', bytes: 4, combines: true },
  CRC32C: { hash: 'crc32c', bytes: 4, combines: true },
  CRC64NVME: { hash: 'crc64nvme', bytes: 8, combines: true },
  SHA1: { hash: 'sha1', bytes: 20, combines: false },
  SHA256: { hash: 'sha256', bytes: 32, combines: false },
  SHA512: { hash: 'sha512', bytes: 64, combines: false },
  MD5: { hash: 'md5', bytes: 16, combines: false },
  XXHASH64: { hash: 'xxhash', bytes: 8, combines: false },
  XXHASH3: { hash: 'xxh3', bytes: 8, combines: false },
  XXHASH128: { hash: 'xxh128', bytes: 16, combines: false },
} as const satisfies Record<string, Algorithm>

export type ChecksumAlgorithm = keyof typeof checksumAlgorithms

export const checksumAlgorithmNames = Object.keys(checksumAlgorithms) as ChecksumAlgorithm[]

/** A checksum as it travels: base64, big end first. */
export interface S3Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value: string
}

/** `x-amz-checksum-crc32`, also the name under which an object keeps it. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`
}

/** Its element in documents: `ChecksumCRC32`. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`
}

/** @throws S3Error `InvalidRequest` for a name that is no algorithm's */
export function parseAlgorithm(text: string, field: string): ChecksumAlgorithm {
  const found = checksumAlgorithmNames.find((name) => name === text.toUpperCase())
  if (found !== undefined) return found
  throw new S3Error('InvalidRequest', {
    message: `Checksum algorithm provided is unsupported (${field}).`,
  })
}

export function hexToBase64(hex: string): string {
  return toBase64(fromHex(hex) ?? new Uint8Array())
}

/** Lower-case hex of a base64 value of `bytes` bytes; `undefined` when it is none. */
export function base64ToHex(value: string, bytes: number): string | undefined {
  const decoded = fromBase64(value)
  return decoded?.length === bytes ? toHex(decoded) : undefined
}

/** @throws S3Error `BadDigest` naming the header: no content has such a checksum */
export function checkChecksumValue({ algorithm, value }: S3Checksum): void {
  if (base64ToHex(value, checksumAlgorithms[algorithm].bytes) !== undefined) return
  throw new S3Error('BadDigest', {
    message: `Value for ${checksumHeader(algorithm)} header is invalid.`,
  })
}

/**
 * The checksum that the headers state of the body.
 * @throws S3Error `BadDigest` malformed, `InvalidRequest` more than one
 */
export function statedChecksum(headers: HeaderBlock): S3Checksum | undefined {
  const stated = checksumAlgorithmNames.flatMap((algorithm) => {
    const value = headers.get(checksumHeader(algorithm))
    return value === undefined ? [] : [{ algorithm, value }]
  })
  if (stated.length > 1) {
    throw new S3Error('InvalidRequest', {
      message:
        'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    })
  }
  const [checksum] = stated
  if (checksum !== undefined) checkChecksumValue(checksum)
  return checksum
}
