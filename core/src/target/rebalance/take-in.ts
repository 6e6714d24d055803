import { shortId } from '../../algorithms/short-id.ts'
import { objectUname } from '../../bucket/bck.ts'
import { parseBckUname } from '../../bucket/names.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { Checksum } from '../../object/checksum.ts'
import { isNull, parseVersionRow } from '../../object/version-name.ts'
import { dropOtherCopies } from '../drop-other-copies.ts'
import { durabilityOf } from '../durability.ts'
import { hasNewerNull, isFormerNull, knownRows } from '../known-rows.ts'
import { newestStampOn, type StampAt } from '../mountpaths/newest-stamp.ts'
import { statedBucket } from '../stated-bucket.ts'
import { type Place, placeObject, type TargetNode } from '../target.ts'
import { isVersioned } from '../version-rows.ts'
import { removeRows } from '../versions.ts'
import { assertOwned, writeOwned } from '../write-owned.ts'
import type { MovedObject, MovedReader } from './moved-object.ts'

/** What is known of a name on all disks of this target: the newest version, or that it was deleted. */
export function newestStamp(target: TargetNode, { bucket, name }: Place): StampAt | undefined {
  return newestStampOn(target.mountpaths(), bucket, name)
}

/** Writes `count` bytes into a draft of `mountpath` and checks them. */
async function draftOf(
  target: TargetNode,
  place: Place,
  reader: MovedReader,
  count: number,
  checksum: Checksum,
  upload: string | undefined,
) {
  const { mountpath, bucket, name } = place
  const draft = await mountpath.draft(bucket, name, {
    sizeBytes: count,
    checksumType: bucket.props.checksum.type,
    durability: durabilityOf(target, bucket.props),
    upload,
  })
  try {
    const { type, value } = checksum
    const hasher = type === 'none' || value === '' ? undefined : target.platform.createHasher(type)
    for await (const piece of reader.take(count)) {
      hasher?.update(piece)
      await draft.write(piece)
    }
    const actual = hasher?.digestHex()
    if (actual !== undefined && actual !== value) {
      throw new AisError(
        'ErrBadCksum',
        `BAD DATA CHECKSUM: ${type}(${value} != ${actual}) (context: ${place.uname})`,
      )
    }
    return draft
  } catch (error) {
    await draft.discard()
    throw error
  }
}

/** Whether what another target has under the name is of no use: here is something as new, or newer. */
function isSuperseded(target: TargetNode, place: Place, generation: string): boolean {
  const here = newestStamp(target, place)
  if (here !== undefined && here.generation >= generation) return true
  return isVersioned(place) && isFormerNull(target.mountpaths(), place.bucket, place.name)
}

/**
 * Makes the content of `reader` the object, unless something newer is here by then. `false`: it is.
 * @throws AisError `ErrNotReady` when the name is another's by then: nobody would look for it here
 */
async function store(target: TargetNode, place: Place, reader: MovedReader): Promise<boolean> {
  const { meta } = reader.object
  const { mountpath, bucket, name } = place
  const durability = durabilityOf(target, bucket.props)
  const newer = () => isSuperseded(target, place, meta.generation)
  if (meta.chunks === undefined) {
    const draft = await draftOf(target, place, reader, meta.sizeBytes, meta.checksum, undefined)
    return target.locks.write(place.uname, async () => {
      try {
        assertOwned(target, place)
        if (newer()) {
          await draft.discard()
          return false
        }
        await mountpath.commit(bucket, name, draft, meta, durability)
      } catch (error) {
        await draft.discard()
        throw error
      }
      await dropOtherCopies(target, place, mountpath, durability)
      return true
    })
  }
  const upload = shortId(target.platform.random)
  const { custom, mtimeNs: createdNs } = meta
  await mountpath.uploadBegin(bucket, { id: upload, name, createdNs, custom }, durability)
  try {
    for (const chunk of meta.chunks) {
      const draft = await draftOf(target, place, reader, chunk.sizeBytes, chunk.checksum, upload)
      await mountpath.uploadPart(bucket, upload, draft, chunk, durability)
    }
    return await target.locks.write(place.uname, async () => {
      assertOwned(target, place)
      if (newer()) {
        await mountpath.uploadAbort(bucket, upload)
        return false
      }
      const parts = meta.chunks?.map(({ partNumber }) => partNumber) ?? []
      await mountpath.uploadComplete(bucket, upload, parts, meta, durability)
      await dropOtherCopies(target, place, mountpath, durability)
      return true
    })
  } catch (error) {
    await mountpath.uploadAbort(bucket, upload)
    throw error
  }
}

/** Where an object of another target belongs here. @throws AisError as `statedBucket` */
export async function placeOfMoved(
  target: TargetNode,
  { bucket, bid }: Pick<MovedObject, 'bucket' | 'bid'>,
  name: string,
): Promise<Place> {
  return placeObject(target, await statedBucket(target, parseBckUname(bucket), bid), name)
}

/**
 * Takes in an object that another target had. Durable, at the bucket's level, when it resolves. `false`: what is here
 * is as new, or newer, or it was deleted since; the other copy is of no use then.
 * @throws AisError `ErrBadCksum`, `ErrCapExceeded`
 */
export async function takeIn(target: TargetNode, reader: MovedReader): Promise<boolean> {
  const { object } = reader
  const place = await placeOfMoved(target, object, object.meta.name)
  // Not while it is on its way out: who sent it counts on the answer, and keeps nothing.
  const { generation } = object.meta
  const isOld = await target.locks.write(place.uname, async () =>
    isSuperseded(target, place, generation),
  )
  return isOld ? false : store(target, place, reader)
}

/** Of a key whose `null` version was deleted elsewhere, under whichever name: older ones that are here go. */
async function dropFormerNulls(target: TargetNode, place: Place): Promise<void> {
  const row = parseVersionRow(place.name)
  if (row === undefined || !isNull(row)) return
  const rows = knownRows(target.mountpaths(), { bucket: place.bucket, name: row.key })
  const former = rows.filter(({ name, deleted }) => !deleted && hasNewerNull(name, rows))
  const names = former.map(({ name }) => name)
  await removeRows(target, place, names)
}

/** A name was deleted elsewhere: nothing older stays here. */
export async function takeTombstone(
  target: TargetNode,
  place: Place,
  generation: string,
): Promise<void> {
  const durability = durabilityOf(target, place.bucket.props)
  await writeOwned(target, place, async () => {
    for (const mountpath of target.mountpaths()) {
      if (mountpath === place.mountpath || mountpath.load(place.bucket, place.name)) {
        await mountpath.bury(place.bucket, place.name, generation, durability)
      }
    }
    if (isVersioned(place)) await dropFormerNulls(target, place)
  })
}

/** `uname` of a place that is only named. */
export function unameOf(bucket: string, name: string): string {
  return objectUname(parseBckUname(bucket), name)
}
