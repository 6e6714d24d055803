import { type Bmd, listBuckets } from '@aistore-ts/core/bucket/bmd.ts'
import { mountpathsOf } from '@aistore-ts/core/config/local-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { createAtimeTracker } from '@aistore-ts/core/target/atime-tracker.ts'
import { createNameLocks } from '@aistore-ts/core/target/name-locks.ts'
import type { TargetNode } from '@aistore-ts/core/target/target.ts'
import { openMountpath } from '@aistore-ts/storage-driver/mountpath/open-mountpath.ts'

export interface TargetParts {
  readonly context: NodeContext
  refresh(): Promise<void>
}

/** A target with its disks open. */
export interface RunningTarget {
  readonly target: TargetNode
  /** Housekeeping, once per keepalive interval. */
  tick(): Promise<void>
  close(): Promise<void>
}

/** Opens every disk or none. */
async function openAll(context: NodeContext): Promise<Mountpath[]> {
  const { platform, localConfig, log, settings } = context
  const { files, sqlite } = platform
  if (files === undefined || sqlite === undefined) {
    throw new AisError(
      'ErrUnsupp',
      `a target cannot run on ${platform.name}: it has no disk access`,
    )
  }
  const paths = mountpathsOf(localConfig)
  if (paths.size === 0) throw new AisError('ErrBadRequest', 'a target needs mountpaths (fspaths)')
  const opened: Mountpath[] = []
  try {
    for (const [path, label] of paths) {
      opened.push(
        await openMountpath(path, {
          label,
          files,
          sqlite,
          clock: platform.clock,
          random: platform.random,
          log,
          createHasher: platform.createHasher,
          outOfSpacePercent: () => settings.current().space.out_of_space,
        }),
      )
    }
    return opened
  } catch (error) {
    await Promise.all(opened.map((mountpath) => mountpath.close()))
    throw error
  }
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
export async function composeTarget({ context, refresh }: TargetParts): Promise<RunningTarget> {
  const mountpaths = await openAll(context)
  const atimes = createAtimeTracker(context.platform.clock)
  const target: TargetNode = {
    ...context,
    mountpaths: () => mountpaths,
    locks: createNameLocks(),
    atimes,
    refreshMetadata: refresh,
  }
  const { metadata } = context
  let followed = metadata.bmd()
  await followBmd(mountpaths, followed, followed)
  metadata.onChange(async (now, changed) => {
    if (changed.bmd === undefined) return
    await followBmd(mountpaths, followed, changed.bmd)
    followed = now.bmd()
  })
  let ticks = 0
  return {
    target,
    async tick() {
      ticks += 1
      if (ticks % atimeFlushTicks === 0) await atimes.flush()
    },
    async close() {
      await atimes.flush()
      await Promise.all(mountpaths.map((mountpath) => mountpath.close()))
    },
  }
}
