import { readdir } from 'node:fs/promises'
import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { type Answer, ask } from './control.ts'
import { fill, missingOf, quiet } from './objects.ts'

const objects = 3_000
const everything = { template: `o{0..${objects - 1}}` }

/** A job of one kind, and what it is to leave. */
interface Work {
  readonly kind: string
  start(gateway: LabNode): Promise<Answer>
  /** What is wrong once it has come to a good end. */
  verify(gateway: LabNode): Promise<string[]>
}

const onBucket = (gateway: LabNode, method: string, path: string, action: string, value: object) =>
  ask(gateway, method, `/v1/buckets/${path}`, { action, value })

const asDestination = (bucket: string) => `bck_to=${encodeURIComponent(`ais/@#/${bucket}/`)}`

/** Names in a bucket, page by page. */
async function namesOf(gateway: LabNode, bucket: string): Promise<string[]> {
  const names: string[] = []
  for (let token = ''; ; ) {
    const value = { props: 'name', continuation_token: token }
    const reply = await fetch(`${gateway.url}/v1/buckets/${bucket}`, {
      method: 'POST',
      headers: { 'X-HTTP-Method-Override': 'GET' },
      body: JSON.stringify({ action: 'list', value }),
    })
    const page = (await reply.json()) as {
      entries: { name: string }[] | null
      continuation_token: string
    }
    names.push(...(page.entries ?? []).map(({ name }) => name))
    token = page.continuation_token
    if (token === '') return names
  }
}

async function expectNames(gateway: LabNode, bucket: string, count: number): Promise<string[]> {
  const names = await namesOf(gateway, bucket)
  return names.length === count ? [] : [`${bucket} has ${names.length} objects, not ${count}`]
}

/** What a copy holds that the source does not. */
async function expectCopy(gateway: LabNode, bucket: string): Promise<string[]> {
  const wrong = await expectNames(gateway, bucket, objects)
  for (let at = 0; at < objects; at += 97) {
    const text = await (await fetch(`${gateway.url}/v1/objects/${bucket}/o${at}`)).text()
    if (text !== `bulk ${at}`) wrong.push(`${bucket}/o${at} reads ${JSON.stringify(text)}`)
  }
  return wrong
}

async function expectShard(gateway: LabNode): Promise<string[]> {
  for (const at of [0, 1_499, objects - 1]) {
    const url = `${gateway.url}/v1/objects/shards/all.tar?archpath=o${at}`
    const text = await (await fetch(url)).text()
    if (text !== `bulk ${at}`) return [`all.tar has ${JSON.stringify(text)} for o${at}`]
  }
  return []
}

/** In this order: one works on what another made. */
const works: readonly Work[] = [
  {
    kind: 'copy-bck',
    start: (gateway) => onBucket(gateway, 'POST', `bulk?${asDestination('copy')}`, 'copy-bck', {}),
    verify: (gateway) => expectCopy(gateway, 'copy'),
  },
  {
    kind: 'copy-listrange',
    start: (gateway) => {
      const value = { ...everything, tobck: { name: 'picked', provider: 'ais' } }
      return onBucket(gateway, 'POST', 'bulk', 'copy-listrange', value)
    },
    verify: (gateway) => expectCopy(gateway, 'picked'),
  },
  {
    kind: 'archive',
    start: (gateway) => {
      const tobck = { name: 'shards', provider: 'ais' }
      const value = { ...everything, archname: 'all.tar', tobck }
      return onBucket(gateway, 'PUT', 'bulk', 'archive', value)
    },
    verify: expectShard,
  },
  {
    kind: 'index-shard',
    start: (gateway) => onBucket(gateway, 'POST', 'shards', 'index-shard', {}),
    verify: expectShard,
  },
  {
    kind: 'rechunk',
    start: (gateway) => {
      const value = { 'objsize-limit': 1, 'chunk-size': 4 }
      return onBucket(gateway, 'POST', 'copy', 'rechunk', value)
    },
    verify: (gateway) => expectCopy(gateway, 'copy'),
  },
  {
    kind: 'delete-listrange',
    start: (gateway) => onBucket(gateway, 'DELETE', 'picked', 'delete-listrange', everything),
    verify: (gateway) => expectNames(gateway, 'picked', 0),
  },
  {
    kind: 'cleanup-store',
    start: (gateway) =>
      ask(gateway, 'PUT', '/v1/cluster', { action: 'start', value: { Kind: 'cleanup-store' } }),
    verify: (gateway) => expectCopy(gateway, 'copy'),
  },
]

