import { RawHeaderBlock } from '../../node/raw-header-block.ts'
import { keepsAlive, lengthText, readHeaderLines } from '../header-lines.ts'

/** The head of an answer. */
export interface AnswerHead {
  readonly status: number
  readonly headers: RawHeaderBlock
  /** 0: no body. `undefined`: chunked, or until the connection ends. */
  readonly lengthBytes: number | undefined
  readonly endsBy: 'chunks' | 'close'
  /** The connection can be used again. */
  readonly keepsAlive: boolean
}

const statusLine = /^HTTP\/1\.([01]) ([1-5][0-9][0-9])(?: [^\r\n]*)?\r/

/**
 * Reads the head of an answer to `method`, as strictly as that of a request: one character a byte, without the empty
 * line. Why it is none, else. @see RFC 9112 4, 6.3
 */
export function parseAnswerHead(text: string, method: string): AnswerHead | string {
  const line = statusLine.exec(text)
  if (line === null) return 'status line'
  const old = line[1] === '0'
  const status = Number(line[2])
  const lines = readHeaderLines(text)
  if (typeof lines === 'string') return lines
  const { length, coding, connection } = lines.framing
  if (length !== undefined && !lengthText.test(length)) return `Content-Length "${length}"`
  if (coding !== undefined && (old || coding !== 'chunked')) return `Transfer-Encoding "${coding}"`
  if (coding !== undefined && length !== undefined) return 'Content-Length beside chunks'
  const head = { status, headers: new RawHeaderBlock(lines.rawHeaders) }
  const keeps = keepsAlive(connection, old)
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) {
    return { ...head, lengthBytes: 0, endsBy: 'chunks', keepsAlive: keeps }
  }
  if (coding !== undefined) {
    return { ...head, lengthBytes: undefined, endsBy: 'chunks', keepsAlive: keeps }
  }
  if (length === undefined) {
    return { ...head, lengthBytes: undefined, endsBy: 'close', keepsAlive: false }
  }
  return { ...head, lengthBytes: Number(length), endsBy: 'chunks', keepsAlive: keeps }
}
