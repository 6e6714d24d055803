import { createChance } from '../chance.ts'
import type { LabNode } from '../lab.ts'
import type { Scenario, Trial } from '../scenario.ts'

/** A query of jobs, as any client asks it. */
async function jobs<T>(gateway: LabNode, what: string, query: object): Promise<T> {
  const reply = await fetch(`${gateway.url}/v1/cluster?what=${what}`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify(query),
  })
  return (await reply.json()) as T
}

/** ID of the newest rebalance. */
async function newestRebalance(gateway: LabNode): Promise<string> {
  const all = await jobs<{ uuid: string }[] | null>(gateway, 'status_all', { kind: 'rebalance' })
  const numbers = (all ?? []).map(({ uuid }) => Number(uuid.slice(1)))
  return `g${Math.max(0, ...numbers)}`
}

/** No rebalance is at work. */
async function quiet(gateway: LabNode): Promise<boolean> {
  return (await jobs<string[]>(gateway, 'running_all', {})).length === 0
}

/** Objects that the targets sent away in one rebalance. */
async function movedIn(gateway: LabNode, id: string): Promise<number> {
  const byTarget = await jobs<Record<string, { stats: { 'out-objs': string } }[]>>(
    gateway,
    'qryxstats',
    { id, kind: 'rebalance' },
  )
  return Object.values(byTarget)
    .flat()
    .reduce((sum, { stats }) => sum + Number(stats['out-objs']), 0)
}

/** Fills a bucket of its own with small objects. */
async function fill(trial: Trial, objects: number): Promise<void> {
  const { proxies } = trial.lab
  const gateway = proxies[0]
  if (gateway === undefined) throw new Error('assert: there is a gateway')
  const create = JSON.stringify({ action: 'create-bck' })
  await fetch(`${gateway.url}/v1/buckets/bulk`, { method: 'POST', body: create })
  let next = 0
  async function writer(): Promise<void> {
    for (let at = next++; at < objects; at = next++) {
      const proxy = proxies[at % proxies.length] ?? gateway
      const init = { method: 'PUT', body: `bulk ${at}`, redirect: 'manual' as const }
      const first = await fetch(`${proxy?.url}/v1/objects/bulk/o${at}`, init)
      const reply = await fetch(first.headers.get('location') ?? '', init)
      if (reply.status !== 200) throw new Error(`bulk/o${at} was not written: ${reply.status}`)
      await reply.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: 8 }, writer))
}

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
  for (const [what, times] of failures) trial.check(false, `failed: ${what} (${times} times)`)
  trial.figure('longest gap of object calls', `${Math.round(longestMs)} ms`)
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

/** A target goes and comes back before the rebalance has ended, again and again. */
async function overlapping(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  const [first, second] = lab.targets
  if (!gateway || !first || !second) throw new Error('assert: enough nodes')
  await fill(trial, 3_000)
  const ledger = await trial.load()
  ledger.complete = false
  for (let round = 0; round < 3; round++) {
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
    if (victim.role === 'proxy') ledger.use(lab.proxies.filter((proxy) => proxy !== victim))
    await victim.kill()
    await trial.pause(chance() * 5)
    await victim.start()
    ledger.use(lab.proxies)
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
    run: overlapping,
  },
  {
    id: 'D03',
    title: 'a sender, a receiver and the primary die while objects move',
    shape: { proxies: 3, targets: 3, spares: 1 },
    run: deaths,
  },
]
