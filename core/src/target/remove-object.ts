import { bckCname } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import { durabilityOf } from './durability.ts'
import { newestStampOn } from './mountpaths/newest-stamp.ts'
import { findObject, type Place, type TargetNode } from './target.ts'
import { writeOwned } from './write-owned.ts'

/**
 * Deletes an object for good: its owner's disk goes last, since what is there is the newest, and is where the tombstone
 * is in any case. @throws AisError `ErrNotFound` with the text clients parse
 * @param check decides on the version that is there, while no other writer is: what it throws keeps that
 */
export async function removeObject(
  target: TargetNode,
  place: Place,
  check?: (existing: ObjectMeta) => void,
): Promise<void> {
  const { bucket, name, mountpath: owner } = place
  const durability = durabilityOf(target, bucket.props)
  await writeOwned(target, place, async () => {
    const existing = findObject(target, place)
    if (existing === undefined) {
      // Where it was and comes back, it must not be found again by who was told that it is gone.
      if (target.isAnythingAway()) await owner.remove(bucket, name, durability, { unseen: true })
      throw new AisError('ErrNotFound', `${bckCname(bucket.bck)}/${name} doesn't exist`)
    }
    check?.(existing.meta)
    for (const mountpath of target.mountpaths()) {
      if (mountpath !== owner) await mountpath.remove(bucket, name, durability)
    }
    if (await owner.remove(bucket, name, durability)) return
    const newest = newestStampOn(target.mountpaths(), bucket, name)
    if (newest) await owner.bury(bucket, name, newest.generation, durability)
  })
  target.stats.add('del.n')
}
