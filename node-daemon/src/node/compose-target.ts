import { type Bmd, listBuckets } from '@aistore-ts/core/bucket/bmd.ts'
import { mountpathsOf } from '@aistore-ts/core/config/local-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { createAtimeTracker } from '@aistore-ts/core/target/atime-tracker.ts'
import { openMountpathTable } from '@aistore-ts/core/target/mountpaths/mountpath-table.ts'
import { createResilver } from '@aistore-ts/core/target/mountpaths/resilver.ts'
import { createNameLocks } from '@aistore-ts/core/target/name-locks.ts'
import type { TargetNode } from '@aistore-ts/core/target/target.ts'
import { openMountpath } from '@aistore-ts/storage-driver/mountpath/open-mountpath.ts'

export interface TargetParts {
  readonly context: NodeContext
  readonly store: DocumentStore
  refresh(): Promise<void>
}

/** A target with its disks open. */
export interface RunningTarget {
  readonly target: TargetNode
  /** Housekeeping, once per keepalive interval. */
  tick(): Promise<void>
  close(): Promise<void>
}

/** How this node opens a disk. @throws AisError `ErrUnsupp` where there is no disk access */
function diskOpener(context: NodeContext): (path: string, label: string) => Promise<Mountpath> {
  const { platform, log, settings } = context
  const { files, sqlite } = platform
  if (files === undefined || sqlite === undefined) {
    throw new AisError(
      'ErrUnsupp',
      `a target cannot run on ${platform.name}: it has no disk access`,
    )
  }
  return (path, label) =>
    openMountpath(path, {
      label,
      files,
      sqlite,
      clock: platform.clock,
      random: platform.random,
      log,
      createHasher: platform.createHasher,
      outOfSpacePercent: () => settings.current().space.out_of_space,
    })
}

/**
 * Brings the disks from one bucket map to the next: folders of new buckets are made, those of buckets that were in
 * the map and are no longer are emptied. A bucket no map of ours ever named is left alone: a lost map must not
 * become lost data.
 */
async function followBmd(mountpaths: readonly Mountpath[], before: Bmd, now: Bmd): Promise<void> {
  const wanted = new Map<bigint, BucketRef>()
  for (const { bck, props } of listBuckets(now)) wanted.set(props.bid, { bck, bid: props.bid })
  const dropped = listBuckets(before)
    .map(({ bck, props }): BucketRef => ({ bck, bid: props.bid }))
    .filter(({ bid }) => !wanted.has(bid))
  await Promise.all(
    mountpaths.map(async (mountpath) => {
      for (const bucket of dropped) await mountpath.destroyBucket(bucket)
      const present = new Set(mountpath.buckets().map(({ bid }) => bid))
      for (const bucket of wanted.values()) {
        if (!present.has(bucket.bid)) await mountpath.createBucket(bucket)
      }
    }),
  )
}

/** Keepalive intervals between two write-backs of access times. */
const atimeFlushTicks = 30

/** Puts a storage node together: disks, locks, and the bucket map they follow. */
export async function composeTarget(parts: TargetParts): Promise<RunningTarget> {
  const { context, store, refresh } = parts
  const { metadata, localConfig, log } = context
  const configured = mountpathsOf(localConfig)
  if (configured.size === 0) {
    throw new AisError('ErrBadRequest', 'a target needs mountpaths (fspaths)')
  }
  const table = await openMountpathTable({
    store,
    log,
    configured,
    openMountpath: diskOpener(context),
    onOpen: (mountpath) => followBmd([mountpath], metadata.bmd(), metadata.bmd()),
  })
  const locks = createNameLocks()
  const atimes = createAtimeTracker(context.platform.clock)
  const resilver = createResilver({ context, table, locks })
  const target: TargetNode = {
    ...context,
    mountpaths: table.open,
    availableMountpaths: table.available,
    mountpathTable: table,
    resilver,
    locks,
    atimes,
    refreshMetadata: refresh,
  }
  let followed = metadata.bmd()
  await followBmd(table.open(), followed, followed)
  metadata.onChange(async (now, changed) => {
    if (changed.bmd === undefined) return
    await followBmd(table.open(), followed, changed.bmd)
    followed = now.bmd()
  })
  // Disks were on their way out when the target stopped.
  if (table.list().waitingDD.length > 0) resilver.start()
  let ticks = 0
  return {
    target,
    async tick() {
      ticks += 1
      if (ticks % atimeFlushTicks === 0) await atimes.flush()
    },
    async close() {
      await resilver.stop()
      await atimes.flush()
      await table.close()
    },
  }
}
