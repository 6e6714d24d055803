import { bckCname } from '../bucket/bck.ts'
import { findBucket } from '../bucket/bmd.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Place, TargetNode } from './target.ts'

/**
 * A call may have begun under an earlier map: its body was on the way for long. Checked once more by who holds the name's
 * lock, right before the change: a rebalance waits for all who hold one (`NameLocks.settled`), so no write comes behind it.
 * @throws AisError `ErrNotReady` when the name is another's by now, or the bucket has another name
 */
export function assertOwned(target: TargetNode, place: Place): void {
  const { bucket, name, uname, ownedBy } = place
  const smap = target.metadata.smap()
  const bmd = target.metadata.bmd()
  if (ownedBy?.smap === smap && ownedBy.bmd === bmd) return
  const owner = smap.targets.size < 2 ? target.self() : hrwTarget(smap, uname)
  const isHere = owner.daemonId === target.self().daemonId
  if (isHere && findBucket(bmd, bucket.bck)?.bid === bucket.bid) return
  throw new AisError(
    'ErrNotReady',
    `${bckCname(bucket.bck)}/${name} has moved while it was written, please try again`,
  )
}

/** Runs `task` alone among the writers of the name, if it is this target's still. @throws AisError as `assertOwned` */
export function writeOwned<T>(
  target: TargetNode,
  place: Place,
  task: () => Promise<T>,
): Promise<T> {
  return target.locks.write(place.uname, () => {
    assertOwned(target, place)
    return task()
  })
}
