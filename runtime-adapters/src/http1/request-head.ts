import { isHost } from '@aistore-ts/core/wire/host.ts'
import { RawHeaderBlock } from '../node/raw-header-block.ts'
import { type Framing, keepsAlive, lengthText, readHeaderLines, token } from './header-lines.ts'

/** The first line of a request. */
export interface RequestLine {
  readonly method: string
  /** As it arrived, one character a byte. */
  readonly target: string
  /** An HTTP/1.0 client: it knows neither chunks nor, unless told, connections that stay open. */
  readonly old: boolean
}

/** The header lines of a request, and what the framing of its message is by them. */
export interface RequestLines {
  /** As they arrived, the space around values aside. */
  readonly headers: RawHeaderBlock
  /** 0: no body. `undefined`: chunked. */
  readonly lengthBytes: number | undefined
  /** The client would use the connection again. */
  readonly keepsAlive: boolean
  readonly expectsContinue: boolean
}

/** The head of a request, read strictly: what two readers could understand in two ways is refused. */
export interface RequestHead extends RequestLine, RequestLines {}

/** Why there is no head, and what could be read of it: empty where it was not understood. */
export interface Refusal {
  readonly status: 400 | 417 | 501 | 505
  readonly reason: string
  readonly method: string
  readonly target: string
}

/** A `#` has no place in a target (RFC 9112 3.2): readers of URLs would cut there. */
const targetText = /^[!"$-~\x80-\xff]+$/
const otherVersion = /^HTTP\/\d\.\d$/

/** Reads the first line of `text`, which ends at `lineEnd`. */
export function parseRequestLine(text: string, lineEnd: number): RequestLine | Refusal {
  const methodEnd = text.indexOf(' ')
  const targetEnd = text.indexOf(' ', methodEnd + 1)
  if (methodEnd < 1 || targetEnd < 0 || targetEnd > lineEnd) {
    return { status: 400, reason: 'malformed request: request line', method: '', target: '' }
  }
  const method = text.slice(0, methodEnd)
  const target = text.slice(methodEnd + 1, targetEnd)
  const version = text.slice(targetEnd + 1, lineEnd)
  const old = version === 'HTTP/1.0'
  if (!old && version !== 'HTTP/1.1') {
    return otherVersion.test(version)
      ? { status: 505, reason: `unsupported protocol version ${version}`, method, target }
      : { status: 400, reason: 'malformed request: protocol version', method, target }
  }
  if (!token.test(method)) {
    return { status: 400, reason: 'malformed request: method', method, target }
  }
  if (!targetText.test(target)) {
    return { status: 400, reason: 'malformed request: request target', method, target }
  }
  return { method, target, old }
}

/**
 * Reads a head: one character a byte, from the request line to the end of the last header line, without the empty
 * line. Refused are, beside what is no HTTP/1: bare CR or LF, folded lines, space before a colon, control characters,
 * a second `Host` or length, none of the former in HTTP/1.1, a length beside chunks, chunks in HTTP/1.0 (400), a
 * coding other than `chunked` (501), an unknown expectation (417). @see RFC 9112
 */
export function parseHead(text: string): RequestHead | Refusal {
  const line = parseRequestLine(text, text.indexOf('\r'))
  if ('reason' in line) return line
  const { method, target } = line
  const refuse = (status: Refusal['status'], reason: string): Refusal => {
    return { status, reason, method, target }
  }
  const lines = readHeaderLines(text)
  if (typeof lines === 'string') return refuse(400, `malformed request: ${lines}`)
  return conclude(line, new RawHeaderBlock(lines.rawHeaders), lines.framing, refuse)
}

function conclude(
  { method, target, old }: RequestLine,
  headers: RawHeaderBlock,
  { host, length, coding, connection, expect }: Framing,
  refuse: (status: Refusal['status'], reason: string) => Refusal,
): RequestHead | Refusal {
  if (host === undefined && !old) return refuse(400, 'missing required Host header')
  if (host !== undefined && !isHost(host)) return refuse(400, 'malformed request: Host')
  if (length !== undefined && !lengthText.test(length)) {
    return refuse(400, `malformed request: Content-Length "${length}"`)
  }
  if (coding !== undefined) {
    if (old) return refuse(400, 'malformed request: Transfer-Encoding in HTTP/1.0')
    if (length !== undefined) return refuse(400, 'malformed request: Content-Length beside chunks')
    if (coding !== 'chunked') return refuse(501, `unsupported transfer encoding "${coding}"`)
  }
  if (expect !== undefined && !old && expect !== '100-continue') {
    return refuse(417, `unsupported expectation "${expect}"`)
  }
  return {
    method,
    target,
    old,
    headers,
    lengthBytes: coding !== undefined ? undefined : Number(length ?? 0),
    keepsAlive: keepsAlive(connection, old),
    expectsContinue: expect !== undefined && !old,
  }
}
