import type { LabNode } from '../lab-node.ts'
import type { Trial } from '../scenario.ts'

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
export async function newestRebalance(gateway: LabNode): Promise<string> {
  const all = await jobs<{ uuid: string }[] | null>(gateway, 'status_all', { kind: 'rebalance' })
  const numbers = (all ?? []).map(({ uuid }) => Number(uuid.slice(1)))
  return `g${Math.max(0, ...numbers)}`
}

/** No rebalance is at work. */
export async function quiet(gateway: LabNode): Promise<boolean> {
  return (await jobs<string[]>(gateway, 'running_all', {})).length === 0
}

/** Objects that the targets sent away in one rebalance. */
export async function movedIn(gateway: LabNode, id: string): Promise<number> {
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
export async function fill(trial: Trial, objects: number): Promise<void> {
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

/** How many objects of `fill` do not come back as they were written. */
export async function missingOf(gateway: LabNode, objects: number): Promise<number> {
  let next = 0
  let missing = 0
  async function reader(): Promise<void> {
    for (let at = next++; at < objects; at = next++) {
      const reply = await fetch(`${gateway.url}/v1/objects/bulk/o${at}`)
      if ((await reply.text()) !== `bulk ${at}` || reply.status !== 200) missing += 1
    }
  }
  await Promise.all(Array.from({ length: 8 }, reader))
  return missing
}
