import { createClusterTime } from '@aistore-ts/core/cluster/cluster-time.ts'
import { createPeers } from '@aistore-ts/core/cluster/control/peers.ts'
import { createElection } from '@aistore-ts/core/cluster/election.ts'
import { createHandOver } from '@aistore-ts/core/cluster/hand-over.ts'
import { createKeyRing } from '@aistore-ts/core/cluster/key-ring.ts'
import { createPrimary } from '@aistore-ts/core/cluster/primary.ts'
import { parseLocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { composeProxy } from '@aistore-ts/core/node/compose-proxy.ts'
import { createStats } from '@aistore-ts/core/node/stats.ts'
import { openExchangeKeys } from '@aistore-ts/core/redirect/exchange-key.ts'
import { createRedirectParts } from '@aistore-ts/core/redirect/redirect-parts.ts'
import { createEdgeWorker, type EdgeWorker } from '@aistore-ts/edge-proxy/worker.ts'
import { createLife } from '@aistore-ts/node-daemon/node/life.ts'
import { createTransport } from '@aistore-ts/node-daemon/node/transport.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: Server
let worker: EdgeWorker

beforeAll(async () => {
  // The worker is in no map: nobody could check its tags.
  const config = { auth: { intra_cluster: { request_auth: false } } }
  server = await startServer({ targets: 2, config })
  const platform = await createPlatform()
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  const first = server.proxies[0]
  if (first === undefined) throw new Error('assert: a cluster has a gateway')
  const transport = createTransport(platform)
  const { metadata, control } = first
  const peers = createPeers(platform)
  const parts = { control, peers, clock: platform.clock, random: platform.random, log: silent }
  const time = createClusterTime(platform.clock)
  const documents = new Map<string, string>()
  const store = {
    load: async (name: string) => documents.get(name),
    save: async (name: string, text: string) => void documents.set(name, text),
    remove: async (name: string) => void documents.delete(name),
  }
  const keys = await openExchangeKeys(store, platform.random, platform.crypto)
  const self = () => ({ ...first.snode, daemonId: 'edge0001' })
  const context = {
    platform,
    log: silent,
    logs: {
      read: async () => new Uint8Array(),
      archive: async () => new Uint8Array(),
      rotate: async () => {},
    },
    metadata,
    control,
    peers,
    settings: { current: () => metadata.config(), set: async () => {}, reset: async () => {} },
    transport,
    keyRing: createKeyRing({
      crypto: platform.crypto,
      random: platform.random,
      metadata,
      nowMs: platform.clock.now,
      sealingKey: undefined,
    }),
    time,
    ...createRedirectParts({ platform, metadata, time, own: keys, self }),
    stats: createStats(),
    lifecycle: createLife({
      log: silent,
      marker: undefined,
      standby: false,
      leave: async () => {},
    }),
    localConfig: parseLocalConfig({ confdir: '/none', log_dir: '/none' }),
    softwareVersion: '5.0',
    buildTime: '',
    startedAt: 0,
    self,
    ready: () => true,
    hosts: () => new Set<string>(),
  }
  const primary = createPrimary({ ...parts, time })
  const election = createElection(parts)
  const handOver = createHandOver({ ...parts, primary })
  const refresh = async () => {}
  worker = createEdgeWorker(composeProxy({ context, primary, election, handOver, refresh }))
})

afterAll(() => server.stop())

const ask = (path: string, init?: RequestInit) =>
  worker.fetch(new Request(`http://localhost${path}`, init))

it('answers as a gateway: forwards changes, redirects objects, lists, refuses', async () => {
  const made = await ask('/v1/buckets/b', {
    method: 'POST',
    body: JSON.stringify({ action: 'create-bck' }),
  })
  expect(made.status).toBe(200)

  const put = await ask('/v1/objects/b/o', { method: 'PUT', headers: { 'content-length': '5' } })
  expect(put.status).toBe(307)
  const location = put.headers.get('location') ?? ''
  expect(location).toContain('pid=edge0001')
  expect((await fetch(location, { method: 'PUT', body: 'hello' })).status).toBe(200)

  const get = await ask('/v1/objects/b/o')
  expect(get.status).toBe(301)
  expect(await (await fetch(get.headers.get('location') ?? '')).text()).toBe('hello')

  const list = await ask('/v1/buckets/b', {
    method: 'POST',
    headers: { 'x-http-method-override': 'GET' },
    body: JSON.stringify({ action: 'list', value: {} }),
  })
  expect(await list.json()).toMatchObject({ entries: [{ name: 'o' }] })

  const missing = await ask('/v1/buckets/none', { method: 'HEAD' })
  expect(missing.status).toBe(404)
  expect(missing.headers.get('hdr-error')).toContain('ErrBckNotFound')
})
