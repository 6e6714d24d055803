import { closeSync, openSync } from 'node:fs'
import type { Call, Handler, Reply } from '@aistore-ts/core/ports/call.ts'

/** What the echo server saw of a call, as JSON. */
export interface Seen {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly bodyBytes: number
  readonly body: string
}

/** Longest body an echo carries back as text, bytes. */
const echoedBytesMax = 65_536

/** Facts of calls that cannot be told to their clients: read back through `/facts`. */
export interface Facts {
  errors: string[]
  aborted: number
  ended: { complete: number; cut: number }
}

/**
 * A handler with one target per thing a listener must do; anything else is echoed.
 * `/unread` answers without touching the body, `/file?path&slices=offset-length,...` sends slices of a file.
 */
export function createEchoHandler(facts: Facts): Handler {
  return async (call) => {
    const url = new URL(call.target, 'http://echo')
    const onEnd = (complete: boolean): void => {
      facts.ended[complete ? 'complete' : 'cut'] += 1
    }
    switch (url.pathname) {
      case '/unread':
        return { ...text(307, 'go elsewhere'), headers: [['Location', '/x'], noStore] }
      case '/throw':
        throw new Error('out of the handler')
      case '/facts':
        return text(200, JSON.stringify({ ...facts, fds: facts.ended }))
      case '/head':
        return {
          status: 200,
          headers: [
            ['Content-Length', '12345'],
            ['ETag', '"x"'],
          ],
        }
      case '/repeated':
        return {
          ...text(200, 'ok'),
          headers: [
            ['Ais-Custom-Md', 'a=1'],
            ['Ais-Custom-Md', 'b=ü€'],
          ],
        }
      case '/stream':
        return streamed(url, onEnd)
      case '/file':
        return { ...fileSlices(url), onEnd }
      case '/hang':
        call.signal.addEventListener('abort', () => {
          facts.aborted += 1
        })
        return new Promise<Reply>((_resolve, reject) => {
          call.signal.addEventListener('abort', () => reject(call.signal.reason))
        })
      default:
        return echo(call, facts)
    }
  }
}

const noStore = ['Cache-Control', 'no-store'] as const

function text(status: number, body: string): Reply {
  return { status, headers: [['Content-Type', 'text/plain']], body: { kind: 'bytes', bytes: body } }
}

async function echo(call: Call, facts: Facts): Promise<Reply> {
  const kept: Uint8Array[] = []
  let bodyBytes = 0
  try {
    await call.body.consume((chunk) => {
      bodyBytes += chunk.byteLength
      if (bodyBytes <= echoedBytesMax) kept.push(chunk.slice())
    })
  } catch (error) {
    facts.errors.push(error instanceof Error && 'code' in error ? String(error.code) : 'unknown')
    throw error
  }
  const seen: Seen = {
    method: call.method,
    target: call.target,
    headers: call.headers.lines(),
    bodyBytes,
    body: new TextDecoder().decode(Buffer.concat(kept)),
  }
  return { status: 200, headers: [], body: { kind: 'bytes', bytes: JSON.stringify(seen) } }
}

function streamed(url: URL, onEnd: (complete: boolean) => void): Reply {
  const count = Number(url.searchParams.get('count') ?? '3')
  const sizeBytes = Number(url.searchParams.get('size') ?? '5')
  const declared = url.searchParams.get('length')
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < count; at += 1) yield new Uint8Array(sizeBytes).fill(65 + (at % 26))
  }
  const lengthBytes = declared === null ? undefined : Number(declared)
  return {
    status: 200,
    headers: [],
    body: { kind: 'stream', chunks: chunks(), lengthBytes },
    onEnd,
  }
}

function fileSlices(url: URL): Reply {
  const fd = openSync(url.searchParams.get('path') ?? '', 'r')
  const file = { fd, close: () => closeSync(fd) }
  const slices = (url.searchParams.get('slices') ?? '').split(',').map((slice) => {
    const [offset = 0, length = 0] = slice.split('-').map(Number)
    return { file, offset, length }
  })
  return {
    status: 200,
    headers: [['Content-Type', 'application/x-slices']],
    body: { kind: 'files', slices },
  }
}
