import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { findRuntime, runtimeNames } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EdgeProcess, enrolEdge, startEdge } from '../../scripts/edge-process.ts'
import { presignedUrl } from './presigned-url.ts'

const pair = { access_key: 'SEALED-KEY', secret_key: 'a-secret-that-never-leaves-the-daemons' }
const content = Buffer.alloc(200_000, 'sealed')

describe.each(runtimeNames.filter((name) => findRuntime(name).found))(
  'an edge gateway on %s that no gateway answers',
  (runtime) => {
    let server: Server
    let edge: EdgeProcess
    const clients: S3Client[] = []

    function clientOf(endpoint: string, secretAccessKey = pair.secret_key): S3Client {
      const credentials = { accessKeyId: pair.access_key, secretAccessKey }
      const common = { region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 }
      const client = new S3Client({ ...common, endpoint: `${endpoint}/s3`, credentials })
      clients.push(client)
      return client
    }

    const change = (method: string, path: string, body: unknown) =>
      fetch(`${server.endpoint}${path}`, { method, body: JSON.stringify(body) })

    beforeAll(async () => {
      server = await startServer({ targets: 2 })
      await change('POST', '/v1/buckets/held', { action: 'create-bck' })
      await change('POST', '/v1/credentials/users', { id: 'ann', permissions: { admin: true } })
      await change('POST', '/v1/credentials/users', { id: 'eve' })
      await change('POST', '/v1/credentials/keys', { user: 'ann', ...pair })
      const other = { access_key: 'OTHER-KEY', secret_key: 'of-somebody-who-may-nothing' }
      await change('POST', '/v1/credentials/keys', { user: 'eve', ...other })
      const known = { Bucket: 'held', Key: 'a b/ü' }
      await clientOf(server.endpoint).send(new PutObjectCommand({ ...known, Body: content }))
      edge = await startEdge(runtime, await enrolEdge(server.endpoint, `sealed-${runtime}`))
      await clientOf(edge.endpoint).send(new HeadObjectCommand(known))
      await server.proxies[0]?.stop({ graceMs: 0, withCluster: true })
    }, 60_000)
    afterAll(async () => {
      for (const client of clients) client.destroy()
      await edge.stop()
      await server.stop()
    })

    const known = { Bucket: 'held', Key: 'a b/ü' }
    const get = (client: S3Client, more: object = {}) =>
      client.send(new GetObjectCommand({ ...known, ...more }))

    it('lets those in who signed, by what was sealed for it', async () => {
      const client = clientOf(edge.endpoint)
      const { Body, ContentLength } = await get(client)
      expect(ContentLength).toBe(content.length)
      expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(content)
      const part = await get(client, { Range: 'bytes=6-11' })
      expect(part.$metadata.httpStatusCode).toBe(206)
      expect(await part.Body?.transformToString()).toBe('sealed')
      const head = await client.send(new HeadObjectCommand(known))
      expect(head.ContentLength).toBe(content.length)
      await expect(get(client, { IfMatch: '"another"' })).rejects.toMatchObject({
        $metadata: { httpStatusCode: 412 },
      })
    })

    it('takes presigned URLs, and keeps no page from being one', async () => {
      const url = presignedUrl(edge.endpoint, '/s3/held/a%20b/%C3%BC', pair)
      const answer = await fetch(url)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-security-policy')).toBe('sandbox')
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(content)
      expect((await fetch(url.replace('%C3%BC', 'other'))).status).toBe(503)
    })

    it('lets nobody else in, and says so as S3 does', async () => {
      const refused = { $metadata: { httpStatusCode: 503 } }
      await expect(get(clientOf(edge.endpoint, 'wrong'))).rejects.toMatchObject(refused)
      const unsigned = await fetch(`${edge.endpoint}/s3/held/a%20b/%C3%BC`)
      expect(unsigned.status).toBe(503)
      expect(await unsigned.text()).toContain('<Code>SlowDown</Code>')
      const put = new PutObjectCommand({ ...known, Body: 'x' })
      await expect(clientOf(edge.endpoint).send(put)).rejects.toMatchObject(refused)
    })
  },
)

describe('what is sealed', () => {
  it('is for the edge that is enrolled, and shows no secret', async () => {
    const server = await startServer({ targets: 1 })
    try {
      await enrolEdge(server.endpoint, 'sealed')
      const ask = (path: string) => fetch(`${server.endpoint}/v1/edge/${path}`)
      const answer = await ask('credentials/sealed')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(Object.keys(await answer.json())).toEqual(['enc', 'sealed'])
      expect((await ask('credentials/other')).status).toBe(404)
      expect((await ask('secrets/sealed')).status).toBe(400)
    } finally {
      await server.stop()
    }
  })
})
