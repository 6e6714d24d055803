import { AisError } from '@aistore-ts/core/errors/ais-error.ts'

/** Longest size line with its extensions, and longest trailer section, bytes. */
const sizeLineBytesMax = 256
const trailerBytesMax = 16_384

const sizeLine = /^([0-9a-fA-F]{1,12})[\t ]*(?:;[\t -~\x80-\xff]*)?\r\n$/
const trailerLine = /^[\w!#$%&'*+.^`|~-]+:[\t -~\x80-\xff]*\r\n$/

const lineFeed = 10
const carriageReturn = 13

/**
 * Undoes the `chunked` coding piece by piece, and strictly: lines end with CRLF, sizes are hex digits, extensions and
 * trailers are bounded and dropped. @see RFC 9112 7.1
 */
export class ChunkedDecoder {
  #state: 'size' | 'data' | 'dataEnd' | 'trailer' | 'done' = 'size'
  #line = ''
  #leftBytes = 0
  #trailerBytes = 0

  /** The last chunk and its trailers were read: what follows is another message. */
  get done(): boolean {
    return this.#state === 'done'
  }

  /**
   * Hands the data of `bytes` to `sink` in order; gives how many bytes belong to this body.
   * @throws AisError `ErrBadRequest` when they are no chunks
   */
  decode(bytes: Buffer, sink: (data: Buffer) => void): number {
    let at = 0
    while (at < bytes.byteLength && this.#state !== 'done') {
      if (this.#state === 'data') {
        const end = Math.min(at + this.#leftBytes, bytes.byteLength)
        this.#leftBytes -= end - at
        sink(bytes.subarray(at, end))
        at = end
        if (this.#leftBytes === 0) this.#state = 'dataEnd'
      } else if (this.#state === 'dataEnd') {
        this.#endData(bytes[at++] ?? 0)
      } else {
        at = this.#readLine(bytes, at)
      }
    }
    return at
  }

  /** The CRLF after a chunk's data. */
  #endData(byte: number): void {
    if (this.#line === '' && byte === carriageReturn) {
      this.#line = '\r'
      return
    }
    if (this.#line !== '\r' || byte !== lineFeed) throw malformed('a chunk is longer than its size')
    this.#line = ''
    this.#state = 'size'
  }

  #readLine(bytes: Buffer, from: number): number {
    const found = bytes.indexOf(lineFeed, from)
    const end = found < 0 ? bytes.byteLength : found + 1
    const most = this.#state === 'size' ? sizeLineBytesMax : trailerBytesMax - this.#trailerBytes
    if (this.#line.length + end - from > most) throw malformed('a line of chunks is too long')
    this.#line += bytes.toString('latin1', from, end)
    if (found >= 0) {
      const line = this.#line
      this.#line = ''
      if (this.#state === 'size') this.#takeSize(line)
      else this.#takeTrailer(line)
    }
    return end
  }

  #takeSize(line: string): void {
    const digits = sizeLine.exec(line)?.[1]
    if (digits === undefined) throw malformed('a chunk has no size')
    this.#leftBytes = Number.parseInt(digits, 16)
    this.#state = this.#leftBytes === 0 ? 'trailer' : 'data'
  }

  #takeTrailer(line: string): void {
    this.#trailerBytes += line.length
    if (line === '\r\n') this.#state = 'done'
    else if (!trailerLine.test(line)) throw malformed('a trailer is no header line')
  }
}

function malformed(what: string): AisError {
  return new AisError('ErrBadRequest', `malformed body: ${what}`)
}
