import { bckUname } from '../bucket/bck.ts'
import { findBucket } from '../bucket/bmd.ts'
import { parseBckUname } from '../bucket/names.ts'
import { isRebalancing, rebalanceId } from '../cluster/rmd.ts'
import { AisError } from '../errors/ais-error.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { TargetNode } from '../target/target.ts'
import { createPace } from './pace.ts'
import { countWork, isAtWork, newJob, snapOf, type XactionJob } from './xaction-job.ts'
import type { RegisteredKind, Work } from './xaction-kind.ts'
import { aboutOrder, createOrderDesk, ignoresUnrest } from './xaction-orders.ts'
import type { XactionOrder, XactionRecords } from './xaction-record.ts'
import type { XactionRunner } from './xaction-runner.ts'
import { createXactionStore, keptEndedMax } from './xaction-store.ts'

/** Jobs that ended and are remembered. */
const endedMax = 1_024
/** How long a job of a kind that idles stays without work, ms. */
const idleMs = 20_000
/** Arguments longer than this are not kept over a restart: such a job is reported as interrupted. */
const keptArgsLengthMax = 64 * 1024

const bucketGone = 'its bucket is gone'

export interface XactionRunnerParts {
  readonly context: NodeContext
  /** The target itself, once it is put together. */
  readonly target: () => TargetNode
  readonly store: DocumentStore
  readonly kinds: readonly RegisteredKind[]
  /** A job failed here: the others are to end as well. */
  onFailed(job: Pick<XactionJob, 'id' | 'targets'>, reason: string): void
}

