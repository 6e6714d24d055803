import { objectUname } from '../../bucket/bck.ts'
import { findBucket } from '../../bucket/bmd.ts'
import type { NodeContext } from '../../node/node-context.ts'
import type { BucketRef, Durability, Mountpath } from '../../ports/mountpath.ts'
import { durabilityOf } from '../durability.ts'
import { isFormerNull, knownRows } from '../known-rows.ts'
import type { NameLocks } from '../name-locks.ts'
import { newestStampOn } from './newest-stamp.ts'

export interface ReconcileParts {
  readonly context: NodeContext
  readonly locks: NameLocks
  /** The disks in use. */
  readonly others: () => readonly Mountpath[]
}

/** A bucket of the map that is on the disk. */
interface Kept {
  readonly bucket: BucketRef
  readonly versioned: boolean
  readonly durability: Durability
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
  function isStale(
    at: Mountpath,
    disks: readonly Mountpath[],
    { bucket, versioned }: Kept,
    name: string,
  ): boolean {
    const own = at.load(bucket, name)
    if (own === undefined) return false
    const newest = newestStampOn(disks, bucket, name)
    if (newest !== undefined && newest.generation > own.generation) return true
    return versioned && isFormerNull(disks, bucket, name)
  }

  const allDisks = () => [...parts.others().filter((other) => other !== disk), disk]

  async function check(kept: Kept, name: string): Promise<void> {
    const { bucket, durability } = kept
    const disks = allDisks()
    for (const at of disks) {
      if (!isStale(at, disks, kept, name)) continue
      await locks.write(objectUname(bucket.bck, name), async () => {
        if (!isStale(at, disks, kept, name)) return
        await at.remove(bucket, name, durability, { moved: true })
        removed += 1
      })
    }
  }

  /** The buckets of the map that are on the disk. */
  function buckets(): readonly Kept[] {
    return disk.buckets().flatMap((bucket) => {
      const props = findBucket(metadata.bmd(), bucket.bck)
      if (props === undefined || props.bid !== bucket.bid) return []
      const versioned = props.s3.versioning !== undefined
      return [{ bucket, versioned, durability: durabilityOf(context, props) }]
    })
  }

  async function walk(
    kept: Kept,
    page: (after: string) => readonly { readonly name: string }[],
  ): Promise<void> {
    for (let after = ''; ; ) {
      const rows = page(after)
      const last = rows.at(-1)
      if (last === undefined) return
      for (const { name } of rows) await check(kept, name)
      after = last.name
      await catchUp()
      await platform.clock.sleep(0)
    }
  }

  async function catchUp(): Promise<void> {
    for (const uname of changed) {
      changed.delete(uname)
      for (const kept of buckets()) {
        const prefix = objectUname(kept.bucket.bck, '')
        if (!uname.startsWith(prefix)) continue
        const name = uname.slice(prefix.length)
        const { bucket, versioned } = kept
        const rows = versioned ? knownRows(allDisks(), { bucket, name }) : [{ name }]
        for (const row of rows) await check(kept, row.name)
      }
    }
  }

  try {
    for (const kept of buckets()) {
      const { bucket } = kept
      const query = { prefix: '', limit: stepRows }
      await walk(kept, (after) => disk.listBrief(bucket, { ...query, after }))
      await walk(kept, (after) => disk.tombstones(bucket, after, stepRows))
    }
    await catchUp()
    await use()
    await catchUp()
  } finally {
    unwatch()
  }
  if (removed > 0) log.info('a disk came back with old objects', { path: disk.path, removed })
}
