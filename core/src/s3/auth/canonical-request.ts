import { toHex } from '../../algorithms/hex.ts'
import type { HeaderLine } from '../../ports/call.ts'
import { S3Error } from '../s3-error.ts'

/** Path and query of a request as the signature covers them. */
export interface CanonicalTarget {
  readonly path: string
  /** Sorted; without `X-Amz-Signature`. */
  readonly query: string
}

const unreserved = /^[A-Za-z0-9\-_.~]*$/
const plainPath = /^[A-Za-z0-9\-_.~/]*$/

/** What each byte becomes: itself where RFC 3986 calls it unreserved, else `%XX`. */
const escapes = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  return unreserved.test(char) ? char : `%${toHex(Uint8Array.of(byte)).toUpperCase()}`
})

/** Decodes once and encodes once, without looking at what the bytes mean: `%7e` and `~` are one, `//` stays. */
function reencode(text: string, plain: RegExp, keepSlash: boolean, plusIsSpace: boolean): string {
  if (plain.test(text)) return text
  let out = ''
  for (let at = 0; at < text.length; at++) {
    let byte = text.charCodeAt(at)
    if (byte === 0x25) {
      const digits = text.slice(at + 1, at + 3)
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) throw new S3Error('InvalidURI')
      byte = Number.parseInt(digits, 16)
      at += 2
    } else if (byte === 0x2b && plusIsSpace) byte = 0x20
    if (byte > 0xff) throw new S3Error('InvalidURI')
    out += keepSlash && byte === 0x2f ? '/' : escapes[byte]
  }
  return out
}

/** A query value as it stands in the canonical query. */
export function canonicalValue(text: string): string {
  return reencode(text, unreserved, false, true)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return ''
  const pairs: (readonly [name: string, value: string])[] = []
  for (const part of rawQuery.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = canonicalValue(equals < 0 ? part : part.slice(0, equals))
    if (name === 'X-Amz-Signature') continue
    pairs.push([name, equals < 0 ? '' : canonicalValue(part.slice(equals + 1))])
  }
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

/**
 * Of the raw target, never of a parsed one. Nothing is collapsed, and a `+` in the query is a space as it is
 * everywhere else here. @throws S3Error `InvalidURI`
 */
export function canonicalTarget(rawTarget: string): CanonicalTarget {
  const origin = rawTarget.startsWith('/')
    ? rawTarget
    : rawTarget.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = origin.indexOf('?')
  const path = mark < 0 ? origin : origin.slice(0, mark)
  return {
    path: path === '' ? '/' : reencode(path, plainPath, true, false),
    query: mark < 0 ? '' : canonicalQuery(origin.slice(mark + 1)),
  }
}

/** Canonical header lines, and what should have been signed and is not. */
export interface CanonicalHeaders {
  readonly text: string
  readonly unsigned: readonly string[]
}

function trimAll(value: string): string {
  const trimmed = value.trim()
  return /[\t ]{2}|\t/.test(trimmed) ? trimmed.replace(/[\t ]+/g, ' ') : trimmed
}

/**
 * Lines of the signed headers, a repeated one joined by commas. `host` and every `x-amz-*` header that is there must
 * be among `signed`: else whoever holds a presigned URL adds `x-amz-acl` or `x-amz-copy-source` to it.
 */
export function canonicalHeaders(
  lines: readonly HeaderLine[],
  signed: readonly string[],
): CanonicalHeaders {
  const values = new Map<string, string | undefined>()
  for (const name of signed) values.set(name, undefined)
  const unsigned: string[] = values.has('host') ? [] : ['host']
  for (const [name, value] of lines) {
    if (!values.has(name)) {
      if (name.startsWith('x-amz-') && !unsigned.includes(name)) unsigned.push(name)
      continue
    }
    const before = values.get(name)
    const own = trimAll(value)
    values.set(name, before === undefined ? own : `${before},${own}`)
  }
  let text = ''
  for (const [name, value] of values) text += `${name}:${value ?? ''}\n`
  return { text, unsigned }
}
