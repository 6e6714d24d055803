import { readSync } from 'node:fs'
import type { FileSlice, Reply } from '@aistore-ts/core/ports/call.ts'

/** What the kernel can send by itself. */
export interface DirectPart {
  readonly fd: number
  readonly offset: number
  readonly length: number
}

/** Where the bytes of a reply's body come from. */
export interface ReplySource {
  /** What comes next, where the kernel can send it by itself; `skip` tells how much it sent. */
  direct?(): DirectPart | undefined
  skip?(count: number): void
  /** Puts the next bytes into `buffer` at `[from, to)`; gives how many; 0 when there are no more. */
  fill(buffer: Buffer, from: number, to: number): number
  /** All of it, where it lies in one piece of memory that stays as it is until it was sent. */
  whole?(): Uint8Array | undefined
}

/** Bytes in memory, piece after piece. */
export class MemorySource implements ReplySource {
  readonly #pieces: readonly Uint8Array[]
  #index = 0
  #offset = 0

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces
  }

  whole(): Uint8Array | undefined {
    return this.#pieces.length === 1 ? this.#pieces[0] : undefined
  }

  fill(buffer: Buffer, from: number, to: number): number {
    let at = from
    for (let piece = this.#pieces[this.#index]; piece !== undefined && at < to; ) {
      const count = Math.min(to - at, piece.byteLength - this.#offset)
      buffer.set(
        count === piece.byteLength ? piece : piece.subarray(this.#offset, this.#offset + count),
        at,
      )
      at += count
      this.#offset += count
      if (this.#offset < piece.byteLength) break
      this.#offset = 0
      piece = this.#pieces[++this.#index]
    }
    return at - from
  }
}

/**
 * Slices of open files, read on the spot: what a reply needs lies in the page cache nearly always, and a trip through a
 * thread pool costs more than the copy. Fails when a file ends before its slice.
 */
export class FileSource implements ReplySource {
  readonly #slices: readonly FileSlice[]
  #index = 0
  #offset = 0

  direct(): DirectPart | undefined {
    const slice = this.#slices[this.#index]
    if (slice === undefined) return undefined
    const { file, offset, length } = slice
    return { fd: file.fd, offset: offset + this.#offset, length: length - this.#offset }
  }

  skip(count: number): void {
    this.#offset += count
  }

  constructor(slices: readonly FileSlice[]) {
    this.#slices = slices
  }

  fill(buffer: Buffer, from: number, to: number): number {
    let at = from
    for (let slice = this.#slices[this.#index]; slice !== undefined && at < to; ) {
      const leftBytes = slice.length - this.#offset
      if (leftBytes > 0) {
        const wanted = Math.min(to - at, leftBytes)
        const count = readSync(slice.file.fd, buffer, at, wanted, slice.offset + this.#offset)
        if (count === 0) throw new Error(`a file ended ${leftBytes} bytes before its slice`)
        at += count
        this.#offset += count
        if (this.#offset < slice.length) continue
      }
      this.#offset = 0
      slice = this.#slices[++this.#index]
    }
    return at - from
  }
}

/** Where the body of `reply` comes from, unless it has none or is a stream. */
export function sourceOf({ body }: Reply): ReplySource | undefined {
  if (body === undefined || body.kind === 'stream') return undefined
  if (body.kind === 'files') return new FileSource(body.slices)
  return new MemorySource([
    typeof body.bytes === 'string' ? Buffer.from(body.bytes, 'utf8') : body.bytes,
  ])
}
