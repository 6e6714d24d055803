import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { countCalls, killAt, watchCalls, whyNoStrace } from '../strace.ts'
import { bucketsOf, createBucket } from './buckets.ts'
import { act, ask, idOf, sameInForce, targetFlags } from './control.ts'

/** A change of one of the cluster's documents. */
interface Change {
  readonly document: string
  /** Asks for the `nth` such change; whether it was acknowledged. */
  ask(trial: Trial, gateway: LabNode, nth: number): Promise<boolean>
  /** Whether the change that was asked for last is in force at `node`. */
  isThere(trial: Trial, node: LabNode, nth: number): Promise<boolean>
}

const maintenance = 4

async function burstOf(node: LabNode): Promise<number> {
  const { text } = await ask(node, 'GET', '/v1/cluster?what=cluster_config')
  return (JSON.parse(text) as { mirror: { burst_buffer: number } }).mirror.burst_buffer
}

const bmd: Change = {
  document: 'BMD',
  ask: async (_, gateway, nth) => (await createBucket(gateway, `point${nth}`)) === 200,
  isThere: async (_, node, nth) => (await bucketsOf(node)).includes(`point${nth}`),
}

const config: Change = {
  document: 'config',
  async ask(_, gateway, nth) {
    const value = { mirror: { burst_buffer: 1_000 + nth } }
    return (await act(gateway, 'set-config', value)).status === 200
  },
  isThere: async (_, node, nth) => (await burstOf(node)) === 1_000 + nth,
}

/** Into maintenance, and out of it. */
const smap: Change = {
  document: 'Smap',
  async ask({ lab }, gateway, nth) {
    const [target] = lab.targets
    const value = { sid: target && (await idOf(target)), skip_rebalance: true }
    const action = nth % 2 === 0 ? 'start-maintenance' : 'stop-maintenance'
    return (await act(gateway, action, value)).status === 200
  },
  async isThere({ lab }, node, nth) {
    const [target] = lab.targets
    const flags = target && (await targetFlags(node, await idOf(target)))
    return ((flags ?? 0) & maintenance) === (nth % 2 === 0 ? maintenance : 0)
  },
}

const changes: readonly Change[] = [bmd, config, smap]

interface Point {
  readonly change: Change
  readonly call: string
  readonly nth: number
}

async function pidOf(node: LabNode): Promise<number> {
  const pid = node.pid()
  if (pid === undefined) throw new Error('assert: the primary runs')
  return pid
}

/** Every call that the primary makes while it carries out each change. */
async function enumerate(trial: Trial, counter: () => number): Promise<readonly Point[]> {
  const { lab } = trial
  const points: Point[] = []
  for (const change of changes) {
    const primary = await lab.primary()
    const gateway = lab.proxies.find((proxy) => proxy !== primary) ?? primary
    const tracer = await watchCalls(await pidOf(primary))
    await change.ask(trial, gateway, counter())
    const counts = countCalls(await tracer.detach())
    for (const [call, times] of counts) {
      for (let nth = 1; nth <= times; nth++) points.push({ change, call, nth })
    }
    // An even number of asks for each: the target is in service again.
    await change.ask(trial, gateway, counter())
  }
  return points
}

/** The primary dies at one point; afterwards all nodes agree, and what was acknowledged is in force. */
async function dieAt(trial: Trial, { change, call, nth }: Point, number: number): Promise<boolean> {
  const { lab } = trial
  const what = `${change.document}, ${call} ${nth}`
  const old = await lab.primary()
  const gateway = lab.proxies.find((proxy) => proxy !== old) ?? old
  const tracer = await killAt(await pidOf(old), call, nth)
  const acknowledged = await change.ask(trial, gateway, number)
  await trial.pause(0.2)
  const died = !old.isUp()
  await old.kill()
  await tracer.detach()
  await trial.within(6, 'a new primary', async () => {
    const view = await lab.view(gateway)
    return view !== undefined && view.primaryUrl !== old.url
  })
  await old.start()
  await trial.within(6, 'all agree', () =>
    trial.agree(lab.nodes, lab.proxies.length, lab.targets.length),
  )
  await trial.within(6, 'the same everywhere', () => sameInForce(lab.nodes))
  const there = await Promise.all(lab.proxies.map((node) => change.isThere(trial, node, number)))
  trial.check(new Set(there).size === 1, `${what}: in force at some, ${there}`)
  trial.check(!acknowledged || there[0] === true, `${what}: acknowledged, and not in force`)
  // A map that was to change twice would be as it was: the next change finds it as this one left it.
  if (change === smap && there[0] === (number % 2 !== 0))
    await change.ask(trial, gateway, number + 1)
  return died
}

/** @param share of all points that are tried */
function crashPoints(share: number): Scenario['run'] {
  return async (trial) => {
    const reason = await whyNoStrace()
    if (reason !== undefined) throw new Error(reason)
    const chance = createChance(trial.seed)
    let asked = 0
    const counter = () => asked++
    const all = await enumerate(trial, counter)
    const chosen = all.filter(() => chance() < share)
    let inTime = 0
    for (const point of chosen) {
      if (point.change === smap) asked += asked % 2
      if (await dieAt(trial, point, counter())) inTime += 1
    }
    trial.figure('points', `${chosen.length} of ${all.length}`)
    trial.figure('reached', inTime)
  }
}

/** One thread for the disk: so its calls come one after the other, and their numbers mean something. */
const shape = { proxies: 3, targets: 2, env: { UV_THREADPOOL_SIZE: '1' } }

export const crashPointScenarios: readonly Scenario[] = [
  { id: 'A05', title: 'kill -9 at system calls of a change', shape, run: crashPoints(0.1) },
  { id: 'A05-all', title: 'kill -9 at every system call of a change', shape, run: crashPoints(1) },
]
