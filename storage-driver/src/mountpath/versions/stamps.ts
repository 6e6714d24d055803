import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { BucketRef, NewObject, Stamp, Tombstone } from '@aistore-ts/core/ports/mountpath.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { listRowsMax } from '../objects/load-object.ts'
import { newerOf } from './generations.ts'

/** `Mountpath.stamp`: a bucket that is not here knows nothing. */
export function stampOf(
  context: MountpathContext,
  { bid }: BucketRef,
  name: string,
): Stamp | undefined {
  const { buckets, catalog, gate } = context
  gate.check()
  const bucket = buckets.find(bid)
  if (bucket === undefined) return undefined
  const own = catalog.objects.load(bucket.bid, name)?.generation
  const buried = catalog.tombstones.find(bucket.bid, name)
  const generation = newerOf(own, buried)
  return generation === undefined ? undefined : { generation, deleted: generation !== own }
}

/** `Mountpath.tombstones`. */
export function listTombstones(
  context: MountpathContext,
  { bid }: BucketRef,
  after: string,
  limit: number,
): readonly Tombstone[] {
  const { buckets, catalog, gate } = context
  gate.check()
  const bucket = buckets.find(bid)
  if (bucket === undefined) return []
  return catalog.tombstones.list(bucket.bid, after, Math.max(1, Math.min(limit, listRowsMax)))
}

/** The row and the tombstone that a new version of a name supersedes, of which the greater generation counts. */
export interface Superseded {
  readonly old: ObjectRow | undefined
  /** Generation of the tombstone. */
  readonly buried: string | undefined
}

/** For use in a transaction: what a new version of `name` would supersede now. */
export function findSuperseded(
  { catalog }: MountpathContext,
  { bid }: LocalBucket,
  name: string,
): Superseded {
  return { old: catalog.objects.load(bid, name), buried: catalog.tombstones.find(bid, name) }
}

/**
 * As `findSuperseded`, for a change that moves files: what it supersedes must have its own by now.
 * @throws AisError `ErrPreempted` somebody wrote a small body meanwhile
 */
export function findReplaceable(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
): Superseded {
  const before = findSuperseded(context, bucket, name)
  if (before.old === undefined || before.old.body === 0) return before
  throw new AisError('ErrPreempted', `object ${name} was changed by someone else`)
}

/**
 * Generation of the version that supersedes these.
 * @throws AisError `ErrPreempted` when the version came from elsewhere, and is older than what is here
 */
export function supersedingGeneration(
  context: MountpathContext,
  name: string,
  { old, buried }: Superseded,
  { generation }: Pick<NewObject, 'generation'> = {},
): string {
  const known = newerOf(old?.generation, buried)
  if (generation === undefined) return context.nextGeneration(known)
  if (known === undefined || generation >= known) return generation
  throw new AisError('ErrPreempted', `a newer version of object ${name} is known`)
}
