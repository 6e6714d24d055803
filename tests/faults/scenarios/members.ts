import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { bucketsOf, createBucket, sameBuckets } from './buckets.ts'

const shape = { proxies: 3, targets: 3 }

/** A gateway hangs while two targets leave and one comes, and is asked 1,000 times the moment it goes on. */
async function frozenGateway(trial: Trial): Promise<void> {
  const { lab } = trial
  const ledger = await trial.load()
  await trial.pause(2)
  const primary = await lab.primary()
  const frozen = lab.proxies.find((proxy) => proxy !== primary)
  const [first, second] = lab.targets
  const spare = lab.targets.at(-1)
  if (!frozen || !first || !second || !spare) throw new Error('assert: enough nodes')
  const leavers = [first, second]
  await ledger.use(lab.proxies.filter((proxy) => proxy !== frozen))
  ledger.complete = false
  frozen.freeze()
  const start = performance.now()
  await Promise.all(leavers.map((target) => target.kill()))
  const rest = lab.nodes.filter((node) => node !== frozen && !leavers.includes(node))
  await spare.start()
  await trial.within(8, 'two are out of the map, one is in', () => trial.agree(rest, 2, 3))
  await trial.pause(Math.max(0, 20 - (performance.now() - start) / lab.intervalMs))
  frozen.thaw()
  ledger.mark()
  await ledger.use([frozen])
  await trial.within(6, 'the gateway is back', () => trial.agree([...rest, frozen], 3, 3))
  await trial.within(20, '1,000 calls', async () => ledger.outage().calls >= 1_000)
  await Promise.all(leavers.map((target) => target.start()))
  await trial.within(6, 'all are back', () => trial.agree(lab.nodes, 3, 5))
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** Targets come while the primary dies. */
async function joinStorm(trial: Trial): Promise<void> {
  const { lab } = trial
  await Promise.all(lab.targets.map((target) => target.kill()))
  const primary = await lab.primary()
  await trial.within(6, 'the targets are out of the map', () => trial.agree(lab.proxies, 3, 0))
  await Promise.all([primary.kill(), ...lab.targets.map((target) => target.start())])
  const rest = lab.nodes.filter((node) => node !== primary)
  await trial.within(6, 'everyone is in the map', () => trial.agree(rest, 2, 3))
  await primary.start()
  await trial.within(6, 'the old primary is back', () => trial.agree(lab.nodes, 3, 3))
}

/** Everything stops and starts again in other orders. */
async function restartAll(trial: Trial, rounds: number): Promise<void> {
  const { lab } = trial
  const chance = createChance(trial.seed)
  const ledger = await trial.load()
  await trial.pause(3)
  await ledger.stop()
  const [before] = await Promise.all(lab.proxies.map((proxy) => lab.view(proxy)))
  for (let round = 0; round < rounds; round++) {
    await Promise.all(lab.nodes.map((node) => node.kill()))
    const order = lab.nodes.map((node) => ({ node, at: chance() })).sort((a, b) => a.at - b.at)
    await Promise.all(
      order.map(async ({ node, at }) => {
        await trial.pause(at)
        await node.start()
      }),
    )
    await trial.within(6, `all agree, round ${round + 1}`, () => trial.agree(lab.nodes, 3, 3))
  }
  const after = await lab.view(await lab.primary())
  trial.check(after?.uuid === before?.uuid, 'the cluster has another UUID')
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** Buckets come and go through all gateways while primaries die. */
async function bucketsUnderDeaths(trial: Trial): Promise<void> {
  const { lab } = trial
  const acknowledged = new Map<string, boolean>()
  let stopping = false
  async function client(index: number): Promise<void> {
    for (let at = 0; !stopping; at++) {
      const gateway = lab.proxies[(index + at) % lab.proxies.length]
      const name = `c${index}-${at % 20}`
      if (gateway === undefined) return
      if (acknowledged.get(name) === true) {
        const reply = await fetch(`${gateway.url}/v1/buckets/${name}`, {
          method: 'DELETE',
          body: JSON.stringify({ action: 'destroy-bck' }),
          signal: AbortSignal.timeout(6_000),
        }).catch(() => undefined)
        await reply?.arrayBuffer().catch(() => undefined)
        if (reply?.status === 200) acknowledged.set(name, false)
        else acknowledged.delete(name)
      } else {
        const status = await createBucket(gateway, name)
        if (status === 200) acknowledged.set(name, true)
        else acknowledged.delete(name)
      }
    }
  }
  const clients = Promise.all([0, 1, 2, 3].map((index) => client(index)))
  for (let round = 0; round < 3; round++) {
    await trial.pause(4)
    const primary = await lab.primary()
    await primary.kill()
    await trial.pause(4)
    await primary.start()
  }
  stopping = true
  await clients
  await trial.within(6, 'all agree', () => trial.agree(lab.nodes, 3, 3))
  await trial.within(6, 'the same buckets everywhere', () => sameBuckets(lab.nodes))
  const [first] = lab.proxies
  const there = new Set(first === undefined ? [] : await bucketsOf(first))
  for (const [name, exists] of acknowledged) {
    trial.check(there.has(name) === exists, `bucket ${name} should ${exists ? '' : 'not '}be there`)
  }
  trial.figure('buckets with a known outcome', acknowledged.size)
}

/** A target that hangs leaves the map, and comes back by itself. */
async function frozenTarget(trial: Trial): Promise<void> {
  const { lab } = trial
  const [target] = lab.targets
  if (target === undefined) throw new Error('assert: there are targets')
  const rest: readonly LabNode[] = lab.nodes.filter((node) => node !== target)
  target.freeze()
  await trial.within(5, 'out of the map', () => trial.agree(rest, 3, 2))
  target.thaw()
  await trial.within(6, 'back in the map', () => trial.agree(lab.nodes, 3, 3))
}

/** Targets die one after the other: how long each stays in the map. */
async function deadTargets(trial: Trial): Promise<void> {
  const { lab } = trial
  const took: number[] = []
  for (let round = 0; round < deadTargetRounds; round++) {
    const target = lab.targets[round % lab.targets.length]
    if (target === undefined) throw new Error('assert: there are targets')
    const rest = lab.nodes.filter((node) => node !== target)
    await target.kill()
    took.push(await trial.within(5, 'out of the map', () => trial.agree(rest, 3, 2)))
    await target.start()
    await trial.within(6, 'back in the map', () => trial.agree(lab.nodes, 3, 3))
  }
  const sorted = took.toSorted((a, b) => a - b)
  trial.figure('out of the map, median', `${sorted[Math.floor(sorted.length / 2)]} ms`)
  trial.figure('out of the map, worst', `${sorted.at(-1)} ms`)
}

const deadTargetRounds = 24

export const memberScenarios: readonly Scenario[] = [
  {
    id: 'A10',
    title: 'a gateway hangs while the map changes',
    shape: { proxies: 3, targets: 4, spares: 1 },
    run: frozenGateway,
  },
  { id: 'A11', title: 'targets join while the primary dies', shape, run: joinStorm },
  {
    id: 'A14',
    title: 'everything restarts in other orders',
    shape,
    run: (trial) => restartAll(trial, 4),
  },
  {
    id: 'A14-20',
    title: 'everything restarts in 20 other orders',
    shape,
    run: (trial) => restartAll(trial, 20),
  },
  { id: 'A15', title: 'buckets come and go while primaries die', shape, run: bucketsUnderDeaths },
  { id: 'F1.13', title: '24 targets die, one after the other', shape, run: deadTargets },
  { id: 'F1.14', title: 'a target hangs', shape, short: true, run: frozenTarget },
]
