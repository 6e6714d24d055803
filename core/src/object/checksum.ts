/** Checksum types of AIStore. `xxhash` and `xxhash2` are both XXH64 with seed 0. @see AIStore cmn/cos/cksum.go */
export const checksumTypes = [
  'none',
  'xxhash',
  'xxhash2',
  'md5',
  'crc32c',
  'sha256',
  'sha512',
] as const

export type ChecksumType = (typeof checksumTypes)[number]

export interface Checksum {
  readonly type: ChecksumType
  /** Lower-case hex; empty for `none`. */
  readonly value: string
}

export const noChecksum: Checksum = { type: 'none', value: '' }

/** Length in hex digits of each type's value. */
export const checksumHexLength: Readonly<Record<ChecksumType, number>> = {
  none: 0,
  xxhash: 16,
  xxhash2: 16,
  md5: 32,
  crc32c: 8,
  sha256: 64,
  sha512: 128,
}

export function isChecksumType(text: string): text is ChecksumType {
  return (checksumTypes as readonly string[]).includes(text)
}

/** Digests that are no checksum type of AIStore: S3 clients state them. `crc64nvme`: reflected, of NVM Express. */
export type OtherHashType = 'crc32' | 'crc64nvme' | 'sha1' | 'xxh3' | 'xxh128'

/** Every digest that a runtime can make. */
export type HashType = Exclude<ChecksumType, 'none'> | OtherHashType
