import type { BucketRef } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeUint64 } from '../../catalog/encoding.ts'
import type { MountpathContext } from '../context.ts'
import { escapedFolder, plainFolder } from '../objects/object-path.ts'
import { fileFailure } from '../objects/work-file.ts'
import {
  bucketFolder,
  bucketIdFile,
  chunkFolder,
  systemFolder,
  workFolder,
} from './bucket-folder.ts'
import { loadBucketId, storeBucketId } from './bucket-id.ts'
import type { LocalBucket } from './bucket-registry.ts'

/** Folder of what is being deleted, below the mountpath. */
export const trashFolder = `${systemFolder}/trash`

const contentFolders = [plainFolder, escapedFolder, workFolder, chunkFolder] as const

/**
 * `Mountpath.createBucket`. Nothing happens when it is there already; a folder left by another bucket of this name is
 * trash; a folder without an ID is taken over, with the files in it.
 */
export async function createBucket(context: MountpathContext, ref: BucketRef): Promise<void> {
  const { buckets, catalog, directories, files, gate, journal, path, settler } = context
  gate.check()
  if (buckets.find(ref.bid) !== undefined) return
  const root = `${path}/${bucketFolder(ref.bck)}`
  try {
    const found = await loadBucketId(files, root)
    const former = buckets.all().find((bucket) => bucket.root === root)
    if (former !== undefined) await destroyBucket(context, former.ref)
    else if (found !== undefined && found !== ref.bid) moveToTrash(context, root)
    for (const folder of contentFolders) directories.ensure(`${root}/${folder}`)
    await storeBucketId(files, root, ref.bid)
    directories.touchParent(`${root}/${bucketIdFile}`)
    await settler.sync()
  } catch (error) {
    throw fileFailure(context, 'a bucket could not be created', error)
  }
  await journal.submit({
    durability: 'disk',
    frees: false,
    apply: () => catalog.buckets.store(ref),
  })
  if (buckets.find(ref.bid) === undefined) buckets.add(ref)
}

/** `Mountpath.destroyBucket`: empty at once; rows and files go in the background, over restarts if need be. */
export async function destroyBucket(context: MountpathContext, { bid }: BucketRef): Promise<void> {
  const { buckets, catalog, gate, inline, journal } = context
  gate.check()
  const bucket = buckets.find(bid)
  if (bucket === undefined) return
  buckets.remove(bid)
  await journal.submit({
    durability: 'disk',
    frees: true,
    apply: () => {
      catalog.buckets.remove(bid)
      catalog.buckets.addPurge(bid)
      catalog.intents.dropBucket(bucket.bid)
      catalog.bodies.dropBucket(bucket.bid)
      catalog.appends.removeBucket(bucket.bid)
    },
  })
  inline.dropBucket(bucket)
  context.crashPoint('bucket-forgotten')
  await trashBucket(context, bucket)
}

async function trashBucket(context: MountpathContext, bucket: LocalBucket): Promise<void> {
  try {
    moveToTrash(context, bucket.root)
    await context.settler.sync()
  } catch (error) {
    throw fileFailure(context, 'a bucket could not be moved to trash', error)
  }
}

/** Renames a tree out of the way; what is open in it stays readable. */
export function moveToTrash(context: MountpathContext, root: string): void {
  const { directories, files, path } = context
  if (files.lstatSync(root) === undefined) return
  const target = `${path}/${trashFolder}/${context.nextWorkId()}`
  directories.ensure(`${path}/${trashFolder}`)
  files.renameSync(root, target)
  directories.forget(root)
  directories.touchParent(root)
  directories.touchParent(target)
}

/** Deletes one step of a destroyed bucket's rows; `false` when none are left. */
export function purgeRows(context: MountpathContext, bid: bigint): boolean {
  const { catalog, limits } = context
  const key = encodeUint64(bid)
  const count =
    catalog.objects.purge(key, limits.purgeRows) ||
    catalog.uploads.purge(key, limits.purgeRows) ||
    catalog.blocks.purge(key, limits.purgeRows) ||
    catalog.tombstones.purge(key, limits.purgeRows) ||
    catalog.shardIndexes.purge(key, limits.purgeRows)
  if (count === 0) catalog.buckets.removePurge(bid)
  return count > 0
}
