import { objectUname } from '../../bucket/bck.ts'
import { findBucket } from '../../bucket/bmd.ts'
import type { NodeContext } from '../../node/node-context.ts'
import type { BucketRef, Durability, Mountpath } from '../../ports/mountpath.ts'
import { durabilityOf } from '../durability.ts'
import type { NameLocks } from '../name-locks.ts'
import { newestStampOn } from './newest-stamp.ts'

export interface ReconcileParts {
  readonly context: NodeContext
  readonly locks: NameLocks
  /** The disks in use. */
  readonly others: () => readonly Mountpath[]
}

/** Rows asked of a catalog per step. */
const stepRows = 500

/**
 * Takes a disk that was away into use: what the others know to be older, or deleted, goes from it first, and what was
 * deleted on it goes from the others. Of two versions of a name the newer stays. Names that are written meanwhile are
 * looked at again, also after `use`.
 * @param use resolves when objects are looked for on the disk
 */
export async function reconcile(
  parts: ReconcileParts,
  disk: Mountpath,
  use: () => Promise<void>,
): Promise<void> {
  const { context, locks } = parts
  const { metadata, platform, log } = context
  const changed = new Set<string>()
  const unwatch = locks.watch((uname) => changed.add(uname))
  let removed = 0

  /** Whether one of the disks has a newer version, or a newer tombstone, than the version that `at` has. */
  function isStale(at: Mountpath, disks: readonly Mountpath[], bucket: BucketRef, name: string) {
    const own = at.load(bucket, name)
    const newest = newestStampOn(disks, bucket, name)
    return own !== undefined && newest !== undefined && newest.generation > own.generation
  }

  async function check(bucket: BucketRef, durability: Durability, name: string): Promise<void> {
    const disks = [...parts.others().filter((other) => other !== disk), disk]
    for (const at of disks) {
      if (!isStale(at, disks, bucket, name)) continue
      await locks.write(objectUname(bucket.bck, name), async () => {
        if (!isStale(at, disks, bucket, name)) return
        await at.remove(bucket, name, durability, { moved: true })
        removed += 1
      })
    }
  }

  /** The buckets of the map that are on the disk. */
  function buckets(): readonly { readonly bucket: BucketRef; readonly durability: Durability }[] {
    return disk.buckets().flatMap((bucket) => {
      const props = findBucket(metadata.bmd(), bucket.bck)
      if (props === undefined || props.bid !== bucket.bid) return []
      return [{ bucket, durability: durabilityOf(context, props) }]
    })
  }

  async function walk(
    bucket: BucketRef,
    durability: Durability,
    page: (after: string) => readonly { readonly name: string }[],
  ): Promise<void> {
    for (let after = ''; ; ) {
      const rows = page(after)
      const last = rows.at(-1)
      if (last === undefined) return
      for (const { name } of rows) await check(bucket, durability, name)
      after = last.name
      await catchUp()
      await platform.clock.sleep(0)
    }
  }

  async function catchUp(): Promise<void> {
    for (const uname of changed) {
      changed.delete(uname)
      for (const { bucket, durability } of buckets()) {
        const prefix = objectUname(bucket.bck, '')
        if (!uname.startsWith(prefix)) continue
        await check(bucket, durability, uname.slice(prefix.length))
      }
    }
  }

  try {
    for (const { bucket, durability } of buckets()) {
      const query = { prefix: '', limit: stepRows }
      await walk(bucket, durability, (after) => disk.listBrief(bucket, { ...query, after }))
      await walk(bucket, durability, (after) => disk.tombstones(bucket, after, stepRows))
    }
    await catchUp()
    await use()
    await catchUp()
  } finally {
    unwatch()
  }
  if (removed > 0) log.info('a disk came back with old objects', { path: disk.path, removed })
}
