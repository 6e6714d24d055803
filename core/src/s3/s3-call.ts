import { utf8Length } from '../algorithms/utf8.ts'
import { limits } from '../config/limits.ts'
import { isAisError } from '../errors/ais-error.ts'
import type { Call, HeaderLine } from '../ports/call.ts'
import type { Query } from '../wire/query.ts'
import { parsePlainTarget } from '../wire/target.ts'
import type { Authorized } from './auth/authorize.ts'
import { S3Error } from './s3-error.ts'

/** Where S3 is served: below `/s3` beside the native API, or at the root of a port of its own. */
export type S3Base = '/s3' | ''

/** A call of S3, its target read once. Authorization, placement and storage use these values and no other. */
export interface S3Call {
  readonly call: Call
  readonly method: string
  /** Empty when the call is about the service. As it came, unchecked. */
  readonly bucket: string
  /** Byte for byte what follows the bucket and its slash; empty when the call is about the bucket. */
  readonly key: string
  readonly query: Query
  /** Undecoded, without its `?`. */
  readonly rawQuery: string
  /** What the call is about, for error documents: `/bucket/key`. */
  readonly resource: string
  /** Of this call, on every node that it passes. */
  readonly requestId: string
  /** Who makes it, and what was promised of its body; at a gateway, once that is known. */
  readonly authorized?: Authorized | undefined
  /** Header lines for the target that only this gateway may say: whom what is written belongs to, who may read a source. */
  readonly innerLines?: readonly HeaderLine[] | undefined
}

/** Host of an authority, without its port, lower-case. */
function hostName(authority: string): string {
  const text = authority.toLowerCase()
  if (text.startsWith('[')) return text
  const colon = text.lastIndexOf(':')
  return colon < 0 ? text : text.slice(0, colon)
}

/**
 * The bucket that a virtual-host style name stands for: what is before one of `domains`, the longest first.
 * `undefined` when the host is none of these: the path names the bucket then.
 */
export function bucketOfHost(
  host: string | undefined,
  domains: ReadonlySet<string>,
): string | undefined {
  if (host === undefined) return undefined
  const name = hostName(host)
  const known = [...domains, 'localhost', 's3.localhost'].sort((a, b) => b.length - a.length)
  for (const domain of known) {
    if (name === domain) return undefined
    if (name.endsWith(`.${domain}`)) return name.slice(0, -domain.length - 1)
  }
  return undefined
}

/**
 * Reads the target of a call.
 * @param domains names whose subdomains are buckets; at the root only
 * @throws S3Error `InvalidURI`
 */
export function parseS3Call(
  call: Call,
  base: S3Base,
  domains: ReadonlySet<string>,
  requestId: string,
): S3Call {
  const { path, query, rawQuery } = readTarget(call.target)
  const rest = path.slice(base.length + 1)
  const host = base === '' ? bucketOfHost(call.headers.get('host'), domains) : undefined
  const slash = rest.indexOf('/')
  const inPath = slash < 0 ? rest : rest.slice(0, slash)
  const bucket = host ?? inPath
  const key = host === undefined ? (slash < 0 ? '' : rest.slice(slash + 1)) : rest
  const resource = host === undefined ? `/${rest}` : `/${host}/${rest}`
  return { call, method: call.method, bucket, key, query, rawQuery, resource, requestId }
}

function readTarget(raw: string) {
  try {
    return parsePlainTarget(raw)
  } catch (error) {
    if (!isAisError(error)) throw error
    throw new S3Error('InvalidURI', { message: error.message, cause: error })
  }
}

/** A `.` or `..` between slashes, at either end too. */
function hasDotSegment(key: string): boolean {
  return /(?:^|\/)\.\.?(?:\/|$)/.test(key)
}

/**
 * Any text of 1 to 1,024 UTF-8 bytes is a key and is kept byte for byte, but what the native API could not name: `.` and
 * `..` between slashes, and a leading `~/`.
 * @throws S3Error `KeyTooLongError`, `InvalidURI`
 */
export function checkKey(key: string): void {
  const size = utf8Length(key)
  const max = limits.s3KeyBytesMax
  if (size > max) {
    throw new S3Error('KeyTooLongError', {
      fields: [
        ['Size', String(size)],
        ['MaxSizeAllowed', String(max)],
      ],
    })
  }
  if (hasDotSegment(key) || key.startsWith('~/')) {
    throw new S3Error('InvalidURI', {
      message: 'A key cannot have "." or ".." between slashes, nor start with "~/".',
    })
  }
}
