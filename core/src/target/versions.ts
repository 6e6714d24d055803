import { toHex } from '../algorithms/hex.ts'
import {
  keyOf,
  orderAbove,
  type VersionKind,
  versionIdOfRow,
  versionRow,
} from '../object/version-name.ts'
import type { HeaderLine } from '../ports/call.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import { durabilityOf } from './durability.ts'
import type { Place, TargetNode } from './target.ts'
import { isVersioned, newestVersion, nullVersions } from './version-rows.ts'

/** The line that names the version of an object, in a bucket with versions. */
export function versionIdLines(place: Place, meta: Pick<ObjectMeta, 'name'>): HeaderLine[] {
  return isVersioned(place) ? [['x-amz-version-id', versionIdOfRow(meta.name)]] : []
}

/** The line that names a version that was just written: in a suspended bucket there is none, as at Amazon. */
export function newVersionLines(place: Place, meta: Pick<ObjectMeta, 'name'>): HeaderLine[] {
  return isEnabled(place) ? versionIdLines(place, meta) : []
}

/** The name of the row that a new version of a key gets; whoever calls holds the key. */
export function nextRow(target: TargetNode, place: Place, kind: VersionKind): string {
  const { platform, metadata } = target
  const key = keyOf(place.name)
  const before = newestVersion(target.mountpaths(), { bucket: place.bucket, name: key })?.order
  const us = platform.clock.nowNs() / 1_000n
  const order = orderAbove(before, metadata.smap().version, us, toHex(platform.random.bytes(4)))
  return versionRow({ key, order, kind })
}

/** Whether new versions have IDs of their own. */
function isEnabled({ bucket }: Place): boolean {
  return bucket.props.s3.versioning === 'Enabled'
}

/**
 * Of `null` versions a key has one, the one that was just made; the others go, the oldest first. What a crash leaves of them is
 * hidden by the newest.
 */
async function dropOlderNulls(target: TargetNode, place: Place): Promise<void> {
  if (place.bucket.props.s3.versioning !== 'Suspended') return
  const key = keyOf(place.name)
  const [, ...older] = nullVersions(target.mountpaths(), { bucket: place.bucket, name: key })
  await removeRows(target, place, older.map(({ name }) => name).reverse())
}

/** Removes rows of a key from all disks, one after the other. */
export async function removeRows(
  target: TargetNode,
  { bucket }: Pick<Place, 'bucket'>,
  names: readonly string[],
): Promise<void> {
  const durability = durabilityOf(target, bucket.props)
  for (const name of names) {
    for (const mountpath of target.mountpaths()) {
      if (mountpath.load(bucket, name)) await mountpath.remove(bucket, name, durability)
    }
  }
}

/** A delete marker becomes the newest version; whoever calls holds the key. @returns its version ID */
export async function addMarker(target: TargetNode, place: Place): Promise<string> {
  const { bucket, mountpath } = place
  const durability = durabilityOf(target, bucket.props)
  const name = nextRow(target, place, isEnabled(place) ? 'marker' : 'null-marker')
  const draft = await mountpath.draft(bucket, name, { sizeBytes: 0, durability })
  try {
    const atimeNs = target.platform.clock.nowNs()
    const checksum = { type: 'none', value: '' } as const
    const marker = { checksum, version: '', atimeNs, custom: [] }
    await mountpath.commit(bucket, name, draft, marker, durability)
  } catch (error) {
    await draft.discard()
    throw error
  }
  await dropOlderNulls(target, place)
  return versionIdOfRow(name)
}

/**
 * Makes a new version by `write`; whoever calls holds the key.
 * @param write with the name of its row, which is the key where there are no versions
 */
export function writeVersion(
  target: TargetNode,
  place: Place,
  write: (name: string) => Promise<ObjectMeta>,
): Promise<ObjectMeta> {
  return isVersioned(place) ? addVersion(target, place, write) : write(place.name)
}

async function addVersion(
  target: TargetNode,
  place: Place,
  write: (name: string) => Promise<ObjectMeta>,
): Promise<ObjectMeta> {
  const meta = await write(nextRow(target, place, isEnabled(place) ? 'version' : 'null'))
  await dropOlderNulls(target, place)
  return meta
}
