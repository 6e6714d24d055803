import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Ledger } from '../ledger.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { act, idOf } from './control.ts'
import { quiet } from './objects.ts'

/** Of the largest objects, in bytes: many writes of a socket each. */
const bytesMax = 400_000
/** Keepalive periods that moving all objects may take. */
const moveIntervals = 120

/** Keepalive periods between two looks at the map. */
const watchIntervals = 0.2

type Action = (trial: Trial, ledger: Ledger, chance: () => number) => Promise<void>

function oneOf<T>(all: readonly T[], chance: () => number): T {
  const found = all[Math.floor(chance() * all.length)]
  if (found === undefined) throw new Error('assert: there is one')
  return found
}

async function settled(trial: Trial): Promise<void> {
  const { lab } = trial
  const { proxies, targets } = lab
  await trial.within(10, 'all are in the map', () =>
    trial.agree(lab.nodes, proxies.length, targets.length),
  )
  await trial.within(moveIntervals, 'all objects moved', () => quiet(proxies[0] as LabNode))
}

/** A target dies, is missed for a while or not, and joins again. */
const killTarget: Action = async (trial, ledger, chance) => {
  const target = oneOf(trial.lab.targets, chance)
  ledger.complete = false
  await target.kill()
  await trial.pause(chance() * 8)
  await target.start()
  await settled(trial)
  ledger.complete = true
}

/** A gateway dies, the primary half of the time, and joins again. */
const killGateway: Action = async (trial, _ledger, chance) => {
  const { lab } = trial
  const gateway = chance() < 0.5 ? await lab.primary() : oneOf(lab.proxies, chance)
  await gateway.kill()
  await trial.pause(chance() * 8)
  await gateway.start()
  await settled(trial)
}

/** A target is emptied and comes back; every object is there all the time. */
const maintain: Action = async (trial, _ledger, chance) => {
  const { lab } = trial
  const target = oneOf(lab.targets, chance)
  const sid = await idOf(target)
  const gateway = oneOf(lab.proxies, chance)
  const left = await act(gateway, 'start-maintenance', { sid })
  trial.check(left.status === 200, `start-maintenance: ${left.status} ${left.text}`)
  await trial.within(moveIntervals, 'emptied', () => quiet(gateway))
  const back = await act(oneOf(lab.proxies, chance), 'stop-maintenance', { sid })
  trial.check(back.status === 200, `stop-maintenance: ${back.status} ${back.text}`)
  await settled(trial)
}

/** A target goes for good, with its objects moved before; the same machine joins as it is. */
const leaveAndJoin: Action = async (trial, _ledger, chance) => {
  const { lab } = trial
  const target = oneOf(lab.targets, chance)
  const sid = await idOf(target)
  const order = await act(oneOf(lab.proxies, chance), 'decommission-node', {
    sid,
    keep_initial_config: true,
  })
  trial.check(order.status === 200, `decommission-node: ${order.status} ${order.text}`)
  await target.gone()
  await target.start()
  await settled(trial)
}

const actions: readonly (readonly [string, Action])[] = [
  ['targets killed', killTarget],
  ['gateways killed', killGateway],
  ['targets maintained', maintain],
  ['targets decommissioned and joined', leaveAndJoin],
]

/** Notes every map that a gateway answers with, until told otherwise: who left that nobody told to? */
async function watchMap(
  trial: Trial,
  signal: AbortSignal,
  note: (what: string) => void,
): Promise<void> {
  let version = 0
  while (!signal.aborted) {
    for (const proxy of trial.lab.proxies) {
      const view = await trial.lab.view(proxy)
      if (view === undefined || view.version <= version) continue
      version = view.version
      note(`map ${version}: ${view.proxies}p${view.targets}t`)
    }
    await trial.pause(watchIntervals)
  }
}

/** Random gateways of all runtimes read and write the same objects while nodes die, leave and join. */
async function mixedCluster(trial: Trial): Promise<void> {
  const chance = createChance(trial.seed)
  const ledger = await trial.load(25, bytesMax)
  const done = new Map(actions.map(([name]) => [name, 0]))
  const startedAt = performance.now()
  const end = startedAt + trial.minutes * 60_000
  const diary: string[] = []
  const note = (what: string) =>
    diary.push(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s ${what}`)
  const watching = new AbortController()
  const watcher = watchMap(trial, watching.signal, note)
  try {
    while (performance.now() < end) {
      const [name, action] = oneOf(actions, chance)
      note(name)
      await action(trial, ledger, chance)
      done.set(name, (done.get(name) ?? 0) + 1)
      await trial.pause(1)
    }
  } finally {
    watching.abort()
    await watcher
  }
  const { calls, failures } = ledger.outage()
  await ledger.stop()
  for (const [name, times] of done) trial.figure(name, times)
  trial.figure('calls that were answered', calls)
  trial.figure(
    'calls without an answer',
    [...failures.values()].reduce((a, b) => a + b, 0),
  )
  const problems = await ledger.verify()
  for (const problem of problems) trial.check(false, problem)
  if (problems.length > 0) trial.check(false, `what happened: ${diary.join('; ')}`)
}

export const mixedScenarios: readonly Scenario[] = [
  {
    id: 'mixed-cluster',
    title: 'random gateways of all runtimes, with kills, leaves and joins',
    shape: {
      proxies: 3,
      targets: 4,
      runtimes: { proxy: ['node', 'deno', 'bun'], target: ['node', 'bun'] },
    },
    run: mixedCluster,
  },
]
