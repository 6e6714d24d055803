import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body, Call, HeaderBlock, HeaderLine } from '@aistore-ts/core/ports/call.ts'
import { isHost } from '@aistore-ts/core/wire/host.ts'

/** The header block of a web `Request`: lines of one name arrive merged, which no runtime can undo. */
function headerBlock(headers: Headers): HeaderBlock {
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

/** The body of a web `Request` or `Response`, read once. */
class StreamBody implements Body {
  readonly lengthBytes: number | undefined
  readonly #stream: ReadableStream<Uint8Array> | null

  constructor(stream: ReadableStream<Uint8Array> | null, lengthBytes: number | undefined) {
    this.#stream = stream
    this.lengthBytes = lengthBytes
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    if (this.#stream === null) return
    const reader = this.#stream.getReader()
    let arrived = 0
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        arrived += value.byteLength
        yield value
      }
    } finally {
      reader.releaseLock()
    }
    if (this.lengthBytes !== undefined && arrived !== this.lengthBytes) {
      throw new AisError('ErrClientGone', `left after ${arrived} of ${this.lengthBytes} bytes`)
    }
  }

  async consume(sink: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    for await (const chunk of this) await sink(chunk)
  }
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
