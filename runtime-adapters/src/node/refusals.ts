import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Requests that no handler may see, because two readers would not agree about them: a second `Host`, no
 * `Host` in HTTP/1.1, a chunked body in HTTP/1.0. Answered with 400 and a closed connection.
 */
export function isAmbiguous(request: IncomingMessage): boolean {
  const raw = request.rawHeaders
  let hosts = 0
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]
    if (name !== undefined && name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  if (hosts > 1) return true
  if (request.httpVersion === '1.0') return request.headers['transfer-encoding'] !== undefined
  return hosts === 0
}

/** A transfer coding we cannot undo: anything but plain `chunked` (RFC 9112 6.1: 501). */
export function hasForeignCoding(request: IncomingMessage): boolean {
  const coding = request.headers['transfer-encoding']
  return coding !== undefined && coding.trim().toLowerCase() !== 'chunked'
}

/** Says no without a body and closes: 400, 417, 501. */
export function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, ['content-length', '0', 'connection', 'close'])
  response.end()
}
