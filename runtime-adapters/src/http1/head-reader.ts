import { parseHead, parseRequestLine, type Refusal, type RequestHead } from './request-head.ts'

/** Longest header block that is kept for the next request, characters: it stays for as long as its connection. */
const keptLengthMax = 1_024

/**
 * Reads the heads of one connection. A client sends the same header lines with nearly every request: those that are equal
 * to the last ones, byte for byte, are not read again.
 */
export class HeadReader {
  /** All of the last head but its first line. */
  #lines = ''
  #last: RequestHead | undefined

  /** As `parseHead`. */
  read(text: string): RequestHead | Refusal {
    const lineEnd = text.indexOf('\r')
    const last = this.#last
    const isKnown =
      last !== undefined &&
      text.length - lineEnd === this.#lines.length &&
      text.endsWith(this.#lines)
    if (!isKnown) return this.#readWhole(text, lineEnd)
    const line = parseRequestLine(text, lineEnd)
    // What the lines mean depends on the version.
    if ('reason' in line || line.old) return parseHead(text)
    const { headers, lengthBytes, keepsAlive, expectsContinue } = last
    const { method, target, old } = line
    return { method, target, old, headers, lengthBytes, keepsAlive, expectsContinue }
  }

  #readWhole(text: string, lineEnd: number): RequestHead | Refusal {
    const head = parseHead(text)
    if ('reason' in head || head.old || text.length - lineEnd > keptLengthMax) return head
    // Of its own: a part of `text` would keep the whole.
    this.#lines = Buffer.from(text.slice(lineEnd), 'latin1').toString('latin1')
    this.#last = head
    return head
  }
}
