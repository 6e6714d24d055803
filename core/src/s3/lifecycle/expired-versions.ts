import type { ObjectMeta } from '../../ports/mountpath.ts'
import { endOfDays, isAbout } from './expiry.ts'
import type { LifecycleRule } from './lifecycle-rules.ts'

/** A version of a key, or a delete marker. */
export interface AgingVersion {
  readonly isMarker: boolean
  readonly meta: ObjectMeta
}

/** Whether it is over with a version that another one came after. */
function isExpired(
  rule: LifecycleRule,
  { meta }: AgingVersion,
  successor: AgingVersion,
  newerNoncurrent: number,
  daySeconds: number,
  nowMs: number,
): boolean {
  const { noncurrentDays, newerNoncurrent: kept = 0 } = rule
  if (noncurrentDays === undefined || newerNoncurrent < kept || !isAbout(rule, meta)) return false
  return endOfDays(successor.meta.mtimeNs, noncurrentDays, daySeconds) <= nowMs
}

/** Whether it is over with a delete marker that nothing is behind: at once, or as with an object of its age. */
function isLoneExpired(
  rule: LifecycleRule,
  { meta }: AgingVersion,
  daySeconds: number,
  nowMs: number,
): boolean {
  if (!isAbout(rule, meta)) return false
  if (rule.loneMarkers) return true
  return rule.days !== undefined && endOfDays(meta.mtimeNs, rule.days, daySeconds) <= nowMs
}

/**
 * What goes of the versions of a key, beside its current object: versions that were current long enough ago, and a delete marker
 * that is all there is.
 * @param versions newest first
 */
export function expiredVersions<V extends AgingVersion>(
  rules: readonly LifecycleRule[],
  versions: readonly V[],
  daySeconds: number,
  nowMs: number,
): readonly V[] {
  const [newest] = versions
  if (newest?.isMarker && versions.length === 1) {
    return rules.some((rule) => isLoneExpired(rule, newest, daySeconds, nowMs)) ? [newest] : []
  }
  return versions.filter((version, at) => {
    const successor = versions[at - 1]
    return (
      successor !== undefined &&
      rules.some((rule) => isExpired(rule, version, successor, at - 1, daySeconds, nowMs))
    )
  })
}
