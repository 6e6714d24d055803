import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JobClient } from './client.ts'

let dir: string
let server: Server
let client: JobClient

/** Names of nobody, more than a job looks at during a test. */
const endless = { template: `${'nobody'.repeat(100)}-{0..999999}` }

async function start(): Promise<void> {
  server = await startServer({ dir, proxies: 2, targets: 2, mountpaths: 1 })
  client = new JobClient(server.endpoint)
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ais-jobs-'))
  await start()
  await client.createBucket('b')
})

afterEach(async () => {
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

it('a job is found while it runs, is stopped, and is known as stopped afterwards', async () => {
  const id = await client.deleteObjects('b', endless)
  expect(await client.status(id)).toMatchObject({ kind: 'delete-listrange', end_time: 0, err: '' })
  expect(await client.running()).toContain(`delete-listrange[${id}]`)
  await client.stop({ ID: id })
  const status = await client.settled(id)
  expect(status).toMatchObject({ aborted: true, err: expect.stringContaining('stopped by user') })
  expect(await client.running()).toEqual([])
  await client.stop({ ID: id })
})

it('a job whose bucket is destroyed ends', async () => {
  const id = await client.deleteObjects('b', endless)
  await client.destroyBucket('b')
  expect(await client.settled(id)).toMatchObject({
    aborted: true,
    err: expect.stringContaining('its bucket is gone'),
  })
})

it('F11.05: a copy ends when objects begin to move, and deleting goes on', async () => {
  const copy = await client.copyObjects('b', 'c', endless)
  const deletion = await client.deleteObjects('b', endless)
  await client.start({ Kind: 'rebalance' })
  expect(await client.settled(copy)).toMatchObject({
    aborted: true,
    err: expect.stringContaining('aborted by rebalance'),
  })
  expect(await client.status(deletion)).toMatchObject({ end_time: 0, aborted: false })
  await client.stop({ ID: deletion })
  await client.settled(deletion)
})

it('F11.05: a copy goes on while objects move, where the cluster is told to ignore that', async () => {
  const config = { action: 'set-config', value: { features: String(1 << 8) } }
  const init = { method: 'PUT', body: JSON.stringify(config) }
  expect((await fetch(`${server.endpoint}/v1/cluster`, init)).status).toBe(200)
  const copy = await client.copyObjects('b', 'c', endless)
  const rebalance = await client.start({ Kind: 'rebalance' })
  await client.settled(rebalance)
  expect(await client.status(copy)).toMatchObject({ end_time: 0, aborted: false })
  await client.stop({ ID: copy })
  await client.settled(copy)
})

it('a job that a restart interrupted runs on under its ID', async () => {
  const id = await client.deleteObjects('b', endless)
  await server.stop()
  await start()
  expect(await client.status(id)).toMatchObject({ uuid: id, end_time: 0, aborted: false })
  await client.stop({ ID: id })
  expect(await client.settled(id)).toMatchObject({ aborted: true })
  await server.stop()
  await start()
  expect(await client.status(id)).toMatchObject({ aborted: true })
})

it('kinds that no client may start by themselves, and kinds there are not, are refused', async () => {
  await expect(client.start({ Kind: 'copy-bck' })).rejects.toThrow('400')
  await expect(client.start({ Kind: 'nosuch' })).rejects.toThrow('400')
})

it('a listing of several pages is a job while it lasts, and may be stopped', async () => {
  for (let i = 0; i < 60; i++) await client.put('b', `o${100 + i}`, 'x')
  const first = await client.listPage('b', { pagesize: 5 })
  const { uuid } = first
  expect(await client.status(uuid)).toMatchObject({ kind: 'list', end_time: 0, is_idle: true })
  const second = await client.listPage('b', { uuid, continuation_token: first.continuation_token })
  expect(second.entries).toHaveLength(55)
  expect(await client.status(uuid)).toMatchObject({ aborted: false, err: '' })
  expect((await client.status(uuid)).end_time).not.toBe(0)

  const other = await client.listPage('b', { pagesize: 5 })
  await client.stop({ ID: other.uuid })
  const { uuid: id, continuation_token } = other
  await expect(client.listPage('b', { uuid: id, continuation_token })).rejects.toThrow(
    'was stopped',
  )
})

it('a summary is a job whose parts add up to what it says', async () => {
  const { id, sums } = await client.summary('b')
  expect(await client.status(id)).toMatchObject({ kind: 'summary-bck', aborted: false, err: '' })
  const objects = await client.objects(id)
  expect(objects).toBe((await client.names('b')).length)
  expect(JSON.stringify(sums)).toContain(`"obj_count_present":"${objects}"`)
})

it('a summary is asked for at one gateway and fetched at another', async () => {
  const [first, second] = server.proxies.map(({ snode }) => snode.publicNet.url)
  const ask = async (gateway: string | undefined, action: string, uuid: string) => {
    const body = JSON.stringify({ action, value: { uuid } })
    const headers = { 'X-HTTP-Method-Override': 'GET' }
    return fetch(`${gateway}/v1/buckets/b`, { method: 'POST', headers, body })
  }
  for (const action of ['summary-bck', 'summary-shard']) {
    const id = await (await ask(first, action, '')).text()
    let told = await ask(second, action, id)
    for (; told.status === 202; told = await ask(second, action, id)) await told.text()
    const text = await told.text()
    expect([action, told.status, text]).toEqual([action, 200, expect.any(String)])
    expect(text).toBe(await (await ask(first, action, id)).text())
    expect((await ask(second, action, 'no-such-id')).status).toBe(404)
  }
  const head = (gateway: string | undefined, uuid: string) =>
    fetch(`${gateway}/v1/buckets/b?bsumm_remote=true&uuid=${uuid}`, { method: 'HEAD' })
  const id = (await head(first, '')).headers.get('ais-xaction-id') ?? ''
  let told = await head(second, id)
  while (told.status === 202) told = await head(second, id)
  expect(told.headers.get('ais-bucket-summ')).toContain('"is_present":true')
})
