import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { NodeCall } from '@aistore-ts/core/ports/call.ts'
import { toWireText } from '../../node/wire-text.ts'
import { token } from '../header-lines.ts'

/** What may stand between the blanks of a request line. */
const targetText = /^[!-~\x80-\xff]+$/

/** Is the body made piece by piece? Such a call can be sent once. */
export function isStream(body: NodeCall['body']): body is AsyncIterable<Uint8Array> {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)
}

/**
 * The header lines of a call to `host`: its own, `Host` first unless it brings one, and how its body is framed.
 * @throws AisError `ErrBadRequest` on a name that is none: it could split the head
 */
export function callLines(host: string, call: NodeCall): (readonly [string, string])[] {
  const lines: [string, string][] = []
  let named = false
  for (const [name, value] of call.headers ?? []) {
    const lower = name.toLowerCase()
    if (lower === 'content-length' || lower === 'transfer-encoding') continue
    if (lower === 'host') named = true
    if (!token.test(name)) throw new AisError('ErrBadRequest', `header name "${name}" is none`)
    lines.push([name, toWireText(value)])
  }
  if (!named) lines.unshift(['Host', host])
  const length = declaredBytes(call)
  if (length !== undefined) lines.push(['Content-Length', String(length)])
  else if (call.body !== undefined) lines.push(['Transfer-Encoding', 'chunked'])
  return lines
}

/**
 * The head of a call to `host`, one character a byte, with its empty line.
 * @throws AisError `ErrBadRequest` on a method, target or header name that could split it
 */
export function callHead(host: string, call: NodeCall): string {
  const { method, target } = call
  if (!token.test(method)) throw new AisError('ErrBadRequest', `method "${method}" is none`)
  if (!targetText.test(target)) throw new AisError('ErrBadRequest', `target "${target}" is none`)
  let text = `${method} ${target} HTTP/1.1\r\n`
  for (const [name, value] of callLines(host, call)) text += `${name}: ${value}\r\n`
  return `${text}\r\n`
}

function declaredBytes({ body, lengthBytes, method }: NodeCall): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body)
  if (body instanceof Uint8Array) return body.byteLength
  if (body !== undefined) return lengthBytes
  return method === 'PUT' || method === 'POST' || method === 'PATCH' ? 0 : undefined
}
