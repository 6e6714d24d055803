import { createHash } from 'node:crypto'
import type { HashType } from '@aistore-ts/core/object/checksum.ts'
import type { Hasher } from '@aistore-ts/core/ports/platform.ts'
import { createCRC32, createCRC64, createXXHash3, createXXHash128, type IHasher } from 'hash-wasm'
import loadXxhash, { type XXHash, type XXHashAPI } from 'xxhash-wasm'

/** Makes a digest of any type, at once. */
export type HasherFactory = (type: HashType, lengthBytes?: number) => Hasher

/** The Castagnoli polynomial, reflected. */
const castagnoli = 0x82f63b78
/** The polynomial of CRC-64/NVME, reflected. */
const nvme = '9a6c9329ac4bc9b5'

/**
 * Loads the WebAssembly digests, so that making a hasher afterwards waits for nothing. MD5 and SHA are the
 * runtime's own. XXH64 runs in WebAssembly on Bun as well: `Bun.hash.xxHash64` cannot be fed in parts.
 */
export async function loadHashers(): Promise<HasherFactory> {
  const [xxhash, crc32c, crc32, crc64nvme, xxh3, xxh128] = await Promise.all([
    loadXxhash(),
    createCRC32(castagnoli),
    createCRC32(),
    createCRC64(nvme),
    createXXHash3(),
    createXXHash128(),
  ])
  const shared = {
    crc32c: shareEngine(crc32c),
    crc32: shareEngine(crc32),
    crc64nvme: shareEngine(crc64nvme),
    xxh3: shareEngine(xxh3),
    xxh128: shareEngine(xxh128),
  }
  return (type, lengthBytes) => {
    switch (type) {
      case 'xxhash':
      case 'xxhash2':
        return createXxh64(xxhash, lengthBytes)
      case 'crc32c':
      case 'crc32':
      case 'crc64nvme':
      case 'xxh3':
      case 'xxh128':
        return shared[type]()
      case 'md5':
      case 'sha1':
      case 'sha256':
      case 'sha512': {
        const hash = createHash(type)
        return {
          update: (chunk) => {
            hash.update(chunk)
          },
          digestHex: () => hash.digest('hex'),
        }
      }
    }
  }
}

/** What comes in one piece, and is known to be all, needs no state: that would cost more than hashing 4 KiB. */
function createXxh64(xxhash: XXHashAPI, lengthBytes: number | undefined): Hasher {
  let state: XXHash<bigint> | undefined
  let whole: bigint | undefined
  return {
    update: (chunk) => {
      if (whole !== undefined && chunk.byteLength > 0) throw new Error('more came than was said')
      if (state === undefined && chunk.byteLength === lengthBytes) {
        whole = xxhash.h64Raw(chunk)
        return
      }
      state ??= xxhash.create64()
      state.update(chunk)
    },
    digestHex: () => {
      const digest = whole ?? (state ?? xxhash.create64()).digest()
      return digest.toString(16).padStart(16, '0')
    },
  }
}

/**
 * One WebAssembly instance serves all digests of a type in turn: each keeps its state outside while another
 * one runs. An instance apiece would be asynchronous to make and cost 64 KiB or more.
 */
function shareEngine(engine: IHasher): () => Hasher {
  engine.init()
  const fresh = engine.save()
  let running: { state: Uint8Array } | undefined
  const enter = (own: { state: Uint8Array }): void => {
    if (running === own) return
    if (running !== undefined) running.state = engine.save()
    engine.load(own.state)
    running = own
  }
  return () => {
    const own = { state: fresh }
    return {
      update(chunk) {
        enter(own)
        engine.update(chunk)
      },
      digestHex() {
        enter(own)
        running = undefined
        const hex = engine.digest('hex')
        engine.init()
        return hex
      },
    }
  }
}
