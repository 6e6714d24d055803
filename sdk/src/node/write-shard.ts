import { constants, crc32, createGzip } from 'node:zlib'
import { type ArchiveFormat, formatOfName } from '@aistore-ts/core/archive/formats.ts'
import type { NewMember } from '@aistore-ts/core/archive/member.ts'
import { type ArchivePlatform, writeArchive } from '@aistore-ts/core/archive/write-archive.ts'

export type { NewMember }

async function* gzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const engine = createGzip({ level: constants.Z_BEST_SPEED })
  const feed = async () => {
    for await (const chunk of chunks) {
      await new Promise<void>((resolve) => engine.write(chunk, () => resolve()))
    }
    engine.end()
  }
  feed().catch((error: unknown) => engine.destroy(error instanceof Error ? error : undefined))
  yield* engine
}

/** What writing archives takes; of sums ZIP needs CRC-32. */
const platform: ArchivePlatform = {
  createHasher() {
    let sum = 0
    return {
      update(chunk) {
        sum = crc32(chunk, sum)
      },
      digestHex: () => sum.toString(16).padStart(8, '0'),
    }
  },
  compression: { transform: (_kind, chunks) => gzip(chunks) },
}

/** The format that a shard's name says; `undefined`: none that is known. */
export function shardFormat(name: string): ArchiveFormat | undefined {
  return formatOfName(name)
}

/** The bytes of a shard with these files. */
export function writeShard(
  format: ArchiveFormat,
  members: AsyncIterable<NewMember>,
): AsyncIterable<Uint8Array> {
  return writeArchive(platform, format, members)
}
