/** What one read of a body takes in, bytes. */
const pieceBytes = 256 * 1024

/** The same while more than `largeMax` bodies are under way. */
const smallPieceBytes = 64 * 1024

/** Large buffers that are out at once: 16 MiB. */
const largeMax = 64

/** Buffers of one size kept for the next body. */
const keptMax = 16

/** Memory that bodies are read into. New memory for each would be cleared up by the collector, and cost a page fault per 4 KiB. */
export interface BodyBuffers {
  take(): Buffer
  /** Nobody uses `buffer` any more. */
  give(buffer: Buffer): void
  /** Somebody else goes on using `buffer`, and leaves it to the collector. */
  forgo(buffer: Buffer): void
  /** All of a buffer that was forgone, after all: nobody uses it any more. Other memory is left to the collector. */
  recycle(memory: ArrayBufferLike): void
}

export function createBodyBuffers(): BodyBuffers {
  const large: Buffer[] = []
  const small: Buffer[] = []
  let largeOut = 0
  const forgo = (buffer: Buffer): void => {
    if (buffer.byteLength === pieceBytes) largeOut--
  }
  return {
    take: () => {
      if (largeOut >= largeMax) return small.pop() ?? Buffer.allocUnsafeSlow(smallPieceBytes)
      largeOut++
      return large.pop() ?? Buffer.allocUnsafeSlow(pieceBytes)
    },
    give: (buffer) => {
      forgo(buffer)
      const kept = buffer.byteLength === pieceBytes ? large : small
      if (kept.length < keptMax) kept.push(buffer)
    },
    forgo,
    recycle: (memory) => {
      if (memory.byteLength === pieceBytes && large.length < keptMax)
        large.push(Buffer.from(memory))
    },
  }
}
