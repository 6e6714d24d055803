import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { bucketsOf, createBucket, sameBuckets } from './buckets.ts'

const machinesOf = (nodes: readonly LabNode[]) => nodes.map(({ machine }) => machine)

/** The primary with two targets on one side, everyone else on the other. */
async function minority(trial: Trial): Promise<void> {
  const { lab } = trial
  const ledger = await trial.load()
  await trial.pause(2)
  const old = await lab.primary()
  const cutOff = [old, ...lab.targets.slice(0, 2)]
  const rest = lab.nodes.filter((node) => !cutOff.includes(node))
  const others = rest.filter(({ role }) => role === 'proxy')
  ledger.complete = false
  await ledger.use(others)
  await lab.network.partition(machinesOf(cutOff), machinesOf(rest))
  await trial.within(6, 'the majority has a primary', async () => {
    const view = await lab.view(others[0] ?? old)
    return view !== undefined && view.primaryUrl !== old.url
  })
  await trial.within(6, 'the majority takes changes', async () => {
    const status = await createBucket(others[0] ?? old, 'majority')
    return status === 200 || status === 409
  })
  await trial.within(6, 'the minority refuses changes', async () => {
    const status = await createBucket(old, 'minority')
    if (status === 200) throw new Error('the cut-off primary made a bucket')
    return status === 503
  })
  await trial.pause(5)
  await lab.network.heal()
  await trial.within(6, 'one cluster again', () =>
    trial.agree(lab.nodes, lab.proxies.length, lab.targets.length),
  )
  await trial.within(6, 'the same buckets everywhere', () => sameBuckets(lab.nodes))
  trial.check((await bucketsOf(old)).includes('majority'), 'a bucket of the majority is lost')
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** Two halves of the same size: never two that commit. */
async function halves(trial: Trial): Promise<void> {
  const { lab } = trial
  const primary = await lab.primary()
  const proxies = [primary, ...lab.proxies.filter((proxy) => proxy !== primary)]
  const left = [...proxies.slice(0, 2), ...lab.targets.slice(0, 2)]
  const right = lab.nodes.filter((node) => !left.includes(node))
  const gateway = right.find(({ role }) => role === 'proxy')
  if (gateway === undefined) throw new Error('assert: a gateway on each side')
  await lab.network.partition(machinesOf(left), machinesOf(right))
  await trial.pause(6)
  const [a, b] = await Promise.all([createBucket(primary, 'left'), createBucket(gateway, 'right')])
  trial.figure('left, right', `${a}, ${b}`)
  trial.check(!(a === 200 && b === 200), 'both halves made a bucket')
  await lab.network.heal()
  await trial.within(6, 'one cluster again', () =>
    trial.agree(lab.nodes, lab.proxies.length, lab.targets.length),
  )
  await trial.within(6, 'the same buckets everywhere', () => sameBuckets(lab.nodes))
  const kept = await bucketsOf(primary)
  trial.check(a !== 200 || kept.includes('left'), 'an acknowledged bucket is lost (left)')
  trial.check(b !== 200 || kept.includes('right'), 'an acknowledged bucket is lost (right)')
}

/** Three islands, healed one link after the other. */
async function islands(trial: Trial): Promise<void> {
  const { lab } = trial
  const groups = [0, 1, 2].map((at) => lab.nodes.filter((_, index) => index % 3 === at))
  await lab.network.partition(...groups.map(machinesOf))
  await trial.pause(6)
  const answers = await Promise.all(
    lab.proxies.map((proxy, at) => createBucket(proxy, `island${at}`)),
  )
  trial.check(
    answers.every((status) => status !== 200),
    `an island made a bucket: ${answers}`,
  )
  await lab.network.heal()
  await trial.within(6, 'one cluster again', () =>
    trial.agree(lab.nodes, lab.proxies.length, lab.targets.length),
  )
  await trial.within(6, 'the same buckets everywhere', () => sameBuckets(lab.nodes))
}

export const partitionScenarios: readonly Scenario[] = [
  {
    id: 'A06',
    title: 'the primary in a minority',
    shape: { proxies: 3, targets: 5 },
    short: true,
    run: minority,
  },
  { id: 'A07', title: 'two halves', shape: { proxies: 4, targets: 4 }, run: halves },
  { id: 'A08', title: 'three islands', shape: { proxies: 3, targets: 3 }, run: islands },
]
