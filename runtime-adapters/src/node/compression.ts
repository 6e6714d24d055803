import { constants, createGunzip, createGzip, createInflateRaw } from 'node:zlib'
import type { Compression, CompressionKind } from '@aistore-ts/core/ports/compression.ts'

/** Bytes that leave an engine at once: each piece costs a trip through the thread pool. */
const pieceBytes = 128 * 1024

function createEngine(kind: CompressionKind) {
  const options = { chunkSize: pieceBytes }
  if (kind === 'gzip') return createGzip({ ...options, level: constants.Z_BEST_SPEED })
  return kind === 'gunzip' ? createGunzip(options) : createInflateRaw(options)
}

/** Gives `engine` one chunk after the other, each when it is through with the last: chunks may be of the same memory. */
async function feed(
  engine: ReturnType<typeof createEngine>,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          engine.off('close', done)
          resolve()
        }
        engine.once('close', done)
        engine.write(chunk, done)
      })
      if (engine.destroyed) return
    }
    engine.end()
  } catch (error) {
    engine.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/** DEFLATE by zlib, which runs in the thread pool. */
export const nodeCompression: Compression = {
  async *transform(kind, chunks) {
    const engine = createEngine(kind)
    // Its outcome is what reading the engine tells.
    feed(engine, chunks)
    try {
      for await (const piece of engine) yield piece
    } finally {
      engine.destroy()
    }
  },
}
