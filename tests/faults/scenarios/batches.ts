import { type IncomingMessage, request } from 'node:http'
import { readAll } from '@aistore-ts/core/archive/testing/archive-bench.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { ask } from './control.ts'

const bucket = 'batches'
const objects = 32
const objectBytes = 1_048_576
/** Times that each object is asked for: the answer is more than all buffers on its way hold. */
const repeats = 3
const rounds = 3

const nameOf = (at: number) => `big${at}`
const contentOf = (at: number) => Buffer.alloc(objectBytes, `content of ${nameOf(at)}; `)

const wanted = Array.from({ length: objects * repeats }, (_, at) => (at * 7) % objects)
const body = JSON.stringify({ in: wanted.map((at) => ({ objname: nameOf(at) })), strm: true })

async function fillBig(gateway: LabNode): Promise<void> {
  await ask(gateway, 'POST', `/v1/buckets/${bucket}`, { action: 'create-bck' })
  for (let at = 0; at < objects; at++) {
    const init = { method: 'PUT', body: contentOf(at), redirect: 'manual' as const }
    const first = await fetch(`${gateway.url}/v1/objects/${bucket}/${nameOf(at)}`, init)
    const reply = await fetch(first.headers.get('location') ?? '', init)
    if (reply.status !== 200) throw new Error(`${nameOf(at)} was not written: ${reply.status}`)
  }
}

/** A GET with a body; what `fetch` does not send. */
function get(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(body) }
    const call = request(url, { method: 'GET', headers, agent: false })
    call.on('error', reject)
    call.on('response', resolve)
    call.end(body)
  })
}

/** Where the gateway sends a batch. */
async function designate(gateway: LabNode): Promise<string> {
  const reply = await get(`${gateway.url}/v1/ml/moss/${bucket}`)
  reply.resume()
  return reply.headers.location ?? ''
}

type Outcome = 'right' | 'cut' | 'wrong'

/** Reads a batch to its end; `meanwhile` happens once it has begun. */
async function take(url: string, meanwhile: () => Promise<void>): Promise<Outcome> {
  const chunks: Buffer[] = []
  try {
    const reply = await get(url)
    if (reply.statusCode !== 200) {
      reply.resume()
      await meanwhile()
      return 'cut'
    }
    let isBegun = false
    for await (const chunk of reply) {
      chunks.push(chunk)
      if (isBegun) continue
      isBegun = true
      await meanwhile()
    }
  } catch {
    return 'cut'
  }
  const found = await readAll(Buffer.concat(chunks), '.tar').catch(() => [])
  const isRight =
    found.length === wanted.length &&
    wanted.every((at, i) => {
      const [name, text] = found[i] ?? []
      return name === `${bucket}/${nameOf(at)}` && text === contentOf(at).toString()
    })
  return isRight ? 'right' : 'wrong'
}

interface BatchStatus {
  readonly end_time: number
  readonly is_idle?: boolean
}

/** No target works on a batch any more. */
async function batchesAreOver(gateway: LabNode): Promise<boolean> {
  const reply = await fetch(`${gateway.url}/v1/cluster?what=status_all`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ kind: 'get-batch' }),
  })
  const all = (await reply.json()) as readonly BatchStatus[] | null
  return (all ?? []).every(({ end_time, is_idle }) => end_time !== 0 || is_idle === true)
}

/** Asks again until a batch is whole: the targets are back, and so are their objects. */
async function wholeAgain(trial: Trial, gateway: LabNode, what: string): Promise<void> {
  await trial.within(40, `${what}: a batch is whole again`, async () => {
    const outcome = await take(await designate(gateway), async () => undefined)
    trial.check(outcome !== 'wrong', `${what}: a later batch was wrong`)
    return outcome === 'right'
  })
  await trial.within(10, `${what}: no batch is at work`, () => batchesAreOver(gateway))
}

/** Who dies when a batch is put together by `designated`. */
type Victim = (targets: readonly LabNode[], designated: LabNode) => LabNode | undefined

const victims: readonly (readonly [string, Victim])[] = [
  ['the designated target dies', (_, designated) => designated],
  ['a sender dies', (targets, designated) => targets.find((target) => target !== designated)],
]

/** The designated target dies, one that sends, and the client goes without a word: no batch is wrong, none hangs. */
async function batchesAndDeaths(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  if (gateway === undefined) throw new Error('assert: a gateway')
  await fillBig(gateway)
  await wholeAgain(trial, gateway, 'at first')
  const counts = new Map<string, number>()
  for (const [what, choose] of victims) {
    for (let round = 0; round < rounds; round++) {
      const url = await designate(gateway)
      const designated = lab.targets.find((target) => url.startsWith(target.url))
      const victim = designated && choose(lab.targets, designated)
      if (victim === undefined) throw new Error(`assert: a target is at ${url}`)
      const outcome = await take(url, () => victim.kill())
      trial.check(outcome !== 'wrong', `${what}: the batch ended well, and was wrong`)
      trial.check(outcome === 'cut' || victim !== designated, `${what}: nobody noticed`)
      counts.set(`${what}: ${outcome}`, (counts.get(`${what}: ${outcome}`) ?? 0) + 1)
      await victim.start()
      await trial.within(10, 'all agree', () => trial.agree(lab.nodes, 1, lab.targets.length))
      await wholeAgain(trial, gateway, what)
    }
  }
  for (let round = 0; round < rounds; round++) {
    const reply = await get(await designate(gateway))
    await trial.pause(0.2)
    reply.destroy()
  }
  await wholeAgain(trial, gateway, 'the client goes')
  for (const [name, count] of counts) trial.figure(name, count)
}

export const batchScenarios: readonly Scenario[] = [
  {
    id: 'X07',
    title: 'targets die, and clients go, in the middle of a batch',
    shape: { proxies: 1, targets: 3 },
    run: batchesAndDeaths,
  },
]
