import { AisError } from '../errors/ais-error.ts'
import type { HeaderBlock } from '../ports/call.ts'

/** What preconditions compare with, asked for only where there are any. */
export interface Validators {
  /** Without quotes; absent when the object has none. */
  readonly etag: string | undefined
  /** Seconds since the epoch, as HTTP dates have it. */
  readonly modifiedSeconds: number
}

/** What makes the answer to a read depend on the version, or be a part of it. */
const readingHeaders = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
] as const

/** Whether a read asks for all of the object whatever its version is, as nearly all do. */
export function asksForWhole(headers: HeaderBlock): boolean {
  for (const name of readingHeaders) if (headers.get(name) !== undefined) return false
  return true
}

function listed(field: string, etag: string | undefined): boolean {
  if (field.trim() === '*') return true
  if (etag === undefined) return false
  return field.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '')
    return tag === `"${etag}"` || tag === etag
  })
}

function seconds(field: string): number | undefined {
  const ms = Date.parse(field)
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}

/**
 * Preconditions of a read, in the order of RFC 9110 13.2.2.
 * @returns `not-modified` when 304 is the answer, else `proceed`
 * @throws AisError `ErrBadRequest` with status 412
 */
export function checkConditions(headers: HeaderBlock, now: Validators): 'proceed' | 'not-modified' {
  const ifMatch = headers.get('if-match')
  const ifUnmodified = headers.get('if-unmodified-since')
  if (ifMatch !== undefined) {
    if (!listed(ifMatch, now.etag)) throw failed('If-Match')
  } else if (ifUnmodified !== undefined) {
    const since = seconds(ifUnmodified)
    if (since !== undefined && now.modifiedSeconds > since) throw failed('If-Unmodified-Since')
  }
  const ifNoneMatch = headers.get('if-none-match')
  if (ifNoneMatch !== undefined) return listed(ifNoneMatch, now.etag) ? 'not-modified' : 'proceed'
  const ifModified = headers.get('if-modified-since')
  if (ifModified === undefined) return 'proceed'
  const since = seconds(ifModified)
  return since !== undefined && now.modifiedSeconds <= since ? 'not-modified' : 'proceed'
}

/** Whether a Range applies: no `If-Range`, or one that names this version (RFC 9110 13.1.5). */
export function rangeApplies(headers: HeaderBlock, now: Validators): boolean {
  const ifRange = headers.get('if-range')
  if (ifRange === undefined) return true
  if (ifRange.startsWith('"')) return ifRange === `"${now.etag ?? ''}"`
  const since = seconds(ifRange)
  return since !== undefined && since === now.modifiedSeconds
}

function failed(field: string): AisError {
  return new AisError('ErrBadRequest', `precondition failed: ${field}`, { status: 412 })
}
