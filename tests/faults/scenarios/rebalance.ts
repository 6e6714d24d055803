import { createChance } from '../chance.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { fill, missingOf, movedIn, newestRebalance, quiet } from './objects.ts'

async function addTarget(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  const fourth = lab.targets[3]
  if (gateway === undefined || fourth === undefined) throw new Error('assert: a spare target')
  const objects = 20_000
  await fill(trial, objects)
  const ledger = await trial.load()
  await trial.pause(2)
  ledger.mark()
  await fourth.start()
  await trial.within(6, 'the fourth is in the map', () => trial.agree(lab.nodes, 1, 4))
  const id = await newestRebalance(gateway)
  await trial.within(120, 'rebalance completed', () => quiet(gateway))
  const moved = await movedIn(gateway, id)
  trial.figure(
    'objects moved',
    `${moved} of ${objects} (${(moved / (objects / 4)).toFixed(2)} of a quarter)`,
  )
  trial.check(moved <= 1.3 * (objects / 4), `${moved} objects moved`)
  const { failures, longestMs } = ledger.outage()
  trial.allServed(failures, 'failed')
  trial.figure('longest gap of object calls', `${Math.round(longestMs)} ms`)
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** A fifth target beside four with 50,000 objects: a fifth of them moves, and none is lost. */
async function fifthTarget(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway, fifth] = [lab.proxies[0], lab.targets[4]]
  if (gateway === undefined || fifth === undefined) throw new Error('assert: a spare target')
  const objects = 50_000
  await fill(trial, objects)
  await fifth.start()
  await trial.within(6, 'the fifth is in the map', () => trial.agree(lab.nodes, 1, 5))
  const id = await newestRebalance(gateway)
  await trial.within(120, 'rebalance completed', () => quiet(gateway))
  const share = (await movedIn(gateway, id)) / objects
  trial.figure('share moved', `${(share * 100).toFixed(1)} %`)
  trial.check(share >= 0.17 && share <= 0.23, `${share} of all objects moved`)
  const missing = await missingOf(gateway, objects)
  trial.check(missing === 0, `${missing} objects are missing`)
}

/** A target goes and comes back before the rebalance has ended, again and again. */
async function overlapping(trial: Trial, rounds: number): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  const [first, second] = lab.targets
  if (!gateway || !first || !second) throw new Error('assert: enough nodes')
  await fill(trial, 3_000)
  const ledger = await trial.load()
  ledger.complete = false
  for (let round = 0; round < rounds; round++) {
    const target = round % 2 === 0 ? first : second
    await target.kill()
    const rest = lab.nodes.filter((node) => node !== target)
    await trial.within(8, `out of the map, round ${round + 1}`, () => trial.agree(rest, 1, 3))
    await target.start()
    await trial.within(6, `back, round ${round + 1}`, () => trial.agree(lab.nodes, 1, 4))
  }
  await trial.within(60, 'rebalance completed', () => quiet(gateway))
  ledger.complete = true
  await trial.pause(2)
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** Someone dies while objects move: a sender, a receiver, the primary. */
async function deaths(trial: Trial): Promise<void> {
  const { lab } = trial
  const chance = createChance(trial.seed)
  const spare = lab.targets[3]
  if (spare === undefined) throw new Error('assert: a spare target')
  await fill(trial, 3_000)
  const ledger = await trial.load()
  ledger.complete = false
  await spare.start()
  for (const pick of [() => lab.targets[0], () => spare, () => undefined]) {
    await trial.pause(chance())
    const victim = pick() ?? (await lab.primary())
    if (victim.role === 'proxy') await ledger.use(lab.proxies.filter((proxy) => proxy !== victim))
    await victim.kill()
    await trial.pause(chance() * 5)
    await victim.start()
    await ledger.use(lab.proxies)
  }
  await trial.within(10, 'all agree', () => trial.agree(lab.nodes, 3, 4))
  const gateway = await lab.primary()
  await trial.within(60, 'rebalance completed', () => quiet(gateway))
  ledger.complete = true
  await trial.pause(2)
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

export const rebalanceScenarios: readonly Scenario[] = [
  {
    id: 'D01',
    title: 'a fourth target beside three with 20,000 objects, under load',
    shape: { proxies: 1, targets: 3, spares: 1 },
    run: addTarget,
  },
  {
    id: 'D02',
    title: 'targets go and come back before the rebalance ends',
    shape: { proxies: 1, targets: 4 },
    run: (trial) => overlapping(trial, 3),
  },
  {
    id: 'D02-20',
    title: 'targets go and come back before the rebalance ends, 20 times',
    shape: { proxies: 1, targets: 4 },
    run: (trial) => overlapping(trial, 20),
  },
  {
    id: 'F9.01',
    title: 'a fifth target beside four with 50,000 objects',
    shape: { proxies: 1, targets: 4, spares: 1 },
    run: fifthTarget,
  },
  {
    id: 'D03',
    title: 'a sender, a receiver and the primary die while objects move',
    shape: { proxies: 3, targets: 3, spares: 1 },
    run: deaths,
  },
]
