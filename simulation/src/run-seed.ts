import { allNodes } from '@aistore-ts/core/cluster/smap.ts'
import { isActive, snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import { BucketWorkload } from './bucket-workload.ts'
import { Cluster } from './cluster.ts'
import { findIncomplete } from './convergence.ts'
import { CredentialsWorkload } from './credentials-workload.ts'
import { SimFailure } from './failure.ts'
import type { Mistake } from './mistake.ts'
import { Nemesis } from './nemesis.ts'
import { ObjectWorkload } from './object-workload.ts'
import { drawSchedule, quietMs, type Schedule } from './schedule.ts'
import { SeededRandom } from './seeded-random.ts'
import { Timeline, type Turn } from './timeline.ts'
import { createTrace } from './trace.ts'

export interface SeedOptions {
  readonly turn: Turn
  /** In the place of the one that the seed draws. */
  readonly schedule?: Schedule | undefined
  readonly mistake?: Mistake | undefined
  /** Lines of the trace to keep, with what the nodes log. */
  readonly traceLines?: number | undefined
}

/** How long the cluster took, ms of virtual time; `undefined`: the seed did not ask. */
export interface Figures {
  /** From the end of the faults until all agree. */
  readonly convergedMs: number | undefined
  readonly newPrimaryMs: number | undefined
  readonly deadNodeOutMs: number | undefined
}

export interface SeedResult {
  readonly seed: number
  readonly hash: string
  readonly schedule: Schedule
  readonly failure: { readonly check: string; readonly message: string } | undefined
  readonly figures: Figures
  readonly events: number
  readonly messages: number
  readonly acknowledged: number
  readonly unknown: number
  readonly trace: readonly string[]
}

/** How often a cluster that comes together is looked at, ms. */
const lookMs = 100
/** Time for objects to be where the map has them, ms. */
const movedMs = 20_000
/** When the bucket of the objects is made, ms. */
const objectsFromMs = 2_000
/** Appointments of one seed; the busiest keep some ten thousand. More, and something goes round for ever. */
const eventsMax = 1_000_000
/** Time in which every node is heard by the primary once more, ms. */
const settleMs = 2_000
/** Time for a node that died to leave the map, and for another primary, in a cluster without other faults, ms. */
const deadOutMs = 5_000
const newPrimaryMs = 6_000

const chanceOf = (seed: number) => new SeededRandom(Math.imul(seed + 1, 0x9e3779b1))

/** What a seed does to its cluster. */
export function drawSeed(seed: number): Schedule {
  return drawSchedule(chanceOf(seed).fork('schedule'))
}

/** Runs one seed to its end, or to its first failure. The same seed gives the same trace everywhere. */
export async function runSeed(seed: number, options: SeedOptions): Promise<SeedResult> {
  const random = chanceOf(seed)
  const schedule = options.schedule ?? drawSeed(seed)
  const { turn, mistake, traceLines = 0 } = options
  const timeline = new Timeline(turn)
  const trace = createTrace(() => timeline.now, traceLines)
  const { shape } = schedule
  const parts = { shape, timeline, random: random.fork('world'), trace, mistake }
  const cluster = new Cluster({ ...parts, verbose: traceLines > 0 })
  const buckets = new BucketWorkload(cluster)
  const objects = new ObjectWorkload(cluster, schedule.objects === 'moving')
  const credentials = new CredentialsWorkload(cluster)
  const nemesis = new Nemesis(cluster, timeline, { buckets, objects, credentials })
  const settled = () => {
    if (timeline.events > eventsMax) {
      throw new SimFailure('runaway', `${eventsMax} events by ${timeline.now} ms`)
    }
    cluster.check()
    buckets.check()
    credentials.check()
    if (schedule.objects !== 'none') objects.check()
  }
  const run = (untilMs: number) => timeline.run(untilMs, settled)

  /** Time until `done`, within `withinMs`; `undefined`: it did not come. */
  async function until(done: () => boolean, withinMs: number): Promise<number | undefined> {
    const from = timeline.now
    for (;;) {
      if (done()) return timeline.now - from
      if (timeline.now - from >= withinMs) return undefined
      await run(timeline.now + lookMs)
    }
  }

  let figures: Figures = {
    convergedMs: undefined,
    newPrimaryMs: undefined,
    deadNodeOutMs: undefined,
  }

  async function converge(phase: string): Promise<number> {
    const from = timeline.now
    for (;;) {
      const { departures } = cluster
      const tookMs = await until(() => findIncomplete(cluster) === undefined, quietMs)
      if (tookMs !== undefined) return timeline.now - from
      // Whoever ended on an earlier order has its time from then on.
      if (cluster.departures === departures) break
    }
    throw new SimFailure('convergence', `${phase}: ${findIncomplete(cluster) ?? ''}`)
  }

  /** Every gateway takes a change, sooner or later. */
  async function allGatewaysWork(): Promise<void> {
    for (const [at] of cluster.gateways.entries()) {
      const name = `last-${at}`
      await insist(
        () => `a bucket through gateway ${at + 1}`,
        async () => {
          const status = await buckets.call(name, undefined, 2, at)
          return status === 200 || status === 409
        },
      )
    }
  }

  /** Does `task` again and again until it succeeds. @throws SimFailure when its time is over */
  async function insist(
    what: () => string,
    task: () => Promise<boolean>,
    withinMs = quietMs,
  ): Promise<void> {
    let done = false
    const repeat = async () => {
      while (!done) {
        done = await task()
        if (!done) await new Promise<void>((resolve) => timeline.after(lookMs, resolve))
      }
    }
    void repeat()
    if ((await until(() => done, withinMs)) !== undefined) return
    throw new SimFailure('service', what())
  }

  /**
   * Nodes that an administrator took out of service come back at his word, and those that are to be forgotten leave when it
   * is said again. `false`: there were none.
   */
  async function allInService(): Promise<boolean> {
    const resting = () => {
      const { newest } = cluster.checker
      return newest ? allNodes(newest.smap).filter((node) => !isActive(node)) : []
    }
    if (resting().length === 0) return false
    const rebalance = schedule.objects !== 'none'
    const usualMs = rebalance ? movedMs : quietMs
    const living = new Set(cluster.names.map((id) => cluster.nodeIdOf(id)))
    // After a start of the whole cluster a rebalance waits so long for who forgot in the midst of leaving.
    const isAwaited = resting().some(({ daemonId }) => !living.has(daemonId))
    const withinMs = usualMs + (isAwaited ? cluster.config.timeout.startup_time : 0)
    await insist(
      () => `back in service: ${resting().map(({ daemonId }) => daemonId)}`,
      async () => {
        for (const { daemonId: sid, flags } of resting()) {
          const leaves = (flags & snodeFlags.decommission) !== 0
          const action = leaves ? 'decommission-node' : 'stop-maintenance'
          // Who leaves may be gone before it has passed the answer on.
          const gateway = cluster.gateways.findIndex((id) => cluster.nodeIdOf(id) !== sid)
          await nemesis.order(Math.max(0, gateway), { action, sid, rebalance })
        }
        return resting().length === 0
      },
      withinMs,
    )
    await converge('after maintenance')
    return true
  }

  async function allObjectsThere(): Promise<void> {
    for (const [at] of cluster.gateways.entries()) {
      const what = () => `objects through gateway ${at + 1}: ${objects.wrong ?? 'not asked'}`
      await insist(what, () => objects.audit(at), movedMs)
    }
  }

  async function loseOne(): Promise<void> {
    const leader = cluster.leader()?.host.id ?? ''
    const choice = random.fork('last').shuffled(cluster.names)
    const able = cluster.gateways.filter((id) => !shape.nonElectable.includes(id))
    const victim = able.length > 1 && random.chance(0.5) ? leader : choice[0]
    // With its only leader a cluster has lost its voice; with half its voters, too.
    const mayDie = victim !== undefined && (victim !== leader || able.length > 1)
    if (!mayDie || cluster.names.length < 3) return
    cluster.crash(victim)
    trace.add(`lose ${victim}`)
    const leads = () => {
      const process = cluster.leader()
      return process !== undefined && process.host.id !== victim && cluster.leadsWell(process)
    }
    const isOut = () => leads() && findIncomplete(cluster, new Set([victim])) === undefined
    if (victim === leader) {
      const tookMs = await until(leads, newPrimaryMs)
      if (tookMs === undefined) throw new SimFailure('election', `no primary after ${victim}`)
      figures = { ...figures, newPrimaryMs: tookMs }
      await until(isOut, newPrimaryMs + deadOutMs)
      return
    }
    const tookMs = await until(isOut, deadOutMs)
    if (tookMs === undefined) {
      const why = findIncomplete(cluster, new Set([victim]))
      throw new SimFailure('removal', `${victim} is dead: ${why}`)
    }
    figures = { ...figures, deadNodeOutMs: tookMs }
  }

  let failure: SeedResult['failure']
  try {
    cluster.start('proxy-1')
    for (const id of cluster.names) {
      const delayMs = random.below(1_000)
      if (!shape.late.includes(id)) timeline.after(delayMs, () => cluster.start(id))
    }
    if (schedule.objects !== 'none') {
      timeline.after(objectsFromMs, () => void objects.createBucket(0))
    }
    for (const event of schedule.events) {
      timeline.at(event.at, () => {
        trace.add(`event ${event.kind}`)
        nemesis.apply(event)
      })
    }
    await run(schedule.healAt)
    trace.add('heal')
    nemesis.heal()
    figures = { ...figures, convergedMs: await converge('after the faults') }
    await allInService()
    await allGatewaysWork()
    if (schedule.objects !== 'none') await allObjectsThere()
    // An order that an administrator gave before may be carried out only now.
    do await run(timeline.now + settleMs)
    while (await allInService())
    await loseOne()
  } catch (error) {
    if (!(error instanceof SimFailure)) throw error
    failure = { check: error.check, message: error.message }
  }
  return {
    seed,
    hash: trace.hash(),
    schedule,
    failure,
    figures,
    events: timeline.events,
    messages: cluster.network.messages,
    acknowledged: buckets.acknowledged + objects.acknowledged + credentials.acknowledged,
    unknown: buckets.unknown,
    trace: trace.lines,
  }
}
