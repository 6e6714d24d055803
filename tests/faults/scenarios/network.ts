import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { createBucket, sameBuckets } from './buckets.ts'

const shape = { proxies: 3, targets: 3 }

async function versionOf(trial: Trial): Promise<number> {
  const view = await trial.lab.view(await trial.lab.primary())
  return view?.version ?? 0
}

async function backTogether(trial: Trial): Promise<void> {
  const { lab } = trial
  await lab.network.heal()
  await trial.within(6, 'one cluster again', () =>
    trial.agree(lab.nodes, shape.proxies, shape.targets),
  )
  await trial.within(6, 'the same buckets everywhere', () => sameBuckets(lab.nodes))
}

/** Packets are lost on every link for a while, under load. */
function lossy(percent: number, intervals: number, removalsMax: number): Scenario['run'] {
  return async (trial) => {
    const { lab } = trial
    const ledger = await trial.load()
    const before = await versionOf(trial)
    ledger.complete = false
    await lab.network.lose(percent)
    await trial.pause(intervals)
    await lab.network.heal()
    await trial.within(6, 'one cluster again', () =>
      trial.agree(lab.nodes, shape.proxies, shape.targets),
    )
    const versions = (await versionOf(trial)) - before
    trial.figure('Smap versions', versions)
    trial.check(versions <= removalsMax * 2, `${versions} Smap versions at ${percent} % loss`)
    await ledger.stop()
    for (const problem of await ledger.verify()) trial.check(false, problem)
  }
}

/** What a target sends no longer reaches the primary; then the other way round. */
async function oneWay(trial: Trial): Promise<void> {
  const { lab } = trial
  const [target] = lab.targets
  if (target === undefined) throw new Error('assert: there are targets')
  for (const outward of [true, false]) {
    const primary = await lab.primary()
    const before = await versionOf(trial)
    const [from, to] = outward ? [target, primary] : [primary, target]
    await lab.network.cut(from.machine, to.machine)
    await trial.pause(15)
    const versions = (await versionOf(trial)) - before
    trial.figure(outward ? 'Smap versions, target cut' : 'Smap versions, primary cut', versions)
    // A leadership change counts 100; at most one, and the target goes and comes at most once.
    trial.check(
      versions % 100 <= 3 && versions < 200,
      `the map swings: ${versions} versions in 15 K`,
    )
    trial.check(
      (await createBucket(primary, outward ? 'outward' : 'inward')) === 200,
      'no bucket can be made',
    )
    await backTogether(trial)
  }
}

/** A target that the primary reaches, and the other nodes do not. */
async function nonTransitive(trial: Trial): Promise<void> {
  const { lab } = trial
  const primary = await lab.primary()
  const [target] = lab.targets
  if (target === undefined) throw new Error('assert: there are targets')
  const others = lab.nodes.filter((node) => node !== primary && node !== target)
  await lab.network.partition(
    [target.machine],
    others.map(({ machine }) => machine),
  )
  const gateways = lab.proxies
  let longestMs = 0
  const end = performance.now() + 8 * lab.intervalMs
  for (let at = 0; performance.now() < end; at++) {
    const start = performance.now()
    const status = await createBucket(gateways[at % gateways.length] ?? primary, `b${at}`)
    longestMs = Math.max(longestMs, performance.now() - start)
    trial.check(status === 200, `bucket b${at} was not made: ${status}`)
    await trial.pause(0.1)
  }
  trial.figure('longest change', `${Math.round(longestMs)} ms`)
  await backTogether(trial)
}

/** Links are clogged one after the other, and opened in another order. */
async function swizzle(trial: Trial): Promise<void> {
  const { lab } = trial
  const ledger = await trial.load()
  ledger.complete = false
  const chance = createChance(trial.seed)
  const pick = (): LabNode | undefined => lab.nodes[Math.floor(chance() * lab.nodes.length)]
  for (let links = 0; links < 8; links++) {
    const [from, to] = [pick(), pick()]
    if (from && to && from !== to) await lab.network.cut(from.machine, to.machine)
    await trial.pause(0.6)
  }
  await trial.pause(3)
  await backTogether(trial)
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

export const networkScenarios: readonly Scenario[] = [
  { id: 'A17', title: 'links clogged one by one', shape, run: swizzle },
  { id: 'E01', title: '15 % of all packets lost for 30 K', shape, run: lossy(15, 30, 1) },
  { id: 'E02', title: 'one direction between a target and the primary', shape, run: oneWay },
  { id: 'E03', title: 'a target that only the primary reaches', shape, run: nonTransitive },
]
