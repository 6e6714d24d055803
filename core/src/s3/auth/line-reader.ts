/** A line without its CRLF, and where in the chunk the next byte is; `undefined`: the line goes on in the next chunk. */
export type FoundLine = { readonly line: string; readonly next: number } | undefined

const newline = 0x0a
const carriageReturn = 0x0d

/** Reads short lines of Latin-1 out of chunks that end anywhere. */
export class LineReader {
  #partial = ''
  readonly #bytesMax: number
  readonly #tooLong: () => Error

  constructor(bytesMax: number, tooLong: () => Error) {
    this.#bytesMax = bytesMax
    this.#tooLong = tooLong
  }

  /** Whether some of a line was read, but not its end. */
  get midLine(): boolean {
    return this.#partial !== ''
  }

  /** The line that ends in `chunk` at or after `from`. Only the end of a line that is cut is kept, as a copy. */
  read(chunk: Uint8Array, from: number): FoundLine {
    const found = chunk.indexOf(newline, from)
    const end = found < 0 ? chunk.length : found
    if (this.#partial.length + end - from > this.#bytesMax) throw this.#tooLong()
    for (let at = from; at < end; at++) this.#partial += String.fromCharCode(chunk[at] ?? 0)
    if (found < 0) return undefined
    const line = this.#partial
    this.#partial = ''
    const last = line.length - 1
    return {
      line: last >= 0 && line.charCodeAt(last) === carriageReturn ? line.slice(0, last) : line,
      next: found + 1,
    }
  }
}
