import { toBase36 } from '../../algorithms/short-id.ts'
import { bckUname, objectUname } from '../../bucket/bck.ts'
import { listBuckets } from '../../bucket/bmd.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { isRebalancing, type Rmd, rebalanceId } from '../../cluster/rmd.ts'
import { activeTargets } from '../../cluster/smap.ts'
import type { Snode } from '../../cluster/snode.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import type { NodeContext } from '../../node/node-context.ts'
import type { Mountpath, ObjectMeta } from '../../ports/mountpath.ts'
import { stringifyJson } from '../../wire/json.ts'
import { durabilityOf } from '../durability.ts'
import type { NameLocks } from '../name-locks.ts'
import type { TargetBucket } from '../target.ts'
import { encodeMoved } from './moved-object.ts'
import type { SentObjects } from './sent-objects.ts'

/** What a target did in a rebalance, so far or in all. */
export interface RebalanceStatus {
  /** `g<version>`. */
  readonly id: string
  /** Unix ms. */
  readonly startedAt: number
  /** Unix ms; absent while it runs. */
  readonly endedAt: number | undefined
  /** A newer one took its place, it was stopped, or the target stops. */
  readonly aborted: boolean
  readonly outObjects: number
  readonly outBytes: number
  readonly inObjects: number
  readonly inBytes: number
}

/** A target's part in global rebalances: sends away what belongs to others. */
export interface Rebalancer {
  /** Follows the RMD: begins, gives way to a newer one, stops. */
  follow(rmd: Rmd): void
  /** Newest rebalance in which nothing is left to send. */
  finished(): number
  /** The latest ones, newest last. */
  statuses(): readonly RebalanceStatus[]
  /** Counts an object that came in. */
  countIn(sizeBytes: number): void
  /** Resolves when nothing of it runs. */
  stop(): Promise<void>
}

export interface RebalancerParts {
  readonly context: NodeContext
  readonly mountpaths: () => readonly Mountpath[]
  readonly locks: NameLocks
  readonly sent: SentObjects
  /** A rebalance of this target came to its end: the primary should hear it soon. */
  onFinished(): void
}

/** Rows asked of a catalog per step. */
const stepRows = 500
/** Objects on their way at once. */
const sendersMax = 4
/** Pause before another try with a peer that did not take an object, ms. */
const retryMs = 250
/**
 * Time a peer has to answer, ms, counted from the last byte that moved: a peer that was cut off meanwhile is asked again
 * soon. It answers when the object is durable, which takes longer the larger it is.
 */
const answerMs = 10_000
/** What the slowest disk takes in, bytes per ms. */
const slowestBytesPerMs = 8_192
/** An object whose bytes arrive with a wrong checksum so many times is damaged here, not on the way. */
const badSendsMax = 3
const statusesMax = 64

interface Run {
  readonly version: number
  readonly startedAt: number
  endedAt: number | undefined
  aborted: boolean
  outObjects: number
  outBytes: number
  inObjects: number
  inBytes: number
}

