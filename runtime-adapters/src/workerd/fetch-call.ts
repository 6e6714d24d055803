import type { Call, HeaderBlock, HeaderLine } from '@aistore-ts/core/ports/call.ts'
import { isHost } from '@aistore-ts/core/wire/host.ts'
import { StreamBody } from './stream-body.ts'

/**
 * The header block of a web `Request`: lines of one name arrive merged, which no runtime can undo. They are taken over
 * once: each look at the platform's own costs as much as all of them.
 */
export function headerBlock(headers: Headers): HeaderBlock {
  const lines: readonly HeaderLine[] = [...headers]
  function get(name: string): string | undefined {
    for (const line of lines) if (line[0] === name) return line[1]
    return undefined
  }
  return {
    get,
    all(name) {
      const value = get(name)
      return value === undefined ? [] : [value]
    },
    lines: () => lines,
  }
}

function bodyOf({ body }: Request, headers: HeaderBlock): StreamBody {
  const text = headers.get('content-length')
  const declared = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
  return new StreamBody(body, declared ?? (body === null ? 0 : undefined))
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
  const headers = headerBlock(request.headers)
  return {
    method: request.method,
    target: isHost(headers.get('host') ?? '') ? rawTarget(request.url) : '',
    headers,
    body: bodyOf(request, headers),
    network: 'public',
    remoteAddress,
    remotePort: 0,
    // Made when it is first asked for, and most calls do not.
    get signal() {
      return request.signal
    },
  }
}
