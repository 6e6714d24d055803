import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LabNode } from '../lab-node.ts'
import { type Answer, ask } from './control.ts'

/** What jobs work with. */
export interface World {
  readonly gateway: LabNode
  /** Where objects can be downloaded from, each with the text that `fill` gives it. */
  readonly sourceUrl: string
  /** A folder of files with the same texts. */
  readonly folder: string
  /** The name that the bucket of copies has now. */
  copies: string
  /** The first page of the listing that runs. */
  listed: Page | undefined
  close(): Promise<void>
}

const promoteRoot = '/var/lib/ais/promote'

/** @param observer the address that nodes reach us by */
export async function openJobWorld(
  gateway: LabNode,
  observer: string,
  count: number,
): Promise<World> {
  const source = createServer(({ url = '' }, response) => {
    response.end(`bulk ${url.slice('/o'.length)}`)
  }).listen(0, observer)
  await once(source, 'listening')
  const { port } = source.address() as AddressInfo
  const folder = `${promoteRoot}/faults-${process.pid}`
  await mkdir(folder, { recursive: true })
  for (let at = 0; at < count; at++) await writeFile(`${folder}/o${at}`, `bulk ${at}`)
  return {
    gateway,
    sourceUrl: `http://${observer}:${port}`,
    folder,
    copies: 'copy',
    listed: undefined,
    async close() {
      source.closeAllConnections()
      source.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const objects = 3_000
const everything = { template: `o{0..${objects - 1}}` }

/** A job of one kind, and what it is to leave. */
export interface Work {
  readonly kind: string
  start(world: World): Promise<Answer>
  /** What is wrong once it has come to a good end. */
  verify(world: World): Promise<string[]>
}

const onBucket = (gateway: LabNode, method: string, path: string, action: string, value: object) =>
  ask(gateway, method, `/v1/buckets/${path}`, { action, value })

const asDestination = (bucket: string) => `bck_to=${encodeURIComponent(`ais/@#/${bucket}/`)}`

/** What a GET with a body says of a bucket. */
async function read(
  gateway: LabNode,
  bucket: string,
  action: string,
  value: object,
): Promise<Answer> {
  const reply = await fetch(`${gateway.url}/v1/buckets/${bucket}`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ action, value }),
  })
  return { status: reply.status, text: await reply.text() }
}

interface Page {
  readonly uuid: string
  readonly entries: readonly { readonly name: string }[] | null
  readonly continuation_token: string
}

/** Names in a bucket, page by page, or what is behind a page; none when that listing is over. */
async function namesOf(
  gateway: LabNode,
  bucket: string,
  after?: Page,
): Promise<string[] | undefined> {
  const names: string[] = []
  const { uuid = '' } = after ?? {}
  for (let token = after?.continuation_token ?? ''; ; ) {
    const value = { props: 'name', uuid, continuation_token: token }
    const { status, text } = await read(gateway, bucket, 'list', value)
    if (status !== 200) return undefined
    const page = JSON.parse(text) as Page
    names.push(...(page.entries ?? []).map(({ name }) => name))
    token = page.continuation_token
    if (token === '') return names
  }
}

