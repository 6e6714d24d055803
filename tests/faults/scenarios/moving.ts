import type { Scenario, Trial } from '../scenario.ts'
import { act } from './control.ts'
import { fill, newestRebalance, quiet } from './objects.ts'

const afterStops = 50

/** A rebalance is stopped and started again, many times, under load; the last one ends. */
async function stopAndGo(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  const fourth = lab.targets[3]
  if (gateway === undefined || fourth === undefined) throw new Error('assert: a spare target')
  await fill(trial, 6_000)
  const ledger = await trial.load()
  await fourth.start()
  await trial.within(6, 'the fourth is in the map', () => trial.agree(lab.nodes, 3, 4))
  const ids = new Set([await newestRebalance(gateway)])
  for (let round = 0; round < afterStops; round++) {
    const at = lab.proxies[round % lab.proxies.length] ?? gateway
    const stopped = await act(at, 'stop', { Kind: 'rebalance' })
    trial.check(stopped.status === 200, `stop ${round}: ${stopped.status} ${stopped.text}`)
    const started = await act(at, 'start', { Kind: 'rebalance' })
    trial.check(started.status === 200, `start ${round}: ${started.status} ${started.text}`)
    trial.check(!ids.has(started.text), `${started.text} was there before`)
    ids.add(started.text)
  }
  const last = await newestRebalance(gateway)
  trial.check(ids.has(last), `${last} runs, which nobody started`)
  trial.figure('rebalances', ids.size)
  await trial.within(60, 'the last one completed', () => quiet(gateway))
  trial.allServed(ledger.outage().failures, 'failed')
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** Keys are written and deleted while those very keys move: to a new target, off one, and back. */
async function movingKeys(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway, first, fourth] = [lab.proxies[0], lab.targets[0], lab.targets[3]]
  if (!gateway || !first || !fourth) throw new Error('assert: a spare target')
  const ledger = await trial.load(500)
  await trial.pause(10)
  ledger.mark()
  await fourth.start()
  await trial.within(6, 'the fourth is in the map', () => trial.agree(lab.nodes, 1, 4))
  await trial.within(60, 'moved to the fourth', () => quiet(gateway))
  trial.allServed(ledger.outage().failures, 'failed')
  // Away with its objects, and back with what has become old.
  ledger.complete = false
  for (const target of [first, fourth]) {
    const rest = lab.nodes.filter((node) => node !== target)
    await target.kill()
    await trial.within(8, 'one is out of the map', () => trial.agree(rest, 1, 3))
    await trial.pause(3)
    await target.start()
    await trial.within(6, 'it is back', () => trial.agree(lab.nodes, 1, 4))
    await trial.within(60, 'its objects moved', () => quiet(gateway))
  }
  ledger.complete = true
  await trial.pause(3)
  await ledger.stop()
  trial.figure('calls', ledger.outage().calls)
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

export const movingScenarios: readonly Scenario[] = [
  {
    id: 'D04',
    title: 'a rebalance stopped and started again, 50 times',
    shape: { proxies: 3, targets: 3, spares: 1 },
    run: stopAndGo,
  },
  {
    id: 'D06',
    title: 'writes and deletes of the very keys that move',
    shape: { proxies: 1, targets: 3, spares: 1 },
    short: true,
    run: movingKeys,
  },
]
