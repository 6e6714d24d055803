import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { ask } from './control.ts'
import { fill, missingOf, quiet } from './objects.ts'

const bucket = 'growing'
const callTimeoutMs = 6_000

interface Reply {
  readonly status: number
  readonly text: string
  readonly handle: string
}

/** A call about one object, its redirect followed; status 0: nobody knows what became of it. */
async function call(
  gateway: LabNode,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const init = { method, body: body ?? null, headers, redirect: 'manual' as const }
  const timed = () => ({ ...init, signal: AbortSignal.timeout(callTimeoutMs) })
  try {
    const url = `${gateway.url}/v1/objects/${bucket}/${path}`
    const first = await fetch(url, timed())
    const location = first.headers.get('location')
    const reply = location === null ? first : await fetch(location, timed())
    const handle = reply.headers.get('ais-append-handle') ?? ''
    return { status: reply.status, text: await reply.text(), handle }
  } catch (error) {
    return { status: 0, text: String(error), handle: '' }
  }
}

/** One client, and what it was told. */
interface Client {
  /** One more step; never throws. */
  step(): Promise<void>
  /** What is not as it was told. */
  verify(): Promise<string[]>
  readonly done: () => number
}

/** Appends pieces to an object, and flushes after every fourth. */
function appender(gateway: LabNode, name: string): Client {
  /** Contents that the object may have now: the last one that was acknowledged, and those in doubt since. */
  let possible = ['']
  const surprises: string[] = []
  let [content, handle, pieces, flushes] = ['', '', 0, 0]
  const piece = () => `${name} ${pieces} `.repeat(300)
  const giveUp = () => {
    handle = ''
    pieces = 0
  }
  return {
    done: () => flushes,
    async step() {
      if (pieces === 0) {
        const now = await call(gateway, 'GET', name)
        content = now.status === 200 ? now.text : ''
        // Its target is away, and who owns the name now has never heard of it.
        if (now.status !== 200 && (now.status !== 404 || !possible.includes(''))) return
        if (possible.includes(content)) possible = [content]
        else surprises.push(`${name} had ${content.length} bytes meanwhile`)
      }
      if (pieces < 4) {
        const query = `append_type=append&append_handle=${encodeURIComponent(handle)}`
        const reply = await call(gateway, 'PUT', `${name}?${query}`, piece())
        if (reply.status !== 200) return giveUp()
        content += piece()
        handle = reply.handle
        pieces += 1
        return
      }
      const query = `append_type=flush&append_handle=${encodeURIComponent(handle)}`
      const reply = await call(gateway, 'PUT', `${name}?${query}`)
      if (reply.status === 200) {
        possible = [content]
        flushes += 1
      } else possible.push(content)
      giveUp()
    },
    async verify() {
      const { status, text } = await call(gateway, 'GET', name)
      const found = status === 404 ? '' : text
      if (possible.includes(found)) return surprises
      const lengths = possible.map((one) => one.length).join(', ')
      return [...surprises, `${name} has ${found.length} bytes, not one of ${lengths}`]
    },
  }
}

/** Appends files to a shard; one that is not to be found is never made anew: its target may only be away. */
function archiver(gateway: LabNode, name: string): Client {
  const acknowledged: string[] = []
  let next = 0
  const contentOf = (member: string) => `${member} `.repeat(200)
  return {
    done: () => acknowledged.length,
    async step() {
      const member = `m${next++}`
      const init = { 'Ais-Pine': acknowledged.length === 0 ? '2' : '1' }
      const path = `${name}?archpath=${member}`
      const { status } = await call(gateway, 'PUT', path, contentOf(member), init)
      if (status === 200) acknowledged.push(member)
    },
    async verify() {
      const wrong: string[] = []
      for (const member of acknowledged) {
        const { status, text } = await call(gateway, 'GET', `${name}?archpath=${member}`)
        if (status !== 200 || text !== contentOf(member)) wrong.push(`${name}/${member}: ${status}`)
      }
      return wrong
    },
  }
}

