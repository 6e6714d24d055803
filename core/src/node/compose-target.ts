import type { Bmd } from '../bucket/bmd.ts'
import { mountpathsOf } from '../config/local-config.ts'
import { AisError } from '../errors/ais-error.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Mountpath } from '../ports/mountpath.ts'
import { createAtimeTracker } from '../target/atime-tracker.ts'
import { openMountpathTable } from '../target/mountpaths/mountpath-table.ts'
import { createResilver } from '../target/mountpaths/resilver.ts'
import { createNameLocks } from '../target/name-locks.ts'
import type { TargetNode } from '../target/target.ts'
import { openBucketFolders } from './bucket-folders.ts'
import type { NodeContext } from './node-context.ts'

/** A disk in use, and what its system says it is. */
export interface OpenDisk {
  readonly mountpath: Mountpath
  readonly title: string
}

export interface TargetParts {
  readonly context: NodeContext
  readonly store: DocumentStore
  /** How this node opens a disk. @throws AisError when it cannot be used */
  openDisk(path: string, label: string): Promise<OpenDisk>
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

/** Keepalive intervals between two write-backs of access times. */
const atimeFlushTicks = 30

/** Puts a storage node together: disks, locks, and the bucket map they follow. */
export async function composeTarget(parts: TargetParts): Promise<RunningTarget> {
  const { context, store, refresh, openDisk } = parts
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
    async openMountpath(path, label) {
      const { mountpath, title } = await openDisk(path, label)
      titles.set(mountpath, title)
      return mountpath
    },
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
