import type { HeaderLine, Reply } from '../ports/call.ts'
import { stringifyJson } from '../wire/json.ts'

const jsonType: HeaderLine = ['Content-Type', 'application/json; charset=utf-8']
const textType: HeaderLine = ['Content-Type', 'text/plain; charset=utf-8']

/** 200 with `value` as one line of JSON, as upstream writes it (closing newline, explicit length). */
export function jsonReply(value: unknown, headers: readonly HeaderLine[] = []): Reply {
  const bytes = `${stringifyJson(value)}\n`
  return { status: 200, headers: [jsonType, ...headers], body: { kind: 'bytes', bytes } }
}

/** Bare text: job IDs, upload IDs, host lists. */
export function textReply(text: string, status = 200, headers: readonly HeaderLine[] = []): Reply {
  return { status, headers: [textType, ...headers], body: { kind: 'bytes', bytes: text } }
}

/** No body. */
export function emptyReply(status = 200, headers: readonly HeaderLine[] = []): Reply {
  return { status, headers }
}

/** msgpack; clients compare the content type with `==`. */
export function msgpackReply(bytes: Uint8Array): Reply {
  return {
    status: 200,
    headers: [['Content-Type', 'application/msgpack']],
    body: { kind: 'bytes', bytes },
  }
}

/** A redirect that no cache may keep. @see docs/decisions, edge caches and redirects */
export function redirectReply(status: 301 | 307, location: string): Reply {
  return {
    status,
    headers: [
      ['Location', location],
      ['Cache-Control', 'no-store'],
    ],
  }
}
