/** Size of one pooled buffer: what one read of a file takes in. */
export const pooledBytes = 524_288

/** Buffers kept for reuse; more may be lent out, and are then left to the collector. */
const keptMax = 16

/** Lends buffers of `pooledBytes`. Give back only what nobody, the kernel included, still reads from. */
export interface BufferPool {
  take(): Buffer
  give(buffer: Buffer): void
}

/** A pool of its own for each listener. */
export function createBufferPool(): BufferPool {
  const free: Buffer[] = []
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(pooledBytes),
    give(buffer) {
      if (free.length < keptMax) free.push(buffer)
    },
  }
}
