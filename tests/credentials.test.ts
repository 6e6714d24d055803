import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** No secret of ours looks like this: wherever it turns up, it leaked. */
const canary = 'CANARY0123456789canary0123456789CANARYxx'

let server: Server
let gateways: readonly string[]

beforeAll(async () => {
  server = await startServer({ proxies: 2, targets: 1, config: { log: { level: '5' } } })
  gateways = server.proxies.map((node) => node.snode.publicNet.url)
})
afterAll(() => server.stop())

async function ask(method: string, path: string, body?: unknown, gateway = gateways[0]) {
  const answer = await fetch(`${gateway}/v1/credentials/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const json: unknown = text === '' ? undefined : JSON.parse(text)
  return { status: answer.status, json, text, headers: answer.headers }
}

describe('users and access keys', () => {
  it('are made at any gateway, and known at all of them when the answer comes', async () => {
    const made = await ask('POST', 'users', { id: 'ann', email: 'ann@example.org' }, gateways[1])
    expect(made).toMatchObject({
      status: 200,
      json: {
        id: 'ann',
        display_name: 'ann',
        canonical_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
    const key = await ask('POST', 'keys', { user: 'ann' }, gateways[1])
    expect(key.json).toMatchObject({
      access_key: expect.stringMatching(/^AIS[A-Z2-7]{17}$/),
      secret_key: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      disabled: false,
    })
    expect(key.headers.get('cache-control')).toBe('no-store')
    for (const gateway of gateways) {
      expect((await ask('GET', 'users/ann', undefined, gateway)).json).toEqual(made.json)
      const { json, text } = await ask('GET', 'keys?user=ann', undefined, gateway)
      expect(json).toEqual([expect.objectContaining({ user: 'ann' })])
      expect(text).not.toContain('secret')
    }
  })

  it('are disabled, enabled and deleted, a user with all keys', async () => {
    await ask('POST', 'users', { id: 'bob', permissions: { admin: true } })
    for (const id of ['BOB1', 'BOB2']) {
      const pair = { user: 'bob', access_key: id, secret_key: 'open sesame'.replace(' ', '-') }
      expect((await ask('POST', 'keys', pair)).status).toBe(200)
    }
    expect((await ask('PATCH', 'keys/BOB1', { disabled: true }, gateways[1])).status).toBe(200)
    expect((await ask('GET', 'keys?user=bob')).json).toMatchObject([
      { access_key: 'BOB1', disabled: true },
      { access_key: 'BOB2', disabled: false },
    ])
    await ask('PATCH', 'keys/BOB1', { disabled: false })
    expect((await ask('DELETE', 'keys/BOB2')).status).toBe(200)
    expect((await ask('GET', 'keys?user=bob')).json).toMatchObject([{ disabled: false }])
    expect((await ask('DELETE', 'users/bob', undefined, gateways[1])).status).toBe(200)
    expect((await ask('GET', 'keys?user=bob')).json).toEqual([])
  })

  it.each([
    ['GET', 'users/nobody', undefined, 404, /user "nobody" does not exist/],
    ['GET', 'else', undefined, 400, /invalid URL path/],
    ['GET', 'keys/ID', undefined, 400, /invalid URL path/],
    ['POST', 'users', { id: 'ann' }, 409, /already exists/],
    ['POST', 'users', { id: 'x', color: 1 }, 400, /unknown field "color"/],
    ['POST', 'users', { id: '../x' }, 400, /no user ID/],
    ['POST', 'keys', { user: 'nobody' }, 404, /user "nobody"/],
    ['POST', 'keys', { user: 'ann', access_key: 'ONLY' }, 400, /go together/],
    ['POST', 'keys', { user: 'ann', access_key: 'A', secret_key: canary }, 400, /access_key/],
    ['POST', 'keys', { user: 'ann', expires: '2001-01-01T00:00:00Z' }, 400, /in the past/],
    ['PATCH', 'keys/NONE', { disabled: true }, 404, /"NONE" does not exist/],
    ['PATCH', 'users/ann', {}, 400, /cannot be changed/],
    ['DELETE', 'keys', undefined, 400, /ID is missing/],
    ['DELETE', 'keys/NONE', undefined, 404, /"NONE" does not exist/],
  ])('%s %s %j: %i', async (method, path, body, status, message) => {
    const answer = await ask(method, path, body, gateways[1])
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ message: expect.stringMatching(message) })
    expect(answer.text).not.toContain(canary)
  })
})

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

it('shows a secret nowhere: no query, no log, no file', async () => {
  const pair = { user: 'ann', access_key: 'CANARYKEY', secret_key: canary }
  expect((await ask('POST', 'keys', pair, gateways[1])).text).toContain(canary)
  const topics = [
    'smap',
    'bmd',
    'config',
    'node_stats',
    'node_status',
    'snode',
    'sysinfo',
    'log',
    'metrics',
  ]
  const clusterTopics = ['cluster_config', 'node_stats', 'sysinfo', 'smap', 'bmd']
  const nodes = [...server.proxies, ...server.targets].map((node) => node.snode)
  const urls = nodes.flatMap(({ publicNet, controlNet }) => [
    ...topics.map((what) => `${publicNet.url}/v1/daemon?what=${what}`),
    ...clusterTopics.map((what) => `${publicNet.url}/v1/cluster?what=${what}`),
    `${publicNet.url}/metrics`,
    `${publicNet.url}/v1/credentials/users`,
    `${publicNet.url}/v1/credentials/keys`,
    `${controlNet.url}/v1/metasync`,
    `${controlNet.url}/v1/daemon?what=log`,
  ])
  for (const url of urls) {
    const text = await (await fetch(url)).text()
    expect(text, url).not.toContain(canary)
    expect(text, url).not.toContain('sealed')
  }
  const files = await filesBelow(server.dir)
  const states = files.filter((path) => path.includes('.ais.state'))
  expect(states.length).toBeGreaterThan(0)
  let found = 0
  for (const path of files) {
    const bytes = await readFile(path)
    expect(bytes.includes(canary), path).toBe(false)
    if (bytes.includes('CANARYKEY')) found += 1
  }
  expect(found, 'the sealed key is on disk').toBeGreaterThan(0)
})

it('is all there after a restart', async () => {
  const own = await startServer({ dir: join(server.dir, 'again') })
  const users = (endpoint: string) =>
    fetch(`${endpoint}/v1/credentials/users`).then((a) => a.json())
  await fetch(`${own.endpoint}/v1/credentials/users`, { method: 'POST', body: '{"id":"eve"}' })
  const before = await users(own.endpoint)
  await own.stop()
  const again = await startServer({ dir: join(server.dir, 'again') })
  expect(before).toMatchObject([{ id: 'eve' }])
  expect(await users(again.endpoint)).toEqual(before)
  await again.stop()
})
