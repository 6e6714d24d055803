import type { HeaderLine } from '../../ports/call.ts'
import type { ObjectMeta } from '../../ports/mountpath.ts'
import { pairOf } from '../object/stored-metadata.ts'
import { readTags, tagsKey } from '../object/tags.ts'
import type { LifecycleRule } from './lifecycle-rules.ts'

/** Seconds of a day that is one. */
export const fullDaySeconds = 86_400

/** What rules look at. */
export type Aging = Pick<ObjectMeta, 'name' | 'sizeBytes' | 'mtimeNs' | 'custom'>

const nsPerMs = 1_000_000n

/** Whether a rule is in force and is about this object. */
export function isAbout(rule: LifecycleRule, { name, sizeBytes, custom }: Aging): boolean {
  const { enabled, prefix, tags = [], sizeAbove = -1, sizeBelow = Infinity } = rule
  if (!enabled || !name.startsWith(prefix)) return false
  if (sizeBytes <= sizeAbove || sizeBytes >= sizeBelow) return false
  if (tags.length === 0) return true
  const own = readTags(pairOf(custom, tagsKey))
  return tags.every(([key, value]) => own.some(([k, v]) => k === key && v === value))
}

/**
 * When what began then has lasted that many days, Unix ms: at the midnight after, UTC, as Amazon counts. Days of tests
 * have no midnight.
 */
export function endOfDays(beganNs: bigint, days: number, daySeconds: number): number {
  const dayMs = daySeconds * 1000
  const end = Number(beganNs / nsPerMs) + days * dayMs
  return daySeconds === fullDaySeconds ? Math.ceil(end / dayMs) * dayMs : end
}

/** When an object expires, Unix ms, and by which rule; of several the first. */
export function expiryOf(
  rules: readonly LifecycleRule[],
  object: Aging,
  daySeconds: number,
): { readonly atMs: number; readonly rule: LifecycleRule } | undefined {
  let first: { atMs: number; rule: LifecycleRule } | undefined
  for (const rule of rules) {
    const { days, dateMs } = rule
    if ((days === undefined && dateMs === undefined) || !isAbout(rule, object)) continue
    const atMs = dateMs ?? endOfDays(object.mtimeNs, days ?? 0, daySeconds)
    if (first === undefined || atMs < first.atMs) first = { atMs, rule }
  }
  return first
}

/** The header that tells of it. It speaks of whole days also where days are shortened. */
export function expiryHeaders(
  rules: readonly LifecycleRule[] | undefined,
  object: Aging,
): HeaderLine[] {
  const expiry = rules && expiryOf(rules, object, fullDaySeconds)
  if (expiry === undefined) return []
  const date = new Date(expiry.atMs).toUTCString()
  const id = encodeURIComponent(expiry.rule.id)
  return [['x-amz-expiration', `expiry-date="${date}", rule-id="${id}"`]]
}
