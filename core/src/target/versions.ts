import { toHex } from '../algorithms/hex.ts'
import { isRebalancing } from '../cluster/rmd.ts'
import {
  isMarker,
  type KeptVersion,
  orderAbove,
  parseVersionRow,
  versionRow,
} from '../object/version-name.ts'
import type { HeaderLine } from '../ports/call.ts'
import type { Mountpath, ObjectMeta } from '../ports/mountpath.ts'
import { dropOtherCopies } from './drop-other-copies.ts'
import { durabilityOf } from './durability.ts'
import { findObject, type Place, type TargetNode } from './target.ts'

/** Version ID of the current object; without it, it is `null`. */
export const versionIdKey = 'x-amz-version-id'

/** Rows read at once. */
const stepRows = 1_000

/** The ID that an object got when it was written. */
export function ownVersionId({ custom }: Pick<ObjectMeta, 'custom'>): string | undefined {
  return custom.find(([key]) => key === versionIdKey)?.[1]
}

/** The line that names the version of an object, in a bucket with versions. */
export function versionIdLines(place: Place, meta: Pick<ObjectMeta, 'custom'>): HeaderLine[] {
  return isVersioned(place) ? [['x-amz-version-id', ownVersionId(meta) ?? 'null']] : []
}

/** Whether the bucket has, or may have, former versions. */
export function isVersioned({ bucket }: Pick<Place, 'bucket'>): boolean {
  return bucket.props.s3.versioning !== undefined
}

/** A row of a former version, or of a marker, and the disk it is on. */
export interface Kept extends KeptVersion {
  readonly mountpath: Mountpath
  readonly name: string
}

/** Newest first, of each disk; those of several disks are not merged. */
function* keptOn(
  mountpath: Mountpath,
  { bucket, name: key }: Place,
  limit: number,
): Iterable<Kept> {
  for (let after = ''; ; ) {
    const rows = mountpath.listBrief(bucket, { prefix: `${key}\0`, after, limit })
    for (const { name } of rows) {
      const version = parseVersionRow(name)
      if (version !== undefined) yield { ...version, mountpath, name }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < limit) return
    after = last.name
  }
}

/** The newest of the former versions and markers of a key. */
export function newestKept(target: TargetNode, place: Place): Kept | undefined {
  let newest: Kept | undefined
  for (const mountpath of target.mountpaths()) {
    for (const kept of keptOn(mountpath, place, 1)) {
      if (newest === undefined || kept.order > newest.order) newest = kept
      break
    }
  }
  return newest
}

/** What is kept under a version ID, and is not current. */
export function findKept(target: TargetNode, place: Place, id: string): Kept | undefined {
  for (const mountpath of target.mountpaths()) {
    for (const kind of id === 'null' ? [] : (['version', 'marker'] as const)) {
      const name = versionRow({ key: place.name, order: id, kind })
      if (mountpath.load(place.bucket, name)) {
        return { key: place.name, order: id, kind, mountpath, name }
      }
    }
  }
  return id === 'null' ? keptNulls(target, place)[0] : undefined
}

function keptNulls(target: TargetNode, place: Place): readonly Kept[] {
  return target
    .mountpaths()
    .flatMap((mountpath) => [...keptOn(mountpath, place, stepRows)])
    .filter(({ kind }) => kind === 'null' || kind === 'null-marker')
}

function nextOrder(target: TargetNode, before: string | undefined): string {
  const { clock, random } = target.platform
  return orderAbove(before, clock.nowNs() / 1_000n, toHex(random.bytes(4)))
}

function greater(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a
}

/**
 * Keeps the current object as a former version where the bucket wants that; whoever calls holds the name, and makes the
 * next one current or `uncover`s this one again. So does a start after a crash in between.
 * @returns order of what comes next
 */
