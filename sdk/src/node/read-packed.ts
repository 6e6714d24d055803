import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { ArchiveGuard, archiveLimits } from '@aistore-ts/core/archive/archive-guard.ts'
import { unpackLz4 } from '@aistore-ts/core/archive/lz4-frame.ts'

const gzipMagic = '1f8b'
const lz4Magic = '04224d18'

/** The bytes of a local file, unpacked where it begins as gzip or LZ4 frames do. @throws what the file system, or damage, says */
export async function* readPacked(
  file: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const handle = await open(file)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => {
    return handle.close()
  })
  const magic = buffer.toString('hex', 0, bytesRead)
  const chunks = createReadStream(file, { signal })
  if (magic.startsWith(gzipMagic)) {
    const unpacked = createGunzip()
    chunks.on('error', (error) => unpacked.destroy(error))
    yield* chunks.pipe(unpacked)
  } else if (magic === lz4Magic) {
    const limits = { ...archiveLimits, ratioMax: Number.POSITIVE_INFINITY }
    const afterTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
    const monotonic = () => performance.now()
    yield* unpackLz4(chunks, new ArchiveGuard({ limits, signal, monotonic, afterTurn }))
  } else yield* chunks
}
