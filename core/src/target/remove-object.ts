import { bckCname } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import { durabilityOf } from './durability.ts'
import { findObject, type Place, type TargetNode } from './target.ts'

/** Deletes an object for good. @throws AisError `ErrNotFound` with the text clients parse */
export async function removeObject(target: TargetNode, place: Place): Promise<void> {
  const durability = durabilityOf(target, place.bucket.props)
  await target.locks.write(place.uname, async () => {
    let found = findObject(target, place)
    if (found === undefined) {
      const cname = `${bckCname(place.bucket.bck)}/${place.name}`
      throw new AisError('ErrNotFound', `${cname} doesn't exist`)
    }
    for (; found; found = findObject(target, place)) {
      await found.mountpath.remove(place.bucket, place.name, durability)
    }
  })
  target.stats.add('del.n')
}
