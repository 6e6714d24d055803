import { parseHead, parseRequestLine, type Refusal, type RequestHead } from './request-head.ts'

/** Longest head whose lines are kept for the next request, characters: they stay for as long as the connection. */
const keptLengthMax = 2_048

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
    if ('reason' in head || head.old || text.length > keptLengthMax) return head
    this.#lines = text.slice(lineEnd)
    this.#last = head
    return head
  }
}
