import type { BucketProps } from '../../bucket/bucket-props.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { HeaderBlock, HeaderLine } from '../../ports/call.ts'
import { S3Error } from '../s3-error.ts'
import { endOfRule, type RetentionMode, retentionModes } from './bucket-lock.ts'

/** Under these names, which are those of the headers, an object keeps its lock; nobody else sets them. */
export const modeKey = 'x-amz-object-lock-mode'
export const untilKey = 'x-amz-object-lock-retain-until-date'
export const holdKey = 'x-amz-object-lock-legal-hold'

const lockKeys: ReadonlySet<string> = new Set([modeKey, untilKey, holdKey])

type Pairs = readonly (readonly [key: string, value: string])[]

/** How long a version stays, whoever wants it gone. */
export interface Retention {
  readonly mode: RetentionMode
  /** Unix ms. */
  readonly untilMs: number
}

export function isLockKey(key: string): boolean {
  return lockKeys.has(key)
}

/** What is left without a lock: that of one version is not that of the next. */
export function withoutLock(custom: Pairs): Pairs {
  return custom.some(([key]) => isLockKey(key)) ? custom.filter(([key]) => !isLockKey(key)) : custom
}

/** A date that cannot be read never comes. */
export function retentionOf(custom: Pairs): Retention | undefined {
  const mode = custom.find(([key]) => key === modeKey)?.[1]
  if (mode === undefined) return undefined
  const until = Date.parse(custom.find(([key]) => key === untilKey)?.[1] ?? '')
  const untilMs = Number.isNaN(until) ? Number.POSITIVE_INFINITY : until
  return { mode: mode === 'GOVERNANCE' ? 'GOVERNANCE' : 'COMPLIANCE', untilMs }
}

export function legalHoldOf(custom: Pairs): 'ON' | 'OFF' | undefined {
  const hold = custom.find(([key]) => key === holdKey)?.[1]
  if (hold === undefined) return undefined
  return hold === 'OFF' ? 'OFF' : 'ON'
}

export function retentionPairs({ mode, untilMs }: Retention): [string, string][] {
  return [
    [modeKey, mode],
    [untilKey, new Date(untilMs).toISOString()],
  ]
}

/** @param bypass whoever asks may pass by GOVERNANCE, and wants to @throws AisError `ErrForbidden` the version stays */
export function checkRemovable(custom: Pairs, nowMs: number, bypass: boolean): void {
  const retention = retentionOf(custom)
  const isRetained =
    retention !== undefined &&
    retention.untilMs > nowMs &&
    !(bypass && retention.mode === 'GOVERNANCE')
  if (!isRetained && legalHoldOf(custom) !== 'ON') return
  throw new AisError('ErrForbidden', 'Access Denied because object protected by object lock.')
}

/** @throws AisError `ErrForbidden` what is there may not give way to `next`, which may be none */
export function checkRetention(
  custom: Pairs,
  next: Retention | undefined,
  nowMs: number,
  bypass: boolean,
): void {
  const now = retentionOf(custom)
  if (now === undefined || now.untilMs <= nowMs) return
  if (next !== undefined && next.mode === now.mode && next.untilMs >= now.untilMs) return
  if (bypass && now.mode === 'GOVERNANCE') return
  throw new AisError('ErrForbidden', 'Access Denied because object protected by object lock.')
}

/** A new version of a bucket that locks gets the bucket's retention, unless it has its own. */
export function withBucketRetention(
  { s3 }: Pick<BucketProps, 's3'>,
  custom: Pairs,
  nowMs: number,
): Pairs {
  const rule = s3.object_lock?.rule
  if (rule === undefined || custom.some(([key]) => key === modeKey)) return custom
  return [...custom, ...retentionPairs({ mode: rule.mode, untilMs: endOfRule(rule, nowMs) })]
}

/** @throws S3Error `InvalidRequest` nothing can be locked here */
export function checkLocks({ s3 }: Pick<BucketProps, 's3'>): void {
  if (s3.object_lock !== undefined) return
  throw new S3Error('InvalidRequest', { message: 'Bucket is missing Object Lock Configuration' })
}

function invalidArgument(name: string, message: string): S3Error {
  return new S3Error('InvalidArgument', { message, fields: [['ArgumentName', name]] })
}

/** @returns Unix ms @throws S3Error `InvalidArgument` */
export function futureDate(text: string, nowMs: number): number {
  const untilMs = /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(untilMs)) {
    throw invalidArgument(untilKey, 'The retain until date must be provided in ISO 8601 format')
  }
  if (untilMs > nowMs) return untilMs
  throw invalidArgument(untilKey, 'The retain until date must be in the future!')
}

/**
 * The lock that the headers of a write say, as pairs to keep.
 * @throws S3Error `InvalidRequest` of a bucket that does not lock, `InvalidArgument`
 */
export function lockPairsOf(
  headers: HeaderBlock,
  props: Pick<BucketProps, 's3'>,
  nowMs: number,
): [string, string][] {
  const mode = headers.get(modeKey)
  const until = headers.get(untilKey)
  const hold = headers.get(holdKey)
  if (mode === undefined && until === undefined && hold === undefined) return []
  checkLocks(props)
  const pairs: [string, string][] = []
  if (mode !== undefined || until !== undefined) {
    const known = retentionModes.find((name) => name === mode)
    if (mode === undefined || until === undefined) {
      throw invalidArgument(
        mode === undefined ? modeKey : untilKey,
        `${untilKey} and ${modeKey} must both be supplied`,
      )
    }
    if (known === undefined) throw invalidArgument(modeKey, 'Unknown wormMode directive.')
    pairs.push(...retentionPairs({ mode: known, untilMs: futureDate(until, nowMs) }))
  }
  if (hold !== undefined) {
    if (hold !== 'ON' && hold !== 'OFF') {
      throw invalidArgument(holdKey, 'Legal Hold must be either of ON or OFF')
    }
    pairs.push([holdKey, hold])
  }
  return pairs
}

/** Header lines that tell of a lock. */
export function lockHeaders(custom: Pairs): HeaderLine[] {
  return custom.filter(([key]) => isLockKey(key)).map(([key, value]) => [key, value])
}
