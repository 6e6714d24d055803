import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { act, idOf, sameInForce, targetFlags } from './control.ts'
import { fill, quiet } from './objects.ts'

const maintenance = 4
const decommission = 8

/** Asks until the cluster has taken the order: it is busy, or has no primary, for a while. */
async function order(trial: Trial, action: string, value: unknown): Promise<void> {
  const { lab } = trial
  await trial.within(20, `${action} taken`, async () => {
    const gateway = lab.proxies.find((proxy) => proxy.isUp())
    if (gateway === undefined) return false
    const { status, text } = await act(gateway, action, value)
    if (status === 200) return true
    // Every other refusal would be for good.
    if (status !== 0 && status !== 409 && status !== 503 && status !== 502) {
      throw new Error(`${action}: ${status} ${text}`)
    }
    return false
  })
}

/** The order goes out, the primary dies `afterMs` later; whoever leads next brings it to its end. */
async function interrupted(
  trial: Trial,
  action: string,
  target: LabNode,
  afterMs: number,
): Promise<void> {
  const { lab } = trial
  const id = await idOf(target)
  // The files of its command line stay: it comes back as a new node.
  const value = { sid: id, keep_initial_config: true }
  const old = await lab.primary()
  const gateway = lab.proxies.find((proxy) => proxy !== old) ?? old
  const first = act(gateway, action, value)
  await trial.pause(afterMs / lab.intervalMs)
  await old.kill()
  await first
  const rest = lab.proxies.filter((proxy) => proxy !== old)
  await trial.within(6, 'a new primary', async () => {
    const views = await Promise.all(rest.map((proxy) => lab.view(proxy)))
    return views.every((view) => view !== undefined && view.primaryUrl !== old.url)
  })
  const flags = await targetFlags(gateway, id)
  const named = [undefined, 0, maintenance, decommission, maintenance | 16]
  trial.check(named.includes(flags), `${action}: the target's flags are ${flags}`)
  await old.start()
  // Whatever became of it: asking again completes it.
  await trial.within(60, `${action} complete`, async () => {
    const now = await targetFlags(gateway, id)
    if (action === 'decommission-node' && now === undefined) return true
    if (action !== 'decommission-node' && now === (maintenance | 16)) return true
    if (now === 0 || now === undefined) await order(trial, action, value)
    return false
  })
  await trial.within(60, 'no rebalance at work', () => quiet(gateway))
}

async function whileServiceEnds(trial: Trial, action: string): Promise<void> {
  const { lab } = trial
  const [target] = lab.targets
  if (target === undefined) throw new Error('assert: there are targets')
  await fill(trial, 2_000)
  const ledger = await trial.load()
  for (const afterMs of [0, 30, 150, 600, 1_500]) {
    const id = await idOf(target)
    // The load's gateways: the primary will be gone.
    const primary = await lab.primary()
    await ledger.use(lab.proxies.filter((proxy) => proxy !== primary))
    await interrupted(trial, action, target, afterMs)
    if (action !== 'start-maintenance') await target.gone()
    // Nothing may be missing while it is away.
    await ledger.use(lab.proxies)
    await trial.pause(2)
    if (!target.isUp()) await target.start()
    if (action !== 'decommission-node') {
      await trial.within(6, 'it answers', async () => (await idOf(target)) === id)
      await order(trial, 'stop-maintenance', { sid: id })
    }
    await trial.within(8, 'all are back', () => trial.agree(lab.nodes, 3, 4))
    await trial.within(60, 'objects are back', () => quiet(lab.proxies[0] ?? target))
    await trial.within(6, 'the same everywhere', () => sameInForce(lab.nodes))
  }
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

const shape = { proxies: 3, targets: 4 }

export const serviceScenarios: readonly Scenario[] = [
  ['A18', 'start-maintenance'],
  ['A18s', 'shutdown-node'],
  ['A18d', 'decommission-node'],
].map(([id = '', action = '']) => ({
  id,
  title: `${action} while primaries die`,
  shape,
  run: (trial: Trial) => whileServiceEnds(trial, action),
}))
