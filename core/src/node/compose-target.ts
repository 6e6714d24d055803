import type { Bmd } from '../bucket/bmd.ts'
import { isRebalancing } from '../cluster/rmd.ts'
import { mountpathsOf } from '../config/local-config.ts'
import { nonceWindowMs } from '../config/redirect-auth.ts'
import { createDownloads } from '../download/downloads.ts'
import { AisError } from '../errors/ais-error.ts'
import { createBatchAdmission } from '../get-batch/batch-admission.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Mountpath } from '../ports/mountpath.ts'
import { createSpentNonces } from '../redirect/spent-nonces.ts'
import { createAtimeTracker } from '../target/atime-tracker.ts'
import { createKnownPlaces } from '../target/known-places.ts'
import { createLifecycle } from '../target/lifecycle/lifecycle.ts'
import { createListJobs } from '../target/list-jobs.ts'
import { openMountpathTable } from '../target/mountpaths/mountpath-table.ts'
import { reconcile } from '../target/mountpaths/reconcile.ts'
import { createResilver } from '../target/mountpaths/resilver.ts'
import { createNameLocks } from '../target/name-locks.ts'
import { createSettledNames } from '../target/rebalance/newest.ts'
import { createRebalancer } from '../target/rebalance/rebalancer.ts'
import { createSentObjects } from '../target/rebalance/sent-objects.ts'
import { createSpaceWatch } from '../target/space-watch.ts'
import type { TargetNode } from '../target/target.ts'
import { createWriteFence } from '../target/write-fence.ts'
import { createXactionRunner } from '../xaction/create-xaction-runner.ts'
import { xactionKinds } from '../xaction/kinds.ts'
import { tellOthers } from '../xaction/tell-others.ts'
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
  /**
   * How this node opens a disk.
   * @param keepTombstones a disk or target is away, or objects are on the move: no delete may be forgotten
   * @throws AisError when it cannot be used
   */
  openDisk(path: string, label: string, keepTombstones: () => boolean): Promise<OpenDisk>
  refresh(): Promise<void>
  /** As `Membership.confirmedAt`. */
  confirmedAt(): number
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
  const locks = createNameLocks()
  // Nobody knows before the table is there.
  let isAnyDisabled = () => true
  const isAnythingAway = () => {
    const rmd = metadata.rmd()
    return isAnyDisabled() || isRebalancing(rmd) || rmd.absent.length > 0
  }
  const table = await openMountpathTable({
    store,
    log,
    configured,
    async openMountpath(path, label) {
      const { mountpath, title } = await openDisk(path, label, isAnythingAway)
      titles.set(mountpath, title)
      return mountpath
    },
    async onOpen(mountpath, use) {
      await folders.follow([mountpath], metadata.bmd(), false)
      await reconcile({ context, locks, others: table.open }, mountpath, use)
    },
  })
  isAnyDisabled = () => table.list().disabled.length > 0
  const atimes = createAtimeTracker(context.platform.clock)
  const resilver = createResilver({ context, table, locks })
  const sent = createSentObjects(context.platform.clock.monotonic)
  const rebalancer = createRebalancer({
    context,
    mountpaths: table.open,
    locks,
    sent,
    onFinished: () => void refresh(),
  })
  const xactions = await createXactionRunner({
    context,
    target: () => target,
    store,
    kinds: xactionKinds,
    onFailed: (job, reason) => tellOthers(context, job, reason),
  })
  const target: TargetNode = {
    ...context,
    xactions,
    listings: createListJobs(xactions),
    downloads: await createDownloads(store, log),
    rebalancer,
    settled: createSettledNames(),
    sent,
    mountpaths: table.open,
    availableMountpaths: table.available,
    diskTitle: (mountpath) => titles.get(mountpath) ?? '',
    mountpathTable: table,
    resilver,
    locks,
    atimes,
    places: createKnownPlaces(),
    isAnythingAway,
    refreshMetadata: refresh,
    makeBucketFolders: () => makeFolders().catch(() => undefined),
    redirects: {
      pairKeys: context.pairKeys,
      nonces: createSpentNonces(
        () => nonceWindowMs(metadata.config().auth),
        context.platform.clock.monotonic,
      ),
      startedAt: context.startedAt,
    },
    batches: createBatchAdmission(context.platform),
    fence: createWriteFence({
      control: context.control,
      clock: context.platform.clock,
      confirmedAt: parts.confirmedAt,
      refresh,
    }),
  }
  const follow = (bmd: Bmd) => folders.follow(table.open(), bmd, table.list().disabled.length === 0)
  const makeFolders = async () => {
    // Placement goes by name, among disks as among targets.
    if (await follow(metadata.bmd())) resilver.start()
  }
  const isRenamed = await follow(metadata.bmd())
  metadata.onChange(async (now, { bmd }) => {
    if (bmd !== undefined) await makeFolders()
    rebalancer.follow(now.rmd())
    target.xactions.follow()
  })
  rebalancer.follow(metadata.rmd())
  // Or disks were on their way out when the target stopped.
  if (isRenamed || table.list().waitingDD.length > 0) resilver.start()
  if (table.available().length === 0) context.lifecycle.standAside()
  const lifecycle = createLifecycle(target)
  const space = createSpaceWatch(target)
  let ticks = 0
  return {
    target,
    async tick() {
      ticks += 1
      lifecycle.tick()
      if (context.ready()) space.tick()
      target.xactions.tick()
      if (ticks % atimeFlushTicks === 0) await atimes.flush()
    },
    async removeAll() {
      for (const mountpath of table.open()) {
        for (const bucket of mountpath.buckets()) await mountpath.destroyBucket(bucket)
      }
    },
    async close() {
      await target.xactions.close()
      await lifecycle.stop()
      await space.stop()
      await rebalancer.stop()
      await resilver.stop()
      await atimes.flush()
      await table.close()
    },
  }
}
