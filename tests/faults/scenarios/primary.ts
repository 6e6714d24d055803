import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { createBucket } from './buckets.ts'

const shape = { proxies: 3, targets: 3 }

/** Any gateway takes a change of the cluster. */
async function creates(gateway: LabNode, bucket: string): Promise<boolean> {
  const status = await createBucket(gateway, bucket)
  return status === 200 || status === 409
}

async function newPrimary(trial: Trial, old: LabNode): Promise<boolean> {
  const rest = trial.lab.proxies.filter((proxy) => proxy !== old && proxy.isUp())
  const views = await Promise.all(rest.map((proxy) => trial.lab.view(proxy)))
  return views.every((view) => view !== undefined && view.primaryUrl !== old.url)
}

async function killPrimary(trial: Trial): Promise<void> {
  const { lab } = trial
  const ledger = await trial.load()
  await trial.pause(2)
  const old = await lab.primary()
  const rest = lab.proxies.filter((proxy) => proxy !== old)
  await ledger.use(rest)
  ledger.mark()
  await old.kill()
  await trial.within(6, 'new primary', () => newPrimary(trial, old))
  await trial.within(6, 'control calls again', () => creates(rest[0] ?? old, 'after'))
  await trial.within(6, 'old primary out of the map', () => trial.agree(rest, 2, 3))
  const outage = ledger.outage()
  trial.figure('longest gap of object calls', `${Math.round(outage.longestMs)} ms`)
  trial.allServed(outage.failures, 'failed through live gateways')
  await old.start()
  await trial.within(6, 'it is back', () => trial.agree(lab.nodes, 3, 3))
  trial.check((await lab.primary()) !== old, 'the old primary leads again')
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

async function killTwo(trial: Trial): Promise<void> {
  const { lab } = trial
  const first = await lab.primary()
  const [second, third] = lab.proxies.filter((proxy) => proxy !== first)
  if (second === undefined || third === undefined) throw new Error('assert: three gateways')
  await Promise.all([first.kill(), second.kill()])
  await trial.within(8, 'the third leads', async () => {
    const view = await lab.view(third)
    return view?.primaryUrl === third.url
  })
  await trial.within(6, 'control calls again', () => creates(third, 'after'))
  await Promise.all([first.start(), second.start()])
  await trial.within(6, 'all are back', () => trial.agree(lab.nodes, 3, 3))
}

async function killPrimaryAndTarget(trial: Trial): Promise<void> {
  const { lab } = trial
  const ledger = await trial.load()
  await trial.pause(2)
  const old = await lab.primary()
  const [target] = lab.targets
  if (target === undefined) throw new Error('assert: there are targets')
  await ledger.use(lab.proxies.filter((proxy) => proxy !== old))
  ledger.complete = false
  await Promise.all([old.kill(), target.kill()])
  const rest = lab.nodes.filter((node) => node !== old && node !== target)
  await trial.within(6, 'new primary', () => newPrimary(trial, old))
  await trial.within(8, 'both are out of the map', () => trial.agree(rest, 2, 2))
  await Promise.all([old.start(), target.start()])
  await trial.within(6, 'both are back', () => trial.agree(lab.nodes, 3, 3))
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** Kills whoever leads, again and again. */
function killOften(times: number): Scenario['run'] {
  return async (trial) => {
    const { lab } = trial
    const took: number[] = []
    let version = 0
    for (let round = 0; round < times; round++) {
      const old = await lab.primary()
      await old.kill()
      took.push(await trial.within(6, 'new primary', () => newPrimary(trial, old)))
      await old.start()
      await trial.within(6, 'it is back', () =>
        trial.agree(lab.nodes, shape.proxies, shape.targets),
      )
      const view = await lab.view(old)
      trial.check((view?.version ?? 0) > version, `Smap v${view?.version} after v${version}`)
      version = view?.version ?? version
    }
    const sorted = took.toSorted((a, b) => a - b)
    trial.figure('new primary, median', `${sorted[Math.floor(sorted.length / 2)]} ms`)
    trial.figure('new primary, worst', `${sorted.at(-1)} ms`)
  }
}

export const primaryScenarios: readonly Scenario[] = [
  { id: 'A01', title: 'kill -9 of the primary under load', shape, short: true, run: killPrimary },
  { id: 'A02', title: 'the primary and the next in line at once', shape, run: killTwo },
  { id: 'A03', title: 'the primary and a target at once', shape, run: killPrimaryAndTarget },
  { id: 'A04', title: '24 primaries, one after the other', shape, run: killOften(24) },
  { id: 'A04-100', title: '100 primaries, one after the other', shape, run: killOften(100) },
]
