import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { findRuntime, runtimeNames } from '@aistore-ts/runtime-adapters/runtimes.ts'
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type EdgeProcess,
  type EdgeVariables,
  enrolEdge,
  startEdge,
} from '../../scripts/edge-process.ts'

const large = Buffer.alloc(300_000, 'edge')
const manual = { redirect: 'manual' } as const
const throughEdge = { ...manual, headers: { 'ais-reach': 'edge' } } as const

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** A port that was free a moment ago: the edge's URL is told to the cluster before it starts. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

describe.each(runtimeNames.filter((name) => findRuntime(name).found))(
  'an edge gateway on %s',
  (runtime) => {
    let server: Server
    let edge: EdgeProcess
    let variables: EdgeVariables
    const ask = (path: string, init: RequestInit = manual) => fetch(`${edge.endpoint}${path}`, init)
    const at = (path: string, init?: RequestInit) => fetch(`${server.endpoint}${path}`, init)

    async function change(method: string, path: string, body: unknown): Promise<Response> {
      return at(path, { method, body: JSON.stringify(body) })
    }

    beforeAll(async () => {
      server = await startServer({ targets: 2 })
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      variables = await enrolEdge(server.endpoint, `edge-${runtime}`, { url })
      edge = await startEdge(runtime, variables, port)
      await change('POST', '/v1/buckets/b', { action: 'create-bck' })
    }, 60_000)
    afterAll(async () => {
      await edge.stop()
      await server.stop()
    })

    it('sends clients to the owners, who take its word, for changes once', async () => {
      const put = await ask('/v1/objects/b/o', { ...manual, method: 'PUT', body: large })
      expect(put.status).toBe(307)
      expect(put.headers.get('cache-control')).toBe('no-store')
      const location = put.headers.get('location') ?? ''
      expect(location).toContain(`pid=edge-${runtime}`)
      expect((await fetch(location, { method: 'PUT', body: large })).status).toBe(200)
      expect((await fetch(location, { method: 'PUT', body: large })).status).toBe(401)
      const get = await ask('/v1/objects/b/o')
      expect(get.status).toBe(301)
      const owner = get.headers.get('location') ?? ''
      expect(Buffer.from(await (await fetch(owner)).arrayBuffer())).toEqual(large)
      expect((await fetch(owner.replace('/b/o?', '/b/other?'))).status).toBe(401)
      expect((await fetch(`${owner}A`)).status).toBe(401)
    })

    it('serves those that reach nobody else, whatever the size', async () => {
      for (const body of ['', 'small', large]) {
        const put = await ask('/v1/objects/b/relayed', { ...throughEdge, method: 'PUT', body })
        expect(put.status).toBe(200)
        const get = await ask('/v1/objects/b/relayed', throughEdge)
        expect(get.status).toBe(200)
        expect(Buffer.from(await get.arrayBuffer())).toEqual(Buffer.from(body))
      }
    })

    it('follows a map that changes, asking nobody to push it', async () => {
      await change('POST', '/v1/buckets/new', { action: 'create-bck' })
      const put = await ask('/v1/objects/new/o', { ...throughEdge, method: 'PUT', body: 'x' })
      expect(put.status).toBe(200)
      await change('DELETE', '/v1/buckets/new', { action: 'destroy-bck' })
      expect((await ask('/v1/objects/new/o', throughEdge)).status).toBe(404)
      await change('POST', '/v1/buckets/new', { action: 'create-bck' })
      expect((await ask('/v1/objects/new/o', throughEdge)).status).toBe(404)
    })

    it('passes calls on that were signed for it, as if they came to the cluster itself', async () => {
      const pair = { access_key: 'EDGES-KEY', secret_key: 'edges-secret-of-many-letters' }
      await change('POST', '/v1/credentials/users', { id: 'ann' })
      await change('POST', '/v1/credentials/keys', { user: 'ann', ...pair })
      const client = new S3Client({
        region: 'us-east-1',
        endpoint: `${edge.endpoint}/s3`,
        forcePathStyle: true,
        credentials: { accessKeyId: pair.access_key, secretAccessKey: pair.secret_key },
      })
      try {
        const signed = { Bucket: 'of-ann', Key: 'signed' }
        await client.send(new CreateBucketCommand(signed))
        await client.send(new PutObjectCommand({ ...signed, Body: large }))
        const { Body } = await client.send(new GetObjectCommand(signed))
        expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(large)
        const unsigned = await ask('/s3/of-ann/signed')
        expect(unsigned.status).toBe(403)
        const forged = await at('/s3/of-ann/signed', { headers: { 'x-edge-host': 'elsewhere:1' } })
        expect(forged.status).toBe(403)
      } finally {
        client.destroy()
        await change('DELETE', '/v1/credentials/users/ann', undefined)
      }
    })

    it('lets nobody in with a token that was revoked', async () => {
      const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
      const token = `${part({ alg: 'HS256' })}.${part({ sub: 'ann', exp: 9_999_999_999 })}.c2ln`
      const headers = { authorization: `Bearer ${token}` }
      const put = await ask('/v1/objects/b/o', { ...manual, method: 'PUT', body: 'x', headers })
      expect(put.status).toBe(307)
      await change('DELETE', '/v1/tokens', { tokens: [token] })
      for (const path of ['/v1/objects/b/o', '/v1/buckets/b?bsumm_remote=true']) {
        expect((await ask(path, { ...manual, headers })).status).toBe(401)
      }
    })

    it('refuses pages of other origins, names that are not its own, and reach unheard of', async () => {
      const page = { ...manual, headers: { origin: 'http://attacker.example' } }
      expect((await ask('/v1/objects/b/o', page)).status).toBe(403)
      const moon = { ...manual, headers: { 'ais-reach': 'moon' } }
      expect((await ask('/v1/objects/b/o', moon)).status).toBe(400)
    })

    it('goes on with reads while no gateway of the cluster is there', async () => {
      const put = { ...throughEdge, method: 'PUT', body: large }
      expect((await ask('/v1/objects/b/kept', put)).status).toBe(200)
      const gateway = server.proxies[0]
      await gateway?.stop({ graceMs: 0, withCluster: true })
      const get = await ask('/v1/objects/b/kept', throughEdge)
      expect(get.status).toBe(200)
      expect(Buffer.from(await get.arrayBuffer())).toEqual(large)
      const redirect = await ask('/v1/objects/b/kept')
      expect(portOf(redirect.headers.get('location') ?? '')).toBeGreaterThan(0)
      expect((await ask('/v1/buckets')).status).toBe(502)
    })
  },
)

