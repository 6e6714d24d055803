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

/** Headers that change what is done; the rest is the client's own affair, and may differ behind the redirect. */
function isCovered(name: string): boolean {
  return name.startsWith('ais-') || name.startsWith('x-amz-') || conditions.has(name)
}

type Pair = readonly [name: string, value: string]

/** Puts `pair` where the order of names wants it, behind its equals. There are few. */
function insert(pair: Pair, into: Pair[]): void {
  let at = into.length
  for (; at > 0; at--) {
    const before = into[at - 1]
    if (before === undefined || before[0] <= pair[0]) break
    into[at] = before
  }
  into[at] = pair
}

/** First value of each name: clients repeat names and put them in another order. */
function coveredQuery(query: Query): readonly Pair[] {
  const covered: Pair[] = []
  for (const param of query.all()) {
    const [name] = param
    if (name === queryParam.signature || covered.some((known) => known[0] === name)) continue
    insert(param, covered)
  }
  return covered
}

function coveredLines(headers: HeaderBlock): readonly Pair[] {
  const covered: Pair[] = []
  for (const line of headers.lines()) if (isCovered(line[0])) insert(line, covered)
  return covered
}

const tagDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Bytes of a tag: half of the digest, the least that RFC 2104 allows. */
const tagBytes = 16

/** The tag of a text whose HMAC-SHA-256 is `digest`, in URL-safe base64. */
export function tagText(digest: Uint8Array): string {
  let text = ''
  for (let at = 0; at < tagBytes; at += 3) {
    const [a = 0, b = 0, c = 0] = [digest[at], digest[at + 1], digest[at + 2]]
    text += tagDigits.charAt(a >> 2) + tagDigits.charAt(((a & 3) << 4) | (b >> 4))
    if (at + 1 === tagBytes) break
    text += tagDigits.charAt(((b & 15) << 2) | (c >> 6)) + tagDigits.charAt(c & 63)
  }
  return text
}

const part = (text: string) => `|${text.length}:${text}`

/** No two different calls have the same text: every part is preceded by its length. */
export function coveredText(call: CoveredCall): string {
  const { signerId, targetId, method, path } = call
  const length = bodiless.has(method) ? '' : String(call.lengthBytes ?? 'chunked')
  let text = `ais-redirect-v1${part(signerId)}${part(targetId)}${part(method)}${part(path)}`
  for (const [name, value] of coveredQuery(call.query)) text += part(name) + part(value)
  text += part(length)
  for (const [name, value] of coveredLines(call.headers)) text += part(name) + part(value)
  return text
}