interface Status {
  readonly end_time: number
  readonly is_idle: boolean
  readonly aborted: boolean
  readonly err: string
}

async function statusOf(gateway: LabNode, id: string): Promise<Status | undefined> {
  const reply = await fetch(`${gateway.url}/v1/cluster?what=status`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ ID: id }),
  })
  return reply.ok ? ((await reply.json()) as Status) : undefined
}

/** Work files that nobody works on. */
async function workFiles(targets: readonly LabNode[]): Promise<string[]> {
  const disks = targets.flatMap((target) => target.disks)
  const listed = await Promise.all(disks.map((disk) => readdir(disk, { recursive: true })))
  return listed.flat().filter((path) => path.includes('/%wk/'))
}

/** Starts the job, once the objects are where the map says; its ID. */
async function begin(trial: Trial, gateway: LabNode, work: Work): Promise<string> {
  let answer: Answer = { status: 0, text: '' }
  await trial.within(40, `${work.kind} is taken`, async () => {
    answer = await work.start(gateway)
    return answer.status === 200
  })
  return answer.text.trim()
}

async function ended(trial: Trial, gateway: LabNode, work: Work, id: string): Promise<Status> {
  let status: Status | undefined
  await trial.within(60, `${work.kind} ends`, async () => {
    status = await statusOf(gateway, id)
    return status !== undefined && (status.end_time !== 0 || status.is_idle)
  })
  if (status === undefined) throw new Error('assert: it has ended')
  return status
}

/** A target dies in the middle of a job of every kind, and comes back. */
async function deaths(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  if (gateway === undefined) throw new Error('assert: a gateway')
  const chance = createChance(trial.seed)
  await fill(trial, objects)
  for (const bucket of ['picked', 'shards']) {
    await ask(gateway, 'POST', `/v1/buckets/${bucket}`, { action: 'create-bck' })
  }
  for (const [at, work] of works.entries()) {
    const victim = lab.targets[at % lab.targets.length]
    if (victim === undefined) throw new Error('assert: a target')
    const id = await begin(trial, gateway, work)
    await trial.pause(chance() * 0.3)
    await victim.kill()
    await trial.pause(chance() * 4)
    await victim.start()
    const status = await ended(trial, gateway, work, id)
    trial.figure(`${work.kind} was`, status.aborted ? 'aborted' : 'done')
    await trial.within(10, 'all agree', () => trial.agree(lab.nodes, 1, lab.targets.length))
    await trial.within(60, 'objects are at rest', () => quiet(gateway))
    if (!status.aborted) {
      for (const wrong of await work.verify(gateway)) trial.check(false, `${work.kind}: ${wrong}`)
    }
    // Asked for again it comes to a good end.
    const again = await ended(trial, gateway, work, await begin(trial, gateway, work))
    trial.check(!again.aborted && again.err === '', `${work.kind} again: ${again.err}`)
    for (const wrong of await work.verify(gateway)) trial.check(false, `${work.kind}: ${wrong}`)
    const missing = await missingOf(gateway, objects)
    trial.check(missing === 0, `${work.kind}: ${missing} objects of the source are missing`)
  }
  await trial.within(10, 'no work files are left', async () => {
    return (await workFiles(lab.targets)).length === 0
  })
}

export const jobScenarios: readonly Scenario[] = [
  {
    id: 'X08',
    title: 'a target dies in the middle of a job of every kind',
    shape: { proxies: 1, targets: 3 },
    run: deaths,
  },
]
