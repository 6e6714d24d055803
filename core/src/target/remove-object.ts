import { bckCname } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import { isMarker } from '../object/version-name.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import { checkRemovable } from '../s3/lock/object-lock.ts'
import { durabilityOf } from './durability.ts'
import { newestStampOn } from './mountpaths/newest-stamp.ts'
import { findObject, type Place, type TargetNode } from './target.ts'
import { findVersion, isVersioned, nullVersions, rowsOfId } from './version-rows.ts'
import { addMarker, nextRow, removeRows } from './versions.ts'
import { writeOwned } from './write-owned.ts'

/**
 * Deletes an object for good: its owner's disk goes last, since what is there is the newest, and is where the tombstone
 * is in any case. @throws AisError `ErrNotFound` with the text clients parse
 * @param check decides on the version that is there, while no other writer is: what it throws keeps that
 * @param marksAbsent also what is not there gets a delete marker, in a bucket with versions
 * @returns version ID of the delete marker, in a bucket with versions
 */
export async function removeObject(
  target: TargetNode,
  place: Place,
  check?: (existing: ObjectMeta) => void,
  marksAbsent = false,
): Promise<string | undefined> {
  const { bucket, name, mountpath: owner } = place
  const durability = durabilityOf(target, bucket.props)
  const marker = await writeOwned(target, place, async () => {
    const existing = findObject(target, place)
    if (existing === undefined && !(marksAbsent && isVersioned(place))) {
      // Where it was and comes back, it must not be found again by who was told that it is gone.
      if (target.isAnythingAway()) {
        if (isVersioned(place)) await addMarker(target, place)
        else await owner.remove(bucket, name, durability, { unseen: true })
      }
      throw new AisError('ErrNotFound', `${bckCname(bucket.bck)}/${name} doesn't exist`)
    }
    if (existing !== undefined) check?.(existing.meta)
    if (isVersioned(place)) return addMarker(target, place)
    for (const mountpath of target.mountpaths()) {
      if (mountpath !== owner) await mountpath.remove(bucket, name, durability)
    }
    if (await owner.remove(bucket, name, durability)) return undefined
    const newest = newestStampOn(target.mountpaths(), bucket, name)
    if (newest) await owner.bury(bucket, name, newest.generation, durability)
    return undefined
  })
  target.stats.add('del.n')
  return marker
}

/**
 * Deletes one version for good, whichever it is. Where something is away, what is not here is remembered as deleted too.
 * @param passesGovernance whoever wants that may pass by this kind of retention
 * @throws AisError `ErrForbidden` the version is locked; `ErrNotReady` it may be, where nobody can look
 * @returns whether it was a delete marker; `undefined`: there was none
 */
export async function removeVersion(
  target: TargetNode,
  place: Place,
  id: string,
  check?: (existing: ObjectMeta) => void,
  passesGovernance = false,
): Promise<'marker' | 'version' | undefined> {
  const { bucket, name: key, mountpath: owner } = place
  const isNullId = id === 'null'
  return writeOwned(target, place, async () => {
    const found = findVersion(target.mountpaths(), place, id)
    const meta = found?.mountpath.load(bucket, found.name)
    if (meta !== undefined) {
      check?.(meta)
      checkRemovable(meta.custom, target.platform.clock.now(), passesGovernance)
    }
    if (found === undefined && bucket.props.s3.object_lock !== undefined) {
      // What is away may be locked.
      if (!target.isAnythingAway()) return undefined
      throw new AisError('ErrNotReady', `version ${id} of ${place.uname} may be away`)
    }
    if (target.isAnythingAway()) {
      const durability = durabilityOf(target, bucket.props)
      // The name of a `null` version that is away is not known: one that was deleted later supersedes it when it comes.
      for (const row of isNullId
        ? [key, nextRow(target, place, 'null-marker')]
        : rowsOfId(key, id)) {
        if (row !== found?.name) await owner.remove(bucket, row, durability, { unseen: true })
      }
    }
    if (found === undefined) return undefined
    // An older `null` version that a crash left must not come to light.
    const rows = isNullId ? nullVersions(target.mountpaths(), place).reverse() : [found]
    await removeRows(
      target,
      place,
      rows.map(({ name }) => name),
    )
    return isMarker(found) ? 'marker' : 'version'
  })
}
