import { pipeline } from 'node:stream'
import { constants, createGunzip, createGzip, createInflateRaw } from 'node:zlib'
import type { Compression, CompressionKind } from '@aistore-ts/core/ports/compression.ts'

/** Bytes that leave an engine at once: each piece costs a trip through the thread pool. */
const pieceBytes = 128 * 1024

function createEngine(kind: CompressionKind) {
  const options = { chunkSize: pieceBytes }
  if (kind === 'gzip') return createGzip({ ...options, level: constants.Z_BEST_SPEED })
  return kind === 'gunzip' ? createGunzip(options) : createInflateRaw(options)
}

/** DEFLATE by zlib, which runs in the thread pool. */
export const nodeCompression: Compression = {
  async *transform(kind, chunks) {
    const engine = createEngine(kind)
    // Its outcome is what reading the engine tells.
    pipeline(chunks, engine, () => undefined)
    try {
      for await (const piece of engine) yield piece
    } finally {
      engine.destroy()
    }
  },
}
