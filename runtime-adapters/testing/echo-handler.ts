import { closeSync, openSync, readdirSync } from 'node:fs'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Call, Handler, Reply } from '@aistore-ts/core/ports/call.ts'

/** What the echo handler saw of a call; it travels as JSON. */
export interface Seen {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly bodyBytes: number
  readonly body: string
}

/** What can be told to nobody at the time it happens: read back through `/facts`. */
export interface Facts {
  /** Codes of errors that bodies threw or handlers let out. */
  readonly errors: string[]
  aborted: number
  complete: number
  cut: number
}

export function noFacts(): Facts {
  return { errors: [], aborted: 0, complete: 0, cut: 0 }
}

/** Longest body an echo carries back as text, bytes. */
const echoedBytesMax = 65_536

/** A handler with a path for each thing a listener must do; any other path is echoed. */
export function createEchoHandler(facts: Facts): Handler {
  return async (call) => {
    const mark = call.target.indexOf('?')
    const path = mark < 0 ? call.target : call.target.slice(0, mark)
    const query = new URLSearchParams(mark < 0 ? '' : call.target.slice(mark))
    const onEnd = (complete: boolean): void => {
      facts[complete ? 'complete' : 'cut'] += 1
    }
    switch (path) {
      case '/unread':
        return { ...text(307, 'elsewhere'), headers: [['Cache-Control', 'no-store']], onEnd }
      case '/throw':
        throw new Error('out of the handler')
      case '/facts':
        return text(200, JSON.stringify({ ...facts, rssBytes: process.memoryUsage.rss() }))
      case '/head':
        return { status: 200, headers: [['Content-Length', '12345']] }
      case '/close':
        return { ...text(200, 'bye'), close: true }
      case '/repeated':
        return {
          ...text(200, 'ok'),
          headers: [
            ['X-Md', 'a=1'],
            ['X-Md', 'b=ü€'],
          ],
        }
      case '/stream':
        return { ...streamed(query), onEnd }
      case '/file':
        return { ...fileSlices(query), onEnd }
      case '/hang':
        return hang(call, facts)
      case '/count':
        return count(call, facts)
      default:
        return echo(call, facts)
    }
  }
}

/** Names of the descriptors of process `pid`. */
export function descriptorNames(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`)
}

function text(status: number, body: string): Reply {
  return { status, headers: [['Content-Type', 'text/plain']], body: { kind: 'bytes', bytes: body } }
}

async function consume(call: Call, facts: Facts, sink: (chunk: Uint8Array) => void): Promise<void> {
  try {
    await call.body.consume(sink)
  } catch (error) {
    facts.errors.push(error instanceof Error && 'code' in error ? String(error.code) : 'Error')
    throw error
  }
}

async function echo(call: Call, facts: Facts): Promise<Reply> {
  const kept: Uint8Array[] = []
  let bodyBytes = 0
  try {
    await consume(call, facts, (chunk) => {
      bodyBytes += chunk.byteLength
      if (bodyBytes <= echoedBytesMax) kept.push(new Uint8Array(chunk))
    })
  } catch (error) {
    if (error instanceof AisError) return text(error.status, error.message)
    throw error
  }
  const seen: Seen = {
    method: call.method,
    target: call.target,
    headers: call.headers.lines(),
    bodyBytes,
    body: Buffer.concat(kept).toString('utf8'),
  }
  return { status: 200, headers: [], body: { kind: 'bytes', bytes: JSON.stringify(seen) } }
}

async function count(call: Call, facts: Facts): Promise<Reply> {
  let bodyBytes = 0
  let peakBytes = 0
  let chunks = 0
  await consume(call, facts, (chunk) => {
    bodyBytes += chunk.byteLength
    chunks += 1
    if (chunks % 64 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  })
  return text(200, JSON.stringify({ bodyBytes, peakBytes }))
}

function hang(call: Call, facts: Facts): Promise<Reply> {
  return new Promise((_resolve, reject) => {
    call.signal.addEventListener('abort', () => {
      facts.aborted += 1
      reject(call.signal.reason)
    })
  })
}

function streamed(query: URLSearchParams): Reply {
  const chunkCount = Number(query.get('count') ?? '3')
  const sizeBytes = Number(query.get('size') ?? '5')
  const declared = query.get('length')
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < chunkCount; at += 1) yield new Uint8Array(sizeBytes).fill(65 + (at % 26))
  }
  const lengthBytes = declared === null ? undefined : Number(declared)
  return { status: 200, headers: [], body: { kind: 'stream', chunks: chunks(), lengthBytes } }
}

function fileSlices(query: URLSearchParams): Reply {
  const fd = openSync(query.get('path') ?? '', 'r')
  const file = { fd, close: () => closeSync(fd) }
  const slices = (query.get('slices') ?? '').split(',').map((slice) => {
    const [offset = 0, length = 0] = slice.split('-').map(Number)
    return { file, offset, length }
  })
  return {
    status: 200,
    headers: [['Content-Type', 'application/x-slices']],
    body: { kind: 'files', slices },
  }
}
