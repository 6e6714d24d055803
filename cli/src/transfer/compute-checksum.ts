import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createCRC32 } from 'hash-wasm'
import loadXxhash from 'xxhash-wasm'
import { CommandError } from '../arguments/usage-error.ts'

/** A running checksum. */
export interface Checksummer {
  update(chunk: Uint8Array): void
  /** Lower-case hex; the checksum is spent afterwards. */
  hex(): string
}

/** The Castagnoli polynomial, reflected. */
const castagnoli = 0x82f63b78

/** A checksum of one of AIStore's types. @throws CommandError for any other, `none` included */
export async function createChecksummer(type: string): Promise<Checksummer> {
  switch (type) {
    case 'xxhash':
    case 'xxhash2': {
      const state = (await loadXxhash()).create64(0n)
      return {
        update: (chunk) => void state.update(chunk),
        hex: () => state.digest().toString(16).padStart(16, '0'),
      }
    }
    case 'crc32c': {
      const state = (await createCRC32(castagnoli)).init()
      return { update: (chunk) => void state.update(chunk), hex: () => state.digest() }
    }
    case 'md5':
    case 'sha256':
    case 'sha512': {
      const hash = createHash(type)
      return { update: (chunk) => void hash.update(chunk), hex: () => hash.digest('hex') }
    }
    default:
      throw new CommandError(`cannot compute a checksum of type ${JSON.stringify(type)}`)
  }
}

/** The checksum of a file. @throws CommandError for an unknown type */
export async function fileChecksum(path: string, type: string): Promise<string> {
  const checksummer = await createChecksummer(type)
  for await (const chunk of createReadStream(path)) {
    if (chunk instanceof Uint8Array) checksummer.update(chunk)
  }
  return checksummer.hex()
}
