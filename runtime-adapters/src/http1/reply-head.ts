import { STATUS_CODES } from 'node:http'
import type { Reply } from '@aistore-ts/core/ports/call.ts'
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

/**
 * A reply's head, one character a byte. A length that the reply states stands where there is no body to count:
 * answers to HEAD, and 304.
 * @throws Error on a header name that is none: it could split the block
 */
export function replyHead(reply: Reply, framing: ReplyFraming): string {
  const { status } = reply
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  let stated: string | undefined
  for (const [name, value] of reply.headers) {
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      stated = value
      continue
    }
    if (!token.test(name)) throw new Error('a reply has a header name that is none')
    text += `${name}: ${toWireText(value)}\r\n`
  }
  const mayState = framing.method === 'HEAD' || status === 304
  const length = mayState && stated !== undefined ? stated : framing.lengthBytes
  if (framing.chunked) text += 'Transfer-Encoding: chunked\r\n'
  else if (length !== undefined) text += `Content-Length: ${length}\r\n`
  if (framing.connection !== undefined) text += `Connection: ${framing.connection}\r\n`
  return `${text}Date: ${framing.date}\r\n\r\n`
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
