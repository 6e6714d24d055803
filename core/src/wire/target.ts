import { utf8Decode, utf8Encode } from '../algorithms/utf8.ts'
import { type Bck, namespaceUname } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import { Query } from './query.ts'

/** The request target, read once. Routing, authorization, placement, storage and logs use these values only. */
export interface ParsedTarget {
  /** Decoded path: valid UTF-8, no NUL, no dot segment; slashes as they came. */
  readonly path: string
  /** Non-empty parts of `path`: the words of the API. */
  readonly segments: readonly string[]
  readonly query: Query
  /** Undecoded query without its `?`, to be passed on in a redirect. */
  readonly rawQuery: string
}

/** Where a bucket or object call points. */
export interface ObjectPath {
  readonly resource: 'objects' | 'buckets'
  /** Decoded, unchecked. */
  readonly bucket: string | undefined
  /** All that follows the bucket and its slash, byte for byte; for `buckets` a prefix. `undefined` when empty. */
  readonly object: string | undefined
}

const slash = 0x2f
const percent = 0x25

/**
 * Reads the raw request target (bytes as Latin-1 characters), the only place that does.
 * @throws AisError `ErrBadRequest` absolute form, bad escape, invalid UTF-8, NUL, a `.` or `..` segment,
 * too many query parameters
 */
export function parseTarget(raw: string): ParsedTarget {
  const { path, query, rawQuery } = parsePlainTarget(raw)
  return { path, segments: segmentsOf(path, raw), query, rawQuery }
}

/**
 * As `parseTarget` for a path that is a name and not a list of words: dot segments may be in it.
 * @throws AisError `ErrBadRequest`
 */
export function parsePlainTarget(raw: string): Omit<ParsedTarget, 'segments'> {
  // RFC 9112 3.2.2: a server takes the absolute form; whose name it bears is the concern of `Host`.
  return parseOriginForm(raw.startsWith('/') ? raw : raw.replace(/^https?:\/\/[^/?#]*/i, ''))
}

function parseOriginForm(raw: string): Omit<ParsedTarget, 'segments'> {
  if (!raw.startsWith('/')) throw bad(raw, 'expected a path')
  const mark = raw.indexOf('?')
  const rawPath = mark < 0 ? raw : raw.slice(0, mark)
  const rawQuery = mark < 0 ? '' : raw.slice(mark + 1)
  const path = percentDecode(rawPath, false, raw)
  return { path, rawQuery, query: parseQuery(rawQuery, raw) }
}

function segmentsOf(path: string, raw: string): string[] {
  const segments: string[] = []
  for (let from = 1; from <= path.length; ) {
    const found = path.indexOf('/', from)
    const end = found < 0 ? path.length : found
    if (end > from) {
      const segment = path.slice(from, end)
      if (segment === '.' || segment === '..') throw bad(raw, 'dot segments are not allowed')
      segments.push(segment)
    }
    from = end + 1
  }
  return segments
}

// Printable ASCII without `%` (and, in a query, `+`) is its own decoding: the common case.
const plainPath = /^[!-$&-~]*$/
const plainQuery = /^[!-$&-*,-~]*$/

/** Parameters of one query string, at most 100 as upstream's data path; more is a 400. */
export const queryParamsMax = 100

function parseQuery(rawQuery: string, raw: string): Query {
  const params: [string, string][] = []
  const plain = plainQuery.test(rawQuery)
  const decode = (text: string): string => (plain ? text : percentDecode(text, true, raw))
  for (let from = 0; from < rawQuery.length; ) {
    const found = rawQuery.indexOf('&', from)
    const end = found < 0 ? rawQuery.length : found
    if (end > from) {
      if (params.length === queryParamsMax) {
        throw bad(raw, `over ${queryParamsMax} query parameters`)
      }
      const equals = rawQuery.indexOf('=', from)
      const named = equals >= 0 && equals < end
      const name = rawQuery.slice(from, named ? equals : end)
      params.push([decode(name), named ? decode(rawQuery.slice(equals + 1, end)) : ''])
    }
    from = end + 1
  }
  return new Query(params)
}

/**
 * Bucket and object of `/v1/objects/...` and `/v1/buckets/...`; `undefined` for other resources.
 * Extra slashes between API words are dropped, after the bucket none are.
 */
export function parseObjectPath(target: ParsedTarget): ObjectPath | undefined {
  const [version, resource, bucket] = target.segments
  if (version !== 'v1' || (resource !== 'objects' && resource !== 'buckets')) return undefined
  if (bucket === undefined) return { resource, bucket: undefined, object: undefined }
  let at = 0
  for (const word of [version, resource, bucket]) {
    while (target.path.charCodeAt(at) === slash) at++
    at += word.length
  }
  const rest = target.path.slice(at + 1)
  return { resource, bucket, object: rest === '' ? undefined : rest }
}

/**
 * Escapes a decoded path so that any reader decodes it to the same bytes: unreserved characters and `/` stay.
 * For `Location` headers and for calls to other nodes.
 */
export function encodePath(path: string): string {
  if (/^[A-Za-z0-9\-_.~/@:$&=,]*$/.test(path)) return path
  let out = ''
  for (const byte of utf8Encode(path)) {
    const char = String.fromCharCode(byte)
    out += /[A-Za-z0-9\-_.~/@:$&=,]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

/** An object name as the end of a path. @see encodePath */
export function encodeObjectPath(name: string): string {
  return encodePath(name)
}

/** Escapes a query value; a space becomes `%20`, which every reader decodes. */
export function encodeQueryValue(value: string): string {
  return encodeURIComponent(value)
}

/** Path and query of a call about an object (or, without `name`, a bucket), escaped: what goes on the wire. */
export function objectTarget(bck: Bck, name?: string): string {
  const { uuid, name: ns } = bck.namespace
  const path =
    name === undefined
      ? `/v1/buckets/${encodePath(bck.name)}`
      : `/v1/objects/${encodePath(bck.name)}/${encodePath(name)}`
  const query = `provider=${bck.provider}`
  const namespace = encodeQueryValue(namespaceUname(bck.namespace))
  return uuid === '' && ns === '' ? `${path}?${query}` : `${path}?${query}&namespace=${namespace}`
}

/** Decodes one percent-encoded text of Latin-1 characters to a string of valid UTF-8 without NUL. */
function percentDecode(text: string, plusIsSpace: boolean, raw: string): string {
  if ((plusIsSpace ? plainQuery : plainPath).test(text)) return text
  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    let byte = text.charCodeAt(at)
    if (byte > 0xff) throw bad(raw, 'not a byte string')
    if (byte === percent) {
      const digits = text.slice(at + 1, at + 3)
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) throw bad(raw, 'bad percent-encoding')
      byte = Number.parseInt(digits, 16)
      at += 2
    } else if (byte <= 0x20 || byte === 0x7f) {
      throw bad(raw, 'control character or space')
    } else if (plusIsSpace && byte === 0x2b) {
      byte = 0x20
    }
    if (byte === 0) throw bad(raw, 'NUL is not allowed')
    bytes[length++] = byte
  }
  const decoded = utf8Decode(bytes.subarray(0, length))
  if (decoded === undefined) throw bad(raw, 'not valid UTF-8')
  return decoded
}

function bad(raw: string, why: string): AisError {
  const mark = raw.indexOf('?')
  const path = mark < 0 ? raw : raw.slice(0, mark)
  // Raw bytes of a hostile request go into an answer and a log: printable ASCII only, and not all of them.
  const shown = path.slice(0, 256).replace(/[^!-~]/g, '?')
  return new AisError('ErrBadRequest', `invalid request URI "${shown}": ${why}`)
}
