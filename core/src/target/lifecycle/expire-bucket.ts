import { AisError, isAisError } from '../../errors/ais-error.ts'
import { keyOf } from '../../object/version-name.ts'
import type { Mountpath, ObjectMeta } from '../../ports/mountpath.ts'
import { endOfDays, expiryOf } from '../../s3/lifecycle/expiry.ts'
import type { LifecycleRule } from '../../s3/lifecycle/lifecycle-rules.ts'
import { removeObject } from '../remove-object.ts'
import {
  findObject,
  type Place,
  placeObject,
  type TargetBucket,
  type TargetNode,
} from '../target.ts'
import { isVersioned } from '../version-rows.ts'
import { expireVersions } from './expire-versions.ts'

/** Rows read in a row before others have their turn. */
const rowsAtOnce = 500

/** What one pass is about. */
export interface Aged {
  readonly bucket: TargetBucket
  /** Of the bucket, those in force. */
  readonly rules: readonly LifecycleRule[]
  readonly daySeconds: number
  readonly stopped: () => boolean
}

/** The longest prefix that all of these names start with. */
function commonPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names
  let length = first.length
  for (const name of others) {
    while (!name.startsWith(first.slice(0, length))) length -= 1
  }
  return first.slice(0, length)
}

async function expire(
  target: TargetNode,
  { rules, daySeconds }: Aged,
  place: Place,
  object: ObjectMeta,
): Promise<boolean> {
  const isDue = (meta: ObjectMeta) => {
    const expiry = expiryOf(rules, meta, daySeconds)
    return expiry !== undefined && expiry.atMs <= target.platform.clock.now()
  }
  if (!isDue(object)) return false
  try {
    await removeObject(target, place, (existing) => {
      if (!isDue(existing)) throw new AisError('ErrPreempted', 'the object is another one by now')
    })
    return true
  } catch (error) {
    // Written again, moved or deleted meanwhile: the next pass judges anew.
    if (isAisError(error)) return false
    throw error
  }
}

/** Whether a rule ends objects, versions or markers. */
function endsRows({ days, dateMs, loneMarkers, noncurrentDays }: LifecycleRule): boolean {
  return [days, dateMs, noncurrentDays].some((each) => each !== undefined) || loneMarkers === true
}

/** Removes what is due of the objects, versions and delete markers of one disk; how many. */
export async function expireObjects(
  target: TargetNode,
  mountpath: Mountpath,
  given: Aged,
): Promise<number> {
  const rules = given.rules.filter(endsRows)
  if (rules.length === 0) return 0
  const aged = { ...given, rules }
  const prefix = commonPrefix(rules.map((rule) => rule.prefix))
  const versioned = isVersioned(aged)
  let after = ''
  let key = ''
  let gone = 0
  while (!aged.stopped()) {
    const rows = mountpath.list(aged.bucket, { prefix, after, limit: rowsAtOnce, full: true })
    for (const row of rows) {
      if (!versioned) {
        const place = placeObject(target, aged.bucket, row.name)
        if (await expire(target, aged, place, row)) gone += 1
      } else if (keyOf(row.name) !== key) {
        key = keyOf(row.name)
        const place = placeObject(target, aged.bucket, key)
        const object = findObject(target, place)?.meta
        if (object && (await expire(target, aged, place, object))) gone += 1
        gone += await expireVersions(target, aged, place)
      }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsAtOnce) break
    after = last.name
    await target.platform.clock.sleep(0)
  }
  return gone
}

/** Aborts the uploads of one disk that were begun too long ago; how many. */
export async function abortUploads(
  target: TargetNode,
  mountpath: Mountpath,
  { bucket, rules, daySeconds, stopped }: Aged,
): Promise<number> {
  let gone = 0
  const now = target.platform.clock.now()
  for (const upload of mountpath.uploads(bucket)) {
    if (stopped()) break
    const isDue = rules.some(
      ({ abortDays, prefix }) =>
        abortDays !== undefined &&
        upload.name.startsWith(prefix) &&
        endOfDays(upload.createdNs, abortDays, daySeconds) <= now,
    )
    if (isDue && (await mountpath.uploadAbort(bucket, upload.id))) gone += 1
  }
  return gone
}
