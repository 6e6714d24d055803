import { STATUS_CODES } from 'node:http'
import type { Reply, SharedLines } from '@aistore-ts/core/ports/call.ts'
import { toWireText } from '../node/wire-text.ts'

/** What the connection adds to a reply's own header lines. */
export interface ReplyFraming {
  readonly method: string
  /** Length of the body; `undefined`: it is not stated, or goes in chunks. */
  readonly lengthBytes: number | undefined
  readonly chunked: boolean
  /** Value of `Connection`, where it must be said. */
  readonly connection: 'close' | 'keep-alive' | undefined
  readonly date: string
}

const token = /^[\w!#$%&'*+.^`|~-]+$/

const okLine = 'HTTP/1.1 200 OK\r\n'

/** Names of header lines that are known to be such; users make names too (`x-amz-meta-`), so there is a limit. */
const knownNamesMax = 256

/** Writes the heads of a listener's replies. */
export class ReplyHeads {
  readonly #known = new Set<string>()

  /**
   * A reply's head, one character a byte. A length that the reply states stands where there is no body to count:
   * answers to HEAD, and 304.
   * @throws Error on a header name that is none: it could split the block
   */
  write(reply: Reply, framing: ReplyFraming): string {
    const { status } = reply
    let text = status === 200 ? okLine : `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
    let stated: string | undefined
    for (const line of reply.headers) {
      const name = line[0]
      if (name.length === 14 && name.toLowerCase() === 'content-length') stated = line[1]
      else text += this.#line(name, line[1])
    }
    if (reply.shared !== undefined) text += this.#shared(reply.shared)
    const mayState = framing.method === 'HEAD' || status === 304
    const length = mayState && stated !== undefined ? stated : framing.lengthBytes
    if (framing.chunked) text += 'Transfer-Encoding: chunked\r\n'
    else if (length !== undefined) text += `Content-Length: ${length}\r\n`
    if (framing.connection !== undefined) text += `Connection: ${framing.connection}\r\n`
    return `${text}Date: ${framing.date}\r\n\r\n`
  }

  #line(name: string, value: string): string {
    if (!this.#known.has(name)) {
      if (!token.test(name)) throw new Error('a reply has a header name that is none')
      if (this.#known.size < knownNamesMax) this.#known.add(name)
    }
    return `${name}: ${toWireText(value)}\r\n`
  }

  #shared(shared: SharedLines): string {
    shared.wire ??= shared.lines.map(([name, value]) => this.#line(name, value)).join('')
    return shared.wire
  }
}

/** Dates of replies, `Sun, 06 Nov 1994 08:49:37 GMT`: made once a second. */
export function createDates(): () => string {
  let second = 0
  let text = ''
  return () => {
    const now = Math.floor(Date.now() / 1_000)
    if (now !== second) {
      second = now
      text = new Date(now * 1_000).toUTCString()
    }
    return text
  }
}
