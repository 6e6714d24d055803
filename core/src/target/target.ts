import type { Bck } from '../bucket/bck.ts'
import { bckCname, objectUname } from '../bucket/bck.ts'
import { type Bmd, findBucket } from '../bucket/bmd.ts'
import type { BucketProps } from '../bucket/bucket-props.ts'
import { hrwMountpath } from '../cluster/hrw.ts'
import type { Smap } from '../cluster/smap.ts'
import type { Downloads } from '../download/downloads.ts'
import { AisError } from '../errors/ais-error.ts'
import type { BatchAdmission } from '../get-batch/batch-admission.ts'
import type { NodeContext } from '../node/node-context.ts'
import { keyOf, storedRow } from '../object/version-name.ts'
import type { SharedLines } from '../ports/call.ts'
import type { BucketRef, Mountpath, ObjectMeta, SmallObject } from '../ports/mountpath.ts'
import type { RedirectCheck } from '../redirect/redirect-check.ts'
import type { XactionRunner } from '../xaction/xaction-runner.ts'
import type { AtimeTracker } from './atime-tracker.ts'
import type { KnownPlaces } from './known-places.ts'
import type { ListJobs } from './list-jobs.ts'
import type { MountpathTable } from './mountpaths/mountpath-table.ts'
import type { Resilver } from './mountpaths/resilver.ts'
import type { NameLocks } from './name-locks.ts'
import type { SettledNames } from './rebalance/newest.ts'
import type { Rebalancer } from './rebalance/rebalancer.ts'
import type { SentObjects } from './rebalance/sent-objects.ts'
import { currentVersion, isVersioned, namesVersions } from './version-rows.ts'
import type { WriteFence } from './write-fence.ts'

/** A storage node: its disks, and what keeps them consistent. */
export interface TargetNode extends NodeContext {
  /** Every open disk: where objects may be. */
  mountpaths(): readonly Mountpath[]
  /** The disks that objects belong on. */
  availableMountpaths(): readonly Mountpath[]
  /** What a location tells of a disk behind its path: `, vda, ssd`. */
  diskTitle(mountpath: Mountpath): string
  readonly mountpathTable: MountpathTable
  readonly resilver: Resilver
  readonly rebalancer: Rebalancer
  /** Names found to be newest here in the rebalance that runs. */
  readonly settled: SettledNames
  /** What left in a rebalance lately. */
  readonly sent: SentObjects
  readonly locks: NameLocks
  readonly atimes: AtimeTracker
  readonly places: KnownPlaces
  readonly fence: WriteFence
  /** Of this target as the designated one of get-batch. */
  readonly batches: BatchAdmission
  readonly redirects: RedirectCheck
  readonly listings: ListJobs
  readonly xactions: XactionRunner
  readonly downloads: Downloads
  /** A disk or target is away, or objects are on the move: there may be versions that nobody can ask for now. */
  isAnythingAway(): boolean
  /** Makes what folders the buckets of the BMD lack; resolves when they are there, or cannot be made. */
  makeBucketFolders(): Promise<void>
  /** Asks the primary for newer metadata; resolves when applied, or when it cannot be had. */
  refreshMetadata(): Promise<void>
}

/** A bucket of the BMD with all a data call needs of it. */
export interface TargetBucket extends BucketRef {
  readonly props: BucketProps
}

/** An object's name with its bucket, its canonical name and the disk that owns it. */
export interface Place {
  readonly bucket: TargetBucket
  /** In a bucket that keeps versions a key means the current one, and `listedRow` a version. */
  readonly name: string
  readonly uname: string
  /** The HRW owner among this target's mountpaths. */
  readonly mountpath: Mountpath
  /** The maps by which the name was found to be this target's, in a bucket that is there. */
  readonly ownedBy?: OwningMaps | undefined
  /** Kept with a place that is kept. */
  readonly recent?: RecentRead | undefined
}

/** What says whose a name is. Each is replaced as a whole when it changes. */
export interface OwningMaps {
  readonly bmd: Bmd
  readonly smap: Smap
}

/** A small object as it was last read, and the header lines of its version. */
export interface RecentRead {
  small: SmallObject | undefined
  lines: SharedLines | undefined
}

/** A bucket of the BMD, after its folders are there: a disk may need a moment after the map names it. */
export function bucketHere(
  target: TargetNode,
  bck: Bck,
  props: BucketProps,
): TargetBucket | Promise<TargetBucket> {
  const { bid } = props
  const bucket = { bck, bid, props }
  for (const mountpath of target.availableMountpaths()) {
    if (!mountpath.hasBucket(bid)) return target.makeBucketFolders().then(() => bucket)
  }
  return bucket
}

function lookUp(target: TargetNode, bck: Bck): TargetBucket | Promise<TargetBucket> | undefined {
  const props = findBucket(target.metadata.bmd(), bck)
  return props && bucketHere(target, bck, props)
}

/**
 * The bucket, after asking the primary when our BMD does not have it.
 * @throws AisError `ErrBckNotFound`
 */
export function targetBucket(target: TargetNode, bck: Bck): TargetBucket | Promise<TargetBucket> {
  return lookUp(target, bck) ?? learnBucket(target, bck)
}

async function learnBucket(target: TargetNode, bck: Bck): Promise<TargetBucket> {
  await target.refreshMetadata()
  const again = lookUp(target, bck)
  if (again) return again
  throw new AisError('ErrBckNotFound', `bucket "${bckCname(bck)}" does not exist`)
}

/** @throws AisError `ErrNoNodes` when the target has lost all its disks */
export function placeObject(target: TargetNode, bucket: TargetBucket, name: string): Place {
  const uname = objectUname(bucket.bck, name)
  const mountpaths = target.availableMountpaths()
  const only = mountpaths[0]
  if (only === undefined) throw new AisError('ErrNoNodes', 'no mountpaths')
  const mountpath = mountpaths.length === 1 ? only : hrwMountpath(mountpaths, uname)
  return { bucket, name, uname, mountpath }
}

/**
 * Where the object is now: its owner's catalog first, then every other one of this target. In a bucket that keeps versions the
 * current one of a key, whose row has a name of its own (`meta.name`).
 */
export function findObject(
  target: TargetNode,
  place: Place,
): { mountpath: Mountpath; meta: ObjectMeta } | undefined {
  if (namesVersions(place)) return currentVersion(target.mountpaths(), place)
  const name = isVersioned(place) ? storedRow(place.name) : place.name
  const own = place.mountpath.load(place.bucket, name)
  if (own) return { mountpath: place.mountpath, meta: own }
  for (const mountpath of target.mountpaths()) {
    if (mountpath === place.mountpath) continue
    const meta = mountpath.load(place.bucket, name)
    if (meta) return { mountpath, meta }
  }
  return undefined
}

/** @throws AisError `ErrNotFound` */
export function loadObject(
  target: TargetNode,
  place: Place,
): { mountpath: Mountpath; meta: ObjectMeta } {
  const found = findObject(target, place)
  if (found) return found
  throw objectNotFound(target, place.bucket.bck, place.name)
}

/** `t[id]: ais://b/o does not exist`, the text clients parse. */
export function objectNotFound(target: TargetNode, bck: Bck, name: string): AisError {
  const id = target.self().daemonId
  return new AisError('ErrNotFound', `t[${id}]: ${bckCname(bck)}/${keyOf(name)} does not exist`)
}
