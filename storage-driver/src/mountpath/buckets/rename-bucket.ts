import type { BucketRef } from '@aistore-ts/core/ports/mountpath.ts'
import type { MountpathContext } from '../context.ts'
import { parentOf } from '../journal/directories.ts'
import { fileFailure } from '../objects/work-file.ts'
import { bucketFolder, systemFolder } from './bucket-folder.ts'
import { loadBucketId } from './bucket-id.ts'
import type { LocalBucket } from './bucket-registry.ts'
import { moveToTrash } from './buckets.ts'
import { findBuckets } from './find-buckets.ts'

/** Where a bucket's folder waits, below the mountpath, when another bucket takes its name before it gets its new one. */
const asideFolder = `${systemFolder}/aside`

/** Kept from before the first folder moves until every one is where its bucket's name says. */
const unfinished = 'renaming'

/**
 * `Mountpath.renameBucket`: the row first, then the folder; the next start finishes what a crash left in between. Reads,
 * writes and uploads under way go on, since nobody keeps the path of a bucket's folder.
 */
export async function renameBucket(context: MountpathContext, ref: BucketRef): Promise<void> {
  const { buckets, catalog, crashPoint, gate, journal } = context
  gate.check()
  const bucket = buckets.get(ref)
  await journal.submit({
    durability: 'disk',
    frees: true,
    apply: () => {
      catalog.settings.store(unfinished, 'yes')
      catalog.buckets.store(ref)
    },
  })
  crashPoint('bucket-renamed')
  try {
    await bringHome(context, bucket, ref)
  } catch (error) {
    throw fileFailure(context, 'a bucket could not be renamed', error)
  }
}

/** After a crash: finds the folders that are not where their buckets' names say, and brings them there. */
export async function finishBucketRenames(context: MountpathContext): Promise<void> {
  const { buckets, catalog, files, path } = context
  if (catalog.settings.load(unfinished) === undefined) return
  const found = await findBuckets(files, path)
  for (const bucket of buckets.all()) {
    const { ref } = bucket
    const elsewhere = found.find(({ bid }) => bid === ref.bid)
    const root = elsewhere ? homeOf(path, elsewhere) : asideOf(path, ref.bid)
    if (files.lstatSync(root) !== undefined) buckets.place(ref, root)
  }
  for (const bucket of buckets.all()) await bringHome(context, bucket, bucket.ref)
}

async function bringHome(
  context: MountpathContext,
  bucket: LocalBucket,
  ref: BucketRef,
): Promise<void> {
  const { buckets, catalog, path } = context
  const root = homeOf(path, ref)
  if (bucket.root !== root) {
    await clear(context, root, ref.bid)
    await move(context, bucket, ref, root)
    await context.settler.sync()
  }
  const isHome = (one: LocalBucket) => one.root === homeOf(path, one.ref)
  if (buckets.all().every(isHome)) catalog.settings.remove(unfinished)
}

/** Nothing stands at `root` any more: a bucket of ours waits for its new name, anything else is trash. */
async function clear(context: MountpathContext, root: string, bid: bigint): Promise<void> {
  const { buckets, files, path } = context
  const other = buckets.all().find((bucket) => bucket.root === root)
  if (other !== undefined) {
    await move(context, other, other.ref, asideOf(path, other.ref.bid))
  } else if ((await loadBucketId(files, root)) !== bid) {
    moveToTrash(context, root)
  }
}

async function move(
  context: MountpathContext,
  bucket: LocalBucket,
  ref: BucketRef,
  root: string,
): Promise<void> {
  const { buckets, crashPoint, directories, files, settler } = context
  // A round of syncs that is under way would miss the directories that it knows by their old paths.
  await settler.between(() => {
    const from = bucket.root
    directories.ensure(parentOf(root))
    files.renameSync(from, root)
    directories.move(from, root)
    buckets.place(ref, root)
  })
  crashPoint('bucket-moved')
}

function homeOf(path: string, ref: BucketRef): string {
  return `${path}/${bucketFolder(ref.bck)}`
}

function asideOf(path: string, bid: bigint): string {
  return `${path}/${asideFolder}/${bid.toString(16).padStart(16, '0')}`
}
