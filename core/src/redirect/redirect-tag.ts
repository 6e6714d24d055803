import type { HeaderBlock } from '../ports/call.ts'
import type { Query } from '../wire/query.ts'
import { queryParam } from '../wire/query-params.ts'

/** What a redirect's tag vouches for: everything that decides what the call may do at the target. */
export interface CoveredCall {
  readonly signerId: string
  readonly targetId: string
  readonly method: string
  /** Decoded, as `ParsedTarget.path`. */
  readonly path: string
  /** With the marker, without the tag itself. */
  readonly query: Query
  readonly headers: HeaderBlock
  /** Declared length of the body; `undefined` when chunked. */
  readonly lengthBytes: number | undefined
}

/** Methods whose body, if there is one, does not survive the redirect or is not looked at. */
const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

const conditions = new Set([
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
])

/**
 * Of a signature, which clients make anew for the other address, or leave out there (curl): who calls was found out before.
 * @see https://curl.se/docs/manpage.html, `--location-trusted`
 */
const signing = new Set(['x-amz-date', 'x-amz-security-token'])

/** Headers that change what is done; the rest is the client's own affair, and may differ behind the redirect. */
function isCovered(name: string, hasBody: boolean): boolean {
  if (name === 'x-amz-content-sha256') return hasBody
  if (name.startsWith('x-amz-')) return !signing.has(name)
  return name.startsWith('ais-') || conditions.has(name)
}

type Pair = readonly [name: string, value: string]

/**
 * Puts `pair` where the order of names wants it, behind its equals; where a name counts but once (`first`), only when there
 * are none. There are few.
 */
function insert(pair: Pair, into: Pair[], first: boolean): void {
  const name = pair[0]
  let place = into.length
  for (; place > 0; place--) {
    const before = into[place - 1]?.[0] ?? ''
    if (before === name && first) return
    if (before <= name) break
  }
  into.push(pair)
  for (let at = into.length - 1; at > place; at--) into[at] = into[at - 1] ?? pair
  into[place] = pair
}

/** First value of each name: clients repeat names and put them in another order. */
function coveredQuery(query: Query): readonly Pair[] {
  const covered: Pair[] = []
  for (const param of query.all()) {
    if (param[0] !== queryParam.signature) insert(param, covered, true)
  }
  return covered
}

/** Lines of one name count as one, their values joined: that is how some platforms hand them to an edge gateway. */
function coveredLines(headers: HeaderBlock, hasBody: boolean): readonly Pair[] {
  const covered: Pair[] = []
  for (const line of headers.lines()) if (isCovered(line[0], hasBody)) insert(line, covered, false)
  for (let at = covered.length - 1; at > 0; at--) {
    const [name, value] = covered[at] ?? ['', '']
    const before = covered[at - 1]
    if (before?.[0] !== name) continue
    covered.splice(at - 1, 2, [name, `${before[1]}, ${value}`])
  }
  return covered
}

const tagDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Bytes of a tag: half of the digest, the least that RFC 2104 allows. */
const tagBytes = 16

const tagLength = Math.ceil((tagBytes * 8) / 6)

/** Character `at` of a tag: six bits of the digest, the last ones of half of it filled up with zeros. */
function tagCode(digest: Uint8Array, at: number): number {
  const bit = at * 6
  const byte = bit >> 3
  const after = byte + 1 < tagBytes ? (digest[byte + 1] ?? 0) : 0
  const pair = ((digest[byte] ?? 0) << 8) | after
  return tagDigits.charCodeAt((pair >> (10 - (bit & 7))) & 63)
}

/** The tag of a text whose HMAC-SHA-256 is `digest`, in URL-safe base64. */
export function tagText(digest: Uint8Array): string {
  let tag = ''
  for (let at = 0; at < tagLength; at++) tag += String.fromCharCode(tagCode(digest, at))
  return tag
}

/** Whether `tag` is that of `digest`, in a time that depends on its length alone. */
export function isTagOf(digest: Uint8Array, tag: string): boolean {
  let differs = tag.length ^ tagLength
  for (let at = 0; at < tagLength; at++) differs |= tag.charCodeAt(at) ^ tagCode(digest, at)
  return differs === 0
}

/** A name and its value, each preceded by its length. */
function part(name: string, value: string): string {
  return `|${name.length}:${name}|${value.length}:${value}`
}

/** No two different calls have the same text: every part is preceded by its length. */
export function coveredText(call: CoveredCall): string {
  const { signerId, targetId, method, path } = call
  const hasBody = !bodiless.has(method)
  const length = hasBody ? String(call.lengthBytes ?? 'chunked') : ''
  let text = `ais-redirect-v1${part(signerId, targetId)}${part(method, path)}`
  for (const pair of coveredQuery(call.query)) text += part(pair[0], pair[1])
  text += `|${length.length}:${length}`
  for (const [name, value] of coveredLines(call.headers, hasBody)) text += part(name, value)
  return text
}
