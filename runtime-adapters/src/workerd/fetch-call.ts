import type { Call, HeaderBlock, HeaderLine } from '@aistore-ts/core/ports/call.ts'
import { isHost } from '@aistore-ts/core/wire/host.ts'
import { StreamBody } from './stream-body.ts'

/** The header block of a web `Request`: lines of one name arrive merged, which no runtime can undo. */
export function headerBlock(headers: Headers): HeaderBlock {
  return {
    get: (name) => headers.get(name) ?? undefined,
    all(name) {
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
    lines: (): HeaderLine[] => [...headers],
  }
}

function declaredLength(request: Request): number | undefined {
  const text = request.headers.get('content-length')
  if (text !== null && /^\d{1,15}$/.test(text)) return Number(text)
  return request.body === null ? 0 : undefined
}

/** Path and query of a URL as they were written: `new URL` would collapse dot segments. */
export function rawTarget(url: string): string {
  const authority = url.indexOf('//')
  const path = url.indexOf('/', authority + 2)
  return path < 0 ? '/' : url.slice(path)
}

/**
 * A web `Request` as a core `Call` of the public network. The platform has put `Host` before the target to make a URL:
 * one that is no host has become part of the path, and such a call is given no target, so that it is refused.
 * @see docs/decisions: replies are data
 */
export function callOf(request: Request, remoteAddress = ''): Call {
  return {
    method: request.method,
    target: isHost(request.headers.get('host') ?? '') ? rawTarget(request.url) : '',
    headers: headerBlock(request.headers),
    body: new StreamBody(request.body, declaredLength(request)),
    network: 'public',
    remoteAddress,
    remotePort: 0,
    signal: request.signal,
  }
}
