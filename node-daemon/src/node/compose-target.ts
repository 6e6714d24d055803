import type { Bmd } from '@aistore-ts/core/bucket/bmd.ts'
import { mountpathsOf } from '@aistore-ts/core/config/local-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { createAtimeTracker } from '@aistore-ts/core/target/atime-tracker.ts'
import { openMountpathTable } from '@aistore-ts/core/target/mountpaths/mountpath-table.ts'
import { createResilver } from '@aistore-ts/core/target/mountpaths/resilver.ts'
import { createNameLocks } from '@aistore-ts/core/target/name-locks.ts'
import type { TargetNode } from '@aistore-ts/core/target/target.ts'
import { readDiskTitle } from '@aistore-ts/storage-driver/mountpath/disk-title.ts'
import type { MountpathLimits } from '@aistore-ts/storage-driver/mountpath/limits.ts'
import { openMountpath } from '@aistore-ts/storage-driver/mountpath/open-mountpath.ts'
import { openBucketFolders } from './bucket-folders.ts'

export interface TargetParts {
  readonly context: NodeContext
  readonly store: DocumentStore
  /** What departs from the limits of every disk. */
  readonly limits?: Partial<MountpathLimits> | undefined
  refresh(): Promise<void>
}

/** A target with its disks open. */
export interface RunningTarget {
  readonly target: TargetNode
  /** Housekeeping, once per keepalive interval. */
  tick(): Promise<void>
  /** Every object of every bucket goes: the cluster has no more use for this target's data. */
  removeAll(): Promise<void>
  close(): Promise<void>
}

/**
 * How this node opens a disk; its title goes into `titles`.
 * @throws AisError `ErrUnsupp` where there is no disk access
 */
function diskOpener(
  { context, limits }: TargetParts,
  titles: WeakMap<Mountpath, string>,
): (path: string, label: string) => Promise<Mountpath> {
  const { platform, log, settings, stats } = context
  const { files, sqlite } = platform
  if (files === undefined || sqlite === undefined) {
    throw new AisError(
      'ErrUnsupp',
      `a target cannot run on ${platform.name}: it has no disk access`,
    )
  }
  return async (path, label) => {
    const title = await readDiskTitle(path, label, files)
    const mountpath = await openMountpath(path, {
      label,
      files,
      sqlite,
      clock: platform.clock,
      random: platform.random,
      log,
      createHasher: platform.createHasher,
      limits,
      settings: {
        outOfSpacePercent: () => settings.current().space.out_of_space,
        cleanupGraceMs: () => settings.current().space.dont_cleanup_time,
      },
      count: stats.add,
    })
    titles.set(mountpath, title)
    return mountpath
  }
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
  const folders = await openBucketFolders(store)
  const titles = new WeakMap<Mountpath, string>()
  const table = await openMountpathTable({
    store,
    log,
    configured,
    openMountpath: diskOpener(parts, titles),
    onOpen: (mountpath) => folders.follow([mountpath], metadata.bmd(), false),
  })
  const locks = createNameLocks()
  const atimes = createAtimeTracker(context.platform.clock)
  const resilver = createResilver({ context, table, locks })
  const target: TargetNode = {
    ...context,
    mountpaths: table.open,
    availableMountpaths: table.available,
    diskTitle: (mountpath) => titles.get(mountpath) ?? '',
    mountpathTable: table,
    resilver,
    locks,
    atimes,
    refreshMetadata: refresh,
  }
  const follow = (bmd: Bmd) => folders.follow(table.open(), bmd, table.list().disabled.length === 0)
  await follow(metadata.bmd())
  metadata.onChange(async (_, { bmd }) => {
    if (bmd !== undefined) await follow(bmd)
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
    async removeAll() {
      for (const mountpath of table.open()) {
        for (const bucket of mountpath.buckets()) await mountpath.destroyBucket(bucket)
      }
    },
    async close() {
      await resilver.stop()
      await atimes.flush()
      await table.close()
    },
  }
}
