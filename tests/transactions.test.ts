import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: Server
let lesser: string

const ask = (method: string, path: string, body?: unknown, headers = {}) =>
  fetch(`${server.endpoint}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

beforeAll(async () => {
  server = await startServer({ targets: 3, mountpaths: 2 })
  const target = server.targets[1]
  lesser = target?.snode.daemonId ?? ''
  const headers = { 'Ais-Node-Id': lesser }
  const reply = await ask('GET', '/v1/reverse/daemon?what=mountpaths', undefined, headers)
  const { available } = (await reply.json()) as { available: string[] }
  const detach = { action: 'detach-mp', value: available[0] }
  const done = await ask('DELETE', '/v1/reverse/daemon/mountpaths?dntres=true', detach, headers)
  expect(done.status).toBe(200)
})

afterAll(() => server.stop())

it('a bucket that one target could not hold exists nowhere, and the caller hears why', async () => {
  const mirrored = { action: 'create-bck', value: { mirror: { enabled: true, copies: 2 } } }
  const refused = await ask('POST', '/v1/buckets/b', mirrored)
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain(
    `t[${lesser}]: number of copies (2) exceeds the number of mountpaths (1)`,
  )
  expect((await ask('HEAD', '/v1/buckets/b')).status).toBe(404)
  for (const node of [...server.proxies, ...server.targets]) {
    expect(node.metadata.bmd().version).toBe(1)
  }
})

it('a change of properties that one target could not follow changes nothing', async () => {
  expect((await ask('POST', '/v1/buckets/c', { action: 'create-bck' })).status).toBe(200)
  const version = server.proxies[0]?.metadata.bmd().version
  const change = { action: 'set-bprops', value: { mirror: { enabled: true, copies: 2 } } }
  expect((await ask('PATCH', '/v1/buckets/c', change)).status).toBe(400)
  for (const node of [...server.proxies, ...server.targets]) {
    expect(node.metadata.bmd().version).toBe(version)
  }
})
