import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'

/** What the thread pool gets at once, bytes: with the 64 KiB of one read from the network each trip would cost more. */
export const pieceBytes = 256 * 1024

/** A chunk of this size is not worth copying: it is written from where it lies, and its sender waits. */
const directBytesMin = pieceBytes / 2

/** Buffers kept for the next body: those of 16 bodies under way. */
const keptBuffersMax = 32

/** Buffers of `pieceBytes`, used again. */
export interface PieceBuffers {
  take(): Uint8Array
  give(buffer: Uint8Array): void
}

export function createPieceBuffers(): PieceBuffers {
  const kept: Uint8Array[] = []
  return {
    take: () => kept.pop() ?? new Uint8Array(pieceBytes),
    give: (buffer) => {
      if (kept.length < keptBuffersMax) kept.push(buffer)
    },
  }
}

/** Writes to a file in the thread pool, piece by piece, while the next piece is gathered. */
export interface WriteBehind {
  /**
   * Takes a copy of `chunk`, or waits: until a large one is written, or the piece before. `chunk` must not change
   * meanwhile.
   * @throws what an earlier write failed with
   */
  add(chunk: Uint8Array): void | Promise<void>
  /** Resolves when all of it is written; at once when nothing is left. @throws what a write failed with */
  flush(): void | Promise<void>
  /** Resolves when the thread pool is done with the file, however it went. What was gathered is dropped. */
  drop(): Promise<void>
}

/** Starts at `position` of `fd`, which stays open until `flush` or `drop` is through. */
export function createWriteBehind(
  files: Pick<FileSystem, 'write'>,
  buffers: PieceBuffers,
  fd: number,
  position: number,
): WriteBehind {
  let buffer: Uint8Array | undefined
  let filled = 0
  let at = position
  let underWay: Promise<void> | undefined
  let failure: { readonly cause: unknown } | undefined

  const start = (bytes: Uint8Array): Promise<void> => {
    const from = at
    at += bytes.byteLength
    underWay = files.write(fd, bytes, from).then(
      () => {
        underWay = undefined
      },
      (cause: unknown) => {
        underWay = undefined
        failure = { cause }
      },
    )
    return underWay
  }

  const handOver = (): void => {
    if (buffer === undefined || filled === 0) return
    const piece = buffer
    const bytes = piece.subarray(0, filled)
    buffer = undefined
    filled = 0
    start(bytes).then(() => buffers.give(piece))
  }

  const assertWritten = (): void => {
    if (failure !== undefined) throw failure.cause
  }

  const add = (chunk: Uint8Array): void | Promise<void> => {
    assertWritten()
    if (filled === 0 && underWay === undefined && chunk.byteLength >= directBytesMin) {
      return start(chunk).then(assertWritten)
    }
    buffer ??= buffers.take()
    const count = Math.min(chunk.byteLength, pieceBytes - filled)
    buffer.set(count === chunk.byteLength ? chunk : chunk.subarray(0, count), filled)
    filled += count
    if (filled < pieceBytes) return
    const rest = chunk.subarray(count)
    if (underWay !== undefined) return underWay.then(() => goOn(rest))
    return goOn(rest)
  }

  /** The piece is full, and nothing is under way. */
  const goOn = (rest: Uint8Array): void | Promise<void> => {
    assertWritten()
    handOver()
    if (rest.byteLength > 0) return add(rest)
  }

  const flush = (): void | Promise<void> => {
    if (underWay !== undefined) return underWay.then(flush)
    assertWritten()
    if (filled === 0) return
    handOver()
    return flush()
  }

  return {
    add,
    flush,
    drop: async () => {
      filled = 0
      if (buffer !== undefined) buffers.give(buffer)
      buffer = undefined
      await underWay
    },
  }
}
