import { type Answer, decodeHeaderText, findHeader, type HeaderLine } from './answer.ts'

/** What was asked, for an answer to be read: HEAD has no body. */
interface Asked {
  readonly method: string
  readonly url: string
}

/**
 * Reads one answer from what a connection gave so far; undefined while it is not complete. An interim
 * 1xx answer counts as an answer: the caller wants to see it.
 * @param ended whether the peer has closed, which ends a body without a length
 */
export function findAnswer(bytes: Buffer, asked: Asked, ended: boolean): Answer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1] ?? 0)
  const headers = lines.map(parseHeaderLine)
  const head = { ...asked, status, headers }
  const rest = bytes.subarray(headEnd + 4)
  if (asked.method === 'HEAD' || status < 200 || status === 204 || status === 304) {
    return { ...head, body: Buffer.alloc(0) }
  }
  const empty = { ...head, body: rest }
  if (findHeader(empty, 'transfer-encoding')?.toLowerCase() === 'chunked') {
    const body = findChunkedBody(rest)
    return body === undefined ? undefined : { ...head, body }
  }
  const length = findHeader(empty, 'content-length')
  if (length === undefined) return ended ? empty : undefined
  if (rest.length < Number(length)) return undefined
  return { ...head, body: rest.subarray(0, Number(length)) }
}

function parseHeaderLine(line: string): HeaderLine {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), decodeHeaderText(line.slice(colon + 1).trim())]
}

function findChunkedBody(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const length = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    if (Number.isNaN(length)) return undefined
    const end = lineEnd + 2 + length
    if (bytes.length < end + 2) return undefined
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(bytes.subarray(lineEnd + 2, end))
    at = end + 2
  }
}