/** Copies the objects of another bucket, one after the other. */
function copier(gateway: LabNode, prefix: string): Client {
  const acknowledged: number[] = []
  let next = 0
  return {
    done: () => acknowledged.length,
    async step() {
      const at = next++ % 100
      const to = encodeURIComponent(`ais/@#/${bucket}/${prefix}${at}`)
      const path = `../bulk/o${at}?object_to=${to}`
      const { status } = await call(gateway, 'PUT', path)
      if (status === 200) acknowledged.push(at)
    },
    async verify() {
      const wrong: string[] = []
      for (const at of new Set(acknowledged)) {
        const { status, text } = await call(gateway, 'GET', `${prefix}${at}`)
        if (status !== 200 || text !== `bulk ${at}`) wrong.push(`${prefix}${at}: ${status}`)
      }
      return wrong
    },
  }
}

/** Targets die while objects grow, and are copied. */
async function deaths(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  if (gateway === undefined) throw new Error('assert: a gateway')
  const chance = createChance(trial.seed)
  await fill(trial, 100)
  await ask(gateway, 'POST', `/v1/buckets/${bucket}`, { action: 'create-bck' })
  const clients = {
    append: ['a1', 'a2', 'a3'].map((name) => appender(gateway, name)),
    archive: ['s1.tar', 's2.tar'].map((name) => archiver(gateway, name)),
    copy: ['c1-', 'c2-'].map((prefix) => copier(gateway, prefix)),
  }
  const all = Object.values(clients).flat()
  let isOver = false
  const loads = all.map(async (client) => {
    while (!isOver) await client.step()
  })
  for (let round = 0; round < 8; round++) {
    const victim = lab.targets[round % lab.targets.length]
    if (victim === undefined) throw new Error('assert: a target')
    await trial.pause(0.2 + chance())
    await victim.kill()
    await trial.pause(chance() * 2)
    await victim.start()
    await trial.within(10, 'all agree', () => trial.agree(lab.nodes, 1, lab.targets.length))
  }
  isOver = true
  await Promise.all(loads)
  await trial.within(60, 'objects are at rest', () => quiet(gateway))
  for (const [kind, own] of Object.entries(clients)) {
    const count = own.reduce((sum, { done }) => sum + done(), 0)
    trial.figure(kind, `${count} acknowledged`)
    trial.check(count > 0, `${kind}: nothing was acknowledged`)
  }
  for (const client of all) {
    for (const wrong of await client.verify()) trial.check(false, wrong)
  }
  const missing = await missingOf(gateway, 100)
  trial.check(missing === 0, `${missing} sources are missing`)
}

/** What nobody needs is removed, again and again, while targets come and go. */
async function reclaim(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  const spare = lab.targets[3]
  if (gateway === undefined || spare === undefined) throw new Error('assert: a spare target')
  const objects = 3_000
  await fill(trial, objects)
  let isOver = false
  let taken = 0
  const cleaning = (async () => {
    while (!isOver) {
      const start = { action: 'start', value: { Kind: 'cleanup-store' } }
      const { status } = await ask(gateway, 'PUT', '/v1/cluster', start)
      if (status === 200) taken += 1
      await trial.pause(0.05)
    }
  })()
  const chance = createChance(trial.seed)
  await spare.start()
  for (const victim of [lab.targets[0], spare, lab.targets[1], spare]) {
    await trial.pause(chance())
    await victim?.kill()
    await trial.pause(chance() * 5)
    await victim?.start()
  }
  await trial.within(20, 'all agree', () => trial.agree(lab.nodes, 1, 4))
  isOver = true
  await cleaning
  trial.figure('clean-ups taken', taken)
  trial.check(taken > 0, 'no clean-up was taken')
  await trial.within(60, 'objects are at rest', () => quiet(gateway))
  const missing = await missingOf(gateway, objects)
  trial.check(missing === 0, `${missing} objects are missing`)
}

export const growingScenarios: readonly Scenario[] = [
  {
    id: 'B06',
    title: 'targets die while objects are appended to, put into shards and copied',
    shape: { proxies: 1, targets: 2 },
    run: deaths,
  },
  {
    id: 'D10',
    title: 'cleanup runs again and again while targets come, die and come back',
    shape: { proxies: 1, targets: 3, spares: 1 },
    run: reclaim,
  },
]
