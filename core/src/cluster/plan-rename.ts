import { type Bck, bckCname } from '../bucket/bck.ts'
import { addBucket, findBucket, nextBmd, removeBucket } from '../bucket/bmd.ts'
import { bucketNotFound } from '../bucket/names.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Documents } from './control/documents.ts'
import { nextRebalance } from './plan-rebalance.ts'
import { isRebalancing, rebalanceId } from './rmd.ts'

type Renamed = Pick<Documents, 'bmd' | 'smap' | 'rmd'>

/**
 * What changes, all in one state, when a bucket gets another name: the BMD, where it keeps its ID and so its objects; and
 * since placement goes by name, a rebalance that moves them to their new owners. The Smap goes one version up, so that
 * what was written under the old name can be told from what was written under the new one.
 * @throws AisError `ErrBckNotFound`; `ErrBadRequest` when there is a bucket `to`; `ErrBusy` while objects are on the move
 */
export function renameBucket(now: Renamed, from: Bck, to: Bck): Renamed {
  const props = findBucket(now.bmd, from)
  if (props === undefined) throw bucketNotFound(from)
  if (findBucket(now.bmd, to) !== undefined) {
    throw new AisError('ErrBadRequest', `bucket "${bckCname(to)}" already exists (bck_to)`)
  }
  if (isRebalancing(now.rmd)) {
    throw new AisError(
      'ErrBusy',
      `rebalance[${rebalanceId(now.rmd.version)}] is currently running, cannot run "move-bck"(${bckCname(from)} => ${bckCname(to)}) concurrently`,
    )
  }
  const smap = { ...now.smap, version: now.smap.version + 1 }
  return {
    bmd: nextBmd(now.bmd, addBucket(removeBucket(now.bmd, from), to, props)),
    smap,
    rmd: nextRebalance(now.rmd, smap),
  }
}