/** @throws what the document store throws */
export async function createXactionRunner(parts: XactionRunnerParts): Promise<XactionRunner> {
  const { context, target: targetOf, onFailed } = parts
  const { platform, log, metadata } = context
  const { clock } = platform
  const jobs = new Map<string, XactionJob>()
  const kinds = new Map(parts.kinds.map((kind) => [kind.kind, kind]))
  const interrupted: { readonly order: XactionOrder; readonly startedAt: number }[] = []
  const orders = createOrderDesk({ metadata, target: targetOf, kinds, jobs })
  let isClosing = false

  /** What starts a job again after a restart. */
  function keptOrder(job: XactionJob): XactionOrder | undefined {
    if (job.kind?.traits.resumes !== true || job.order === undefined || !isAtWork(job)) return
    return JSON.stringify(job.order.args).length <= keptArgsLengthMax ? job.order : undefined
  }

  const records = (): XactionRecords => {
    const all = [...jobs.values()]
    const ended = all.filter((job) => job.endedAt !== undefined).slice(-keptEndedMax)
    const open = all.filter((job) => job.endedAt === undefined)
    return {
      jobs: [...ended, ...open].map((job) => ({ snap: snapOf(job), order: keptOrder(job) })),
    }
  }
  const store = createXactionStore(parts.store, log, records)

  function end(job: XactionJob, reason?: string): void {
    if (job.endedAt !== undefined) return
    job.endedAt = clock.now()
    job.aborted = reason !== undefined
    job.reason = reason
    // One that a stop of the node interrupts is open on record, and so runs on or is reported when the node is back.
    // One that is done in the calls of clients is of no interest then, and may be one of hundreds each second.
    if (job.order !== undefined) {
      if (!isClosing) void store.save()
      const { kindName: kind, id, stats, failed } = job
      log.info('job ended', { kind, id, ...stats, failed, reason })
    }
  }

  /** The oldest of those that ended are forgotten. */
  function trim(): void {
    const ended = [...jobs.values()].filter((one) => one.endedAt !== undefined)
    for (const one of ended.slice(0, Math.max(0, ended.length - endedMax))) jobs.delete(one.id)
  }

  /** What was idle long enough has ended. */
  function endIdle(): void {
    const before = clock.monotonic() - idleMs
    for (const job of jobs.values()) {
      if (job.idleSince !== undefined && job.idleSince <= before) end(job)
    }
    trim()
  }

  /** It may fail of that before it hears of it. */
  const isBucketGone = ({ bck, to }: XactionJob) =>
    [bck, to].some(
      (uname) =>
        uname !== undefined && findBucket(metadata.bmd(), parseBckUname(uname)) === undefined,
    )

  async function execute(job: XactionJob, run: () => AsyncGenerator<Work, void>): Promise<void> {
    const { signal } = job.abort
    const pace = createPace(platform, () => context.settings.current().disk)
    try {
      for await (const work of run()) {
        countWork(job, work)
        if (signal.aborted) break
        await pace.next(signal)
      }
      if (signal.aborted) end(job, String(signal.reason))
      else if (job.kind?.traits.idles) job.idleSince = clock.monotonic()
      else end(job)
    } catch (error) {
      if (signal.aborted) return end(job, String(signal.reason))
      if (isBucketGone(job)) return end(job, bucketGone)
      const text = error instanceof Error ? error.message : String(error)
      const reason = `t[${context.self().daemonId}]: ${text}`
      log.error('job failed', { kind: job.kindName, id: job.id, error })
      end(job, reason)
      onFailed(job, reason)
    }
  }

  async function begin(order: XactionOrder, startedAt: number): Promise<void> {
    const abort = new AbortController()
    const { run, workers } = await orders.prepare(order, abort.signal)
    const about = aboutOrder(order, kinds.get(order.kind), startedAt)
    const job = newJob({ ...about, workers }, abort)
    jobs.set(order.id, job)
    await store.save()
    job.running = execute(job, run)
  }

  for (const { snap, order } of await store.load()) {
    const { id, kind: kindName, bck, to, targets = [], detail, startedAt } = snap
    const kind = kinds.get(kindName)
    const job = newJob({ id, kindName, kind, order, bck, to, targets, detail, startedAt })
    Object.assign(job.stats, snap.stats)
    jobs.set(id, job)
    if (snap.endedAt !== undefined || snap.idle) {
      job.endedAt = snap.endedAt ?? clock.now()
      job.aborted = snap.aborted
      job.reason = snap.error
    } else if (order === undefined) end(job, `interrupted: t[${context.self().daemonId}] restarted`)
    else interrupted.push({ order, startedAt })
  }

  return {
    async check(order) {
      await orders.prepare(order, new AbortController().signal)
    },
    async start(order) {
      if (jobs.has(order.id)) throw new AisError('ErrBusy', `job "${order.id}" is there already`)
      await begin(order, clock.now())
    },
    track({ id, kind, bck, detail }) {
      const uname = bck && bckUname(bck)
      const none = { order: undefined, to: undefined, targets: [], startedAt: clock.now() }
      const job = newJob({ id, kindName: kind, kind: kinds.get(kind), bck: uname, detail, ...none })
      jobs.set(id, job)
      return {
        id,
        signal: job.abort.signal,
        isOver: () => job.endedAt !== undefined,
        count: (work) => countWork(job, work),
        idle() {
          job.idleSince ??= clock.monotonic()
        },
        end: (failure) => end(job, failure),
      }
    },
    stop({ id, kind, bck }, reason) {
      for (const job of jobs.values()) {
        if (job.endedAt !== undefined) continue
        if (id !== undefined && job.id !== id) continue
        if (kind !== undefined && job.kindName !== kind) continue
        if (bck !== undefined && job.bck !== bck && job.to !== bck) continue
        job.abort.abort(reason)
        const waits = interrupted.findIndex(({ order }) => order.id === job.id)
        if (waits >= 0) interrupted.splice(waits, 1)
        // Nothing runs that could end it.
        if (waits >= 0 || !isAtWork(job) || job.order === undefined) end(job, reason)
      }
    },
    snaps() {
      endIdle()
      return [...jobs.values()].map(snapOf)
    },
    async forget(id) {
      if (jobs.get(id)?.endedAt === undefined) return
      jobs.delete(id)
      await store.save()
    },
    tick() {
      endIdle()
      if (!context.ready()) return
      for (const { order, startedAt } of interrupted.splice(0)) {
        begin(order, startedAt).catch((error: unknown) => {
          const job = jobs.get(order.id)
          const text = error instanceof Error ? error.message : String(error)
          if (job) end(job, `interrupted: t[${context.self().daemonId}] restarted, and now ${text}`)
        })
      }
    },
    follow() {
      const rmd = metadata.rmd()
      const endsOthers = isRebalancing(rmd) && !ignoresUnrest(metadata.config())
      for (const job of jobs.values()) {
        if (!isAtWork(job)) continue
        if (endsOthers && job.kind?.traits.needsRest) {
          job.abort.abort(`aborted by rebalance[${rebalanceId(rmd.version)}]`)
        }
        if (isBucketGone(job)) job.abort.abort(bucketGone)
      }
    },
    async close() {
      isClosing = true
      for (const job of jobs.values()) {
        if (isAtWork(job)) job.abort.abort('interrupted: the target stops')
      }
      await Promise.all([...jobs.values()].map(({ running }) => running))
      await store.settled()
    },
  }
}