export async function keepFormer(
  target: TargetNode,
  place: Place,
  existing: { readonly mountpath: Mountpath; readonly meta: ObjectMeta } | undefined,
): Promise<string> {
  const newest = newestKept(target, place)
  if (existing === undefined) return nextOrder(target, newest?.order)
  const id = ownVersionId(existing.meta)
  const order = id ?? orderAbove(newest?.order, existing.meta.mtimeNs / 1_000n, '00000000')
  if (place.bucket.props.s3.versioning === 'Enabled' || id !== undefined) {
    const { bucket, name } = place
    const durability = durabilityOf(target, bucket.props)
    const kind = id === undefined ? 'null' : 'version'
    await existing.mountpath.rename(
      bucket,
      name,
      versionRow({ key: name, order, kind }),
      durability,
    )
    await dropOtherCopies(target, place, existing.mountpath, durability)
  }
  return nextOrder(target, greater(order, newest?.order))
}

/** The metadata of an object that becomes current. */
export function withVersion(
  place: Place,
  custom: ObjectMeta['custom'],
  order: string | undefined,
): ObjectMeta['custom'] {
  const rest = custom.some(([key]) => key === versionIdKey)
    ? custom.filter(([key]) => key !== versionIdKey)
    : custom
  const isNumbered = place.bucket.props.s3.versioning === 'Enabled' && order !== undefined
  return isNumbered ? [...rest, [versionIdKey, order]] : rest
}

/** A suspended bucket has one `null` version of a key: the one that was just made. */
export async function dropFormerNulls(
  target: TargetNode,
  place: Place,
  but?: string,
): Promise<void> {
  if (place.bucket.props.s3.versioning !== 'Suspended') return
  const durability = durabilityOf(target, place.bucket.props)
  for (const { mountpath, name } of keptNulls(target, place)) {
    if (name !== but) await mountpath.remove(place.bucket, name, durability)
  }
}

/** A delete marker becomes the newest version; whoever calls holds the name. @returns its version ID */
export async function addMarker(
  target: TargetNode,
  place: Place,
  existing: { readonly mountpath: Mountpath; readonly meta: ObjectMeta } | undefined,
): Promise<string> {
  const { bucket, mountpath, name: key } = place
  const durability = durabilityOf(target, bucket.props)
  const order = await keepFormer(target, place, existing)
  const isEnabled = bucket.props.s3.versioning === 'Enabled'
  const name = versionRow({ key, order, kind: isEnabled ? 'marker' : 'null-marker' })
  const draft = await mountpath.draft(bucket, name, { sizeBytes: 0, durability })
  try {
    const atimeNs = target.platform.clock.nowNs()
    const checksum = { type: 'none', value: '' } as const
    await mountpath.commit(
      bucket,
      name,
      draft,
      { checksum, version: '', atimeNs, custom: [] },
      durability,
    )
  } catch (error) {
    await draft.discard()
    await uncover(target, place)
    throw error
  }
  // Of a suspended bucket: the `null` version that was current.
  for (const disk of target.mountpaths()) {
    if (disk.load(bucket, key)) await disk.remove(bucket, key, durability)
  }
  await dropFormerNulls(target, place, name)
  return isEnabled ? order : 'null'
}

/**
 * Makes the newest former version current when nothing is, and no marker says that this is so. Whoever calls holds the
 * name. While objects are on the move nobody knows yet which one is the newest.
 */
export async function uncover(target: TargetNode, place: Place): Promise<void> {
  if (findObject(target, place) !== undefined || isRebalancing(target.metadata.rmd())) return
  const newest = newestKept(target, place)
  if (newest === undefined || isMarker(newest)) return
  const durability = durabilityOf(target, place.bucket.props)
  await newest.mountpath.rename(place.bucket, newest.name, place.name, durability)
}

/**
 * Makes a new version current by `write`, after what was there is kept; it comes back when that fails. Whoever calls holds
 * the name. @param write with the order of the new version, where there are versions
 */
export async function writeVersion(
  target: TargetNode,
  place: Place,
  existing: { readonly mountpath: Mountpath; readonly meta: ObjectMeta } | undefined,
  write: (order: string | undefined) => Promise<ObjectMeta>,
): Promise<ObjectMeta> {
  if (!isVersioned(place)) return write(undefined)
  const order = await keepFormer(target, place, existing)
  let meta: ObjectMeta
  try {
    meta = await write(order)
  } catch (error) {
    await uncover(target, place)
    throw error
  }
  await dropFormerNulls(target, place)
  return meta
}