describe('what targets hold an edge to', () => {
  let server: Server
  let edge: EdgeProcess | undefined

  beforeAll(async () => {
    server = await startServer({ targets: 1 })
    for (const name of ['open', 'closed']) {
      const path = `${server.endpoint}/v1/buckets/${name}`
      await fetch(path, { method: 'POST', body: JSON.stringify({ action: 'create-bck' }) })
      await fetch(`${server.endpoint}/v1/objects/${name}/o`, { method: 'PUT', body: name })
    }
  })
  afterAll(() => server.stop())

  it('reads only, buckets of its own, and nothing once it is revoked', async () => {
    const variables = await enrolEdge(server.endpoint, 'limited', {
      access: 'ro',
      buckets: ['open'],
    })
    edge = await startEdge('node', variables)
    try {
      const ask = (path: string, init: RequestInit = {}) =>
        fetch(`${edge?.endpoint}${path}`, { ...manual, ...init })
      expect((await ask('/v1/objects/open/o', { method: 'PUT', body: 'x' })).status).toBe(403)
      const get = await ask('/v1/objects/open/o')
      const location = get.headers.get('location') ?? ''
      expect(location).toContain('pid=limited')
      expect(await (await fetch(location)).text()).toBe('open')
      // Not of its buckets: a gateway of the cluster answers for it.
      const other = (await ask('/v1/objects/closed/o')).headers.get('location')
      expect(other).not.toContain('pid=limited')
      const path = `${server.endpoint}/v1/credentials/edges/limited`
      expect((await fetch(path, { method: 'DELETE' })).status).toBe(200)
      expect((await fetch(location)).status).toBe(401)
    } finally {
      await edge.stop()
    }
  })
})