export function createRebalancer(parts: RebalancerParts): Rebalancer {
  const { context, locks, sent } = parts
  const { metadata, platform, transport, log } = context
  const { clock } = platform
  const runs: Run[] = []
  let finished = 0
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const newest = () => runs.at(-1)
  const selfId = () => context.self().daemonId

  /** Who owns the name now; nothing while nobody can. */
  function ownerOf(uname: string): Snode | undefined {
    const smap = metadata.smap()
    return activeTargets(smap).length === 0 ? undefined : hrwTarget(smap, uname)
  }

  async function send(
    run: Run,
    owner: Snode,
    from: Mountpath,
    bucket: TargetBucket,
    meta: ObjectMeta,
  ): Promise<void> {
    const open = await from.open(bucket, meta.name)
    try {
      const { generation, sizeBytes } = open.meta
      const { chunks, lengthBytes } = encodeMoved(
        {
          rebalance: run.version,
          bucket: bckUname(bucket.bck),
          bid: toBase36(bucket.bid),
          meta: open.meta,
        },
        open,
      )
      const call = { method: 'PUT', target: '/v1/objstream/object', body: chunks, lengthBytes }
      const patienceMs = answerMs + Math.ceil(sizeBytes / slowestBytesPerMs)
      await checkStatus(await transport.call(owner, 'data', call, patienceMs))
      run.outObjects += 1
      run.outBytes += sizeBytes
      const durability = durabilityOf(context, bucket.props)
      const uname = objectUname(bucket.bck, meta.name)
      await locks.write(uname, async () => {
        // By another map since then it may be this target's again, and the other one counts on the copy here.
        if (ownerOf(uname)?.daemonId !== owner.daemonId) return
        sent.add(bucket, { meta: open.meta, mountpath: from })
        await from.remove(bucket, meta.name, durability, { expect: { generation }, moved: true })
      })
    } finally {
      open.close()
    }
  }

  /**
   * Tries until the object is at its owner, gone from here, or the run is over. `false`: what is here cannot be read,
   * and will not be read better later: it stays, for the scrub.
   */
  async function bringHome(
    run: Run,
    from: Mountpath,
    bucket: TargetBucket,
    name: string,
  ): Promise<boolean> {
    const uname = objectUname(bucket.bck, name)
    for (let badSends = 0; !run.aborted; ) {
      const owner = ownerOf(uname)
      const meta = from.load(bucket, name)
      if (meta === undefined || owner?.daemonId === selfId()) return true
      if (owner === undefined) {
        // Nobody is in service: it stays here until somebody is, and the run does not end before.
        await clock.sleep(retryMs)
        continue
      }
      try {
        await send(run, owner, from, bucket, meta)
        return true
      } catch (error) {
        if (from.load(bucket, name) === undefined) return true
        if (isAisError(error, 'ErrBadCksum')) badSends += 1
        if (isAisError(error, 'ErrObjDefunct') || badSends === badSendsMax) {
          log.warn('rebalance: a damaged object stays where it is', { uname, error })
          return false
        }
        log.debug('rebalance: object not taken', { name, owner: owner.daemonId, error })
        await clock.sleep(retryMs)
      }
    }
    return true
  }

  /** Brings home what is elsewhere's. How many there were, but for what cannot be read. */
  async function walk(run: Run, from: Mountpath, bucket: TargetBucket): Promise<number> {
    let misplaced = 0
    for (let after = ''; !run.aborted; ) {
      const rows = from.list(bucket, { prefix: '', after, limit: stepRows, full: false })
      const last = rows.at(-1)
      if (last === undefined) break
      const queue = rows
        .map(({ name }) => name)
        .filter((name) => ownerOf(objectUname(bucket.bck, name))?.daemonId !== selfId())
      const sender = async () => {
        for (let name = queue.pop(); name !== undefined && !run.aborted; name = queue.pop()) {
          if (await bringHome(run, from, bucket, name)) misplaced += 1
        }
      }
      await Promise.all(Array.from({ length: sendersMax }, sender))
      after = last.name
      await clock.sleep(0)
    }
    return misplaced
  }

  /** What was deleted here while others were away, told to who owns the names now. */
  async function tellTombstones(run: Run, from: Mountpath, bucket: TargetBucket): Promise<void> {
    for (let after = ''; !run.aborted; ) {
      const graves = from.tombstones(bucket, after, stepRows)
      const last = graves.at(-1)
      if (last === undefined) return
      const byOwner = new Map<Snode, { name: string; generation: string }[]>()
      for (const grave of graves) {
        const owner = ownerOf(objectUname(bucket.bck, grave.name))
        if (owner === undefined || owner.daemonId === selfId()) continue
        byOwner.set(owner, [...(byOwner.get(owner) ?? []), grave])
      }
      for (const [owner, tombstones] of byOwner) {
        const body = stringifyJson({
          rebalance: run.version,
          bucket: bckUname(bucket.bck),
          bid: toBase36(bucket.bid),
          tombstones,
        })
        const call = { method: 'PUT', target: '/v1/objstream/tombstones', body }
        await checkStatus(await transport.call(owner, 'data', call, answerMs))
      }
      after = last.name
    }
  }

  async function onePass(run: Run): Promise<number> {
    let misplaced = 0
    for (const from of parts.mountpaths()) {
      for (const { bck, props } of listBuckets(metadata.bmd())) {
        if (run.aborted) return misplaced
        const bucket = { bck, bid: props.bid, props }
        await tellTombstones(run, from, bucket)
        misplaced += await walk(run, from, bucket)
      }
    }
    return misplaced
  }

  async function execute(run: Run, before: Promise<void>): Promise<void> {
    await before
    // Who was let write by the map before this one: what they wrote is moved as well.
    await locks.settled()
    try {
      while (!run.aborted) {
        try {
          // Nothing was found to be elsewhere's in a whole pass: writes for others are refused meanwhile.
          if ((await onePass(run)) === 0) break
        } catch (error) {
          log.warn('rebalance: a pass was interrupted', { id: rebalanceId(run.version), error })
          await clock.sleep(retryMs)
        }
      }
    } finally {
      run.endedAt = clock.now()
      log.info('rebalance: this target', { ...run })
    }
    if (run.aborted) return
    finished = Math.max(finished, run.version)
    parts.onFinished()
  }

  return {
    follow(rmd) {
      const current = newest()
      if (current && current.endedAt === undefined) {
        if (rmd.version > current.version || rmd.aborted >= current.version) current.aborted = true
      }
      const due = isRebalancing(rmd) && rmd.aborted < rmd.version
      if (stopped || !due || finished >= rmd.version || current?.version === rmd.version) return
      const run: Run = {
        version: rmd.version,
        startedAt: clock.now(),
        endedAt: undefined,
        aborted: false,
        outObjects: 0,
        outBytes: 0,
        inObjects: 0,
        inBytes: 0,
      }
      runs.push(run)
      if (runs.length > statusesMax) runs.shift()
      running = execute(run, running)
    },
    finished: () => finished,
    statuses: () => runs.map(({ version, ...rest }) => ({ id: rebalanceId(version), ...rest })),
    countIn(sizeBytes) {
      const run = newest()
      if (run === undefined) return
      run.inObjects += 1
      run.inBytes += sizeBytes
    },
    stop() {
      stopped = true
      const run = newest()
      if (run && run.endedAt === undefined) run.aborted = true
      return running
    },
  }
}
