import { decodeHex } from '../../catalog/encoding.ts'
import type { MountpathContext } from '../context.ts'

/** Bytes of a block that has a checksum of its own; the last one of a file may be shorter. On disk: never changed. */
export const blockBytes = 1024 * 1024

/** Function of block checksums: XXH64, whatever the object's own checksum is. On disk: never changed. */
const blockChecksum = 'xxhash2'

/** Bytes of one block checksum. */
export const blockSumBytes = 8

/** Checksums of the blocks of a body, computed while it flows. */
export interface BlockSums {
  update(chunk: Uint8Array): void
  /** Ends it: one checksum after the other. */
  finish(): Uint8Array
}

export function createBlockSums({
  createHasher,
}: Pick<MountpathContext, 'createHasher'>): BlockSums {
  let done = ''
  let hasher = createHasher(blockChecksum)
  let inBlock = 0

  const endBlock = (): void => {
    done += hasher.digestHex()
    inBlock = 0
  }

  return {
    update: (chunk) => {
      for (let at = 0; at < chunk.byteLength; ) {
        if (inBlock === blockBytes) {
          endBlock()
          hasher = createHasher(blockChecksum)
        }
        const end = Math.min(chunk.byteLength, at + blockBytes - inBlock)
        hasher.update(chunk.subarray(at, end))
        inBlock += end - at
        at = end
      }
    },
    finish: () => {
      if (inBlock > 0) endBlock()
      return decodeHex(done)
    },
  }
}