async function expectNames(gateway: LabNode, bucket: string, count: number): Promise<string[]> {
  const found = new Set(await namesOf(gateway, bucket)).size
  return found === count ? [] : [`${bucket} has ${found} objects, not ${count}`]
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

const firstPage = 100

/** The rest of a listing is what the first page left, whoever died in between; or an error, never less. */
async function expectRest(gateway: LabNode, listed: Page | undefined): Promise<string[]> {
  const rest = listed && (await namesOf(gateway, 'bulk', listed))
  const found = rest === undefined ? objects - firstPage : new Set(rest).size
  return found === objects - firstPage ? [] : [`behind the first page are ${found} names`]
}

/** Of `bulk`, once it is there. */
async function summaryOf(gateway: LabNode): Promise<string> {
  const { text: uuid } = await read(gateway, 'bulk', 'summary-bck', {})
  for (;;) {
    const { status, text } = await read(gateway, 'bulk', 'summary-bck', { uuid })
    if (status !== 202) return text
  }
}

/** In this order: one works on what another made. */
export const works: readonly Work[] = [
  {
    kind: 'copy-bck',
    start: ({ gateway }) =>
      onBucket(gateway, 'POST', `bulk?${asDestination('copy')}`, 'copy-bck', {}),
    verify: ({ gateway }) => expectCopy(gateway, 'copy'),
  },
  {
    kind: 'list',
    async start(world) {
      const value = { props: 'name', pagesize: firstPage }
      const { status, text } = await read(world.gateway, 'bulk', 'list', value)
      if (status !== 200) return { status, text }
      world.listed = JSON.parse(text)
      return { status, text: world.listed?.uuid ?? '' }
    },
    async verify({ gateway, listed }) {
      const wrong = await expectNames(gateway, 'bulk', objects)
      return [...wrong, ...(await expectRest(gateway, listed))]
    },
  },
  {
    kind: 'summary-bck',
    async start({ gateway }) {
      const { status, text } = await read(gateway, 'bulk', 'summary-bck', {})
      return { status: status === 202 ? 200 : status, text }
    },
    async verify({ gateway }) {
      const text = await summaryOf(gateway)
      return text.includes(`"obj_count_present":"${objects}"`) ? [] : [`the summary is ${text}`]
    },
  },
  {
    kind: 'copy-listrange',
    start: ({ gateway }) => {
      const value = { ...everything, tobck: { name: 'picked', provider: 'ais' } }
      return onBucket(gateway, 'POST', 'bulk', 'copy-listrange', value)
    },
    verify: ({ gateway }) => expectCopy(gateway, 'picked'),
  },
  {
    kind: 'archive',
    start: ({ gateway }) => {
      const tobck = { name: 'shards', provider: 'ais' }
      const value = { ...everything, archname: 'all.tar', tobck }
      return onBucket(gateway, 'PUT', 'bulk', 'archive', value)
    },
    verify: ({ gateway }) => expectShard(gateway),
  },
  {
    kind: 'index-shard',
    start: ({ gateway }) => onBucket(gateway, 'POST', 'shards', 'index-shard', {}),
    verify: ({ gateway }) => expectShard(gateway),
  },
  {
    kind: 'rechunk',
    start: ({ gateway }) => {
      const value = { 'objsize-limit': 1, 'chunk-size': 4 }
      return onBucket(gateway, 'POST', 'copy', 'rechunk', value)
    },
    verify: ({ gateway }) => expectCopy(gateway, 'copy'),
  },
  {
    kind: 'delete-listrange',
    start: ({ gateway }) => onBucket(gateway, 'DELETE', 'picked', 'delete-listrange', everything),
    verify: ({ gateway }) => expectNames(gateway, 'picked', 0),
  },
  {
    kind: 'cleanup-store',
    start: ({ gateway }) =>
      ask(gateway, 'PUT', '/v1/cluster', { action: 'start', value: { Kind: 'cleanup-store' } }),
    verify: ({ gateway }) => expectCopy(gateway, 'copy'),
  },
  {
    kind: 'lru',
    start: ({ gateway }) =>
      ask(gateway, 'PUT', '/v1/cluster', { action: 'start', value: { Kind: 'lru' } }),
    verify: ({ gateway, copies }) => expectCopy(gateway, copies),
  },
  {
    kind: 'promote',
    start: ({ gateway, folder }) => {
      const value = { src: folder, rcr: true, ovw: true }
      return ask(gateway, 'POST', '/v1/objects/promoted', { action: 'promote', value })
    },
    verify: ({ gateway }) => expectCopy(gateway, 'promoted'),
  },
  {
    kind: 'download',
    start: async ({ gateway, sourceUrl }) => {
      const template = `${sourceUrl}/o{0..${objects - 1}}`
      const bucket = { name: 'loaded', provider: 'ais' }
      const body = { type: 'range', bucket, template }
      const { status, text } = await ask(gateway, 'POST', '/v1/download', body)
      return { status, text: status === 200 ? (JSON.parse(text) as { id: string }).id : text }
    },
    verify: ({ gateway }) => expectCopy(gateway, 'loaded'),
  },
  {
    kind: 'move-bck',
    start: async (world) => {
      const to = world.copies === 'copy' ? 'renamed' : 'copy'
      const path = `${world.copies}?${asDestination(to)}`
      const answer = await onBucket(world.gateway, 'POST', path, 'move-bck', {})
      if (answer.status === 200) world.copies = to
      return answer
    },
    verify: ({ gateway, copies }) => expectCopy(gateway, copies),
  },
]
