import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { findRuntime, runtimeNames } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EdgeProcess, enrolEdge, startEdge } from '../../scripts/edge-process.ts'
import { presignedUrl } from './presigned-url.ts'

const pair = { access_key: 'CACHED-KEY', secret_key: 'a-secret-that-never-leaves-the-daemons' }
const mib = 1_048_576

/** Bytes that tell where they are from, and in which version. */
function bytesOf(lengthBytes: number, version: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(lengthBytes)
  for (let at = 0; at + 4 <= lengthBytes; at += 4)
    bytes.writeUInt32LE((at ^ (version << 28)) >>> 0, at)
  return bytes
}

interface Seen {
  readonly status: number
  readonly cache: string | null
  readonly bytes: Buffer
  readonly headers: Headers
}

describe.each(runtimeNames.filter((name) => findRuntime(name).found))(
  'reads that an edge gateway on %s keeps',
  (runtime) => {
    let server: Server
    let edge: EdgeProcess
    const at = (path: string, init?: RequestInit) => fetch(`${server.endpoint}${path}`, init)
    const change = (method: string, path: string, body: unknown) =>
      at(path, { method, body: JSON.stringify(body) })

    async function put(name: string, body: Buffer<ArrayBuffer> | string): Promise<void> {
      const { status } = await at(`/v1/objects/kept/${name}`, { method: 'PUT', body })
      expect(status).toBe(200)
    }

    async function seen(url: string, headers: Record<string, string> = {}): Promise<Seen> {
      const answer = await fetch(url, { headers })
      const cache = answer.headers.get('ais-cache')
      const bytes = Buffer.from(await answer.arrayBuffer())
      return { status: answer.status, cache, bytes, headers: answer.headers }
    }

    const read = (name: string, headers?: Record<string, string>) =>
      seen(`${edge.endpoint}/v1/objects/kept/${name}`, headers)

    beforeAll(async () => {
      server = await startServer({ targets: 2 })
      await change('POST', '/v1/buckets/kept', { action: 'create-bck' })
      const variables = await enrolEdge(server.endpoint, `cached-${runtime}`)
      edge = await startEdge(runtime, { ...variables, AIS_EDGE_REACH: 'edge' })
    }, 60_000)
    afterAll(async () => {
      await edge.stop()
      await server.stop()
    })

    it('come from the owner twice, and then from the edge, whole or in part', async () => {
      const whole = bytesOf(2 * mib + 1_000, 1)
      await put('long', whole)
      for (const cache of ['miss', 'miss', 'hit', 'hit']) {
        const got = await read('long')
        expect([got.status, got.cache, got.bytes.equals(whole)]).toEqual([200, cache, true])
        expect(got.headers.get('content-length')).toBe(String(whole.length))
        expect(got.headers.get('ais-generation')).toBeNull()
      }
      const parts = [
        [0, 0],
        [mib - 1, mib],
        [10, 2 * mib + 5],
        [2 * mib + 990, 2 * mib + 999],
      ] as const
      for (const [first, last] of parts) {
        const got = await read('long', { range: `bytes=${first}-${last}` })
        expect([got.status, got.cache]).toEqual([206, 'hit'])
        expect(got.bytes.equals(whole.subarray(first, last + 1))).toBe(true)
        expect(got.headers.get('content-range')).toBe(`bytes ${first}-${last}/${whole.length}`)
      }
      expect((await read('long', { range: `bytes=${whole.length}-` })).status).toBe(416)
    })

    it('keep the blocks that a range needs, and no others', async () => {
      const whole = bytesOf(3 * mib, 2)
      await put('parts', whole)
      const range = (first: number, last: number) =>
        read('parts', { range: `bytes=${first}-${last}` })
      for (const cache of ['miss', 'miss', 'hit']) {
        const got = await range(mib + 5, mib + 9)
        expect([got.status, got.cache]).toEqual([206, cache])
        expect(got.bytes.equals(whole.subarray(mib + 5, mib + 10))).toBe(true)
      }
      expect((await range(0, 9)).cache).toBe('miss')
      const over = await range(mib, 2 * mib + 1)
      expect([over.cache, over.bytes.equals(whole.subarray(mib, 2 * mib + 2))]).toEqual([
        'hit',
        true,
      ])
    })

    it('are never of a version whose successor was acknowledged, nor of one that was deleted', async () => {
      for (let version = 1; version < 13; version++) {
        const body = bytesOf(20_000, version)
        await put('changing', body)
        for (let again = 0; again < 3; again++) {
          const got = await read('changing')
          expect([version, got.status, got.bytes.equals(body)]).toEqual([version, 200, true])
        }
        expect((await read('changing')).cache).toBe('hit')
        if (version % 4 !== 0) continue
        const gone = await at('/v1/objects/kept/changing', { method: 'DELETE' })
        expect(gone.status).toBeLessThan(300)
        expect((await read('changing')).status).toBe(404)
      }
    })

    it('are asked for by nobody whom the owner would refuse', async () => {
      await put('private', bytesOf(5_000, 3))
      for (let again = 0; again < 3; again++) await read('private')
      expect((await read('private')).cache).toBe('hit')
      const access = async (value: string) => {
        const props = { action: 'set-bprops', value: { access: value } }
        expect((await change('PATCH', '/v1/buckets/kept', props)).status).toBe(200)
      }
      const { access: before } = JSON.parse(
        (await at('/v1/buckets/kept', { method: 'HEAD' })).headers.get('ais-bucket-props') ?? '{}',
      )
      // All but reading objects: looking at what they are like is still allowed.
      await access(String(BigInt(before) & ~1n))
      try {
        const got = await read('private')
        expect([got.status, got.cache]).toEqual([403, null])
      } finally {
        await access(before)
      }
      expect((await read('private')).status).toBe(200)
    })

    it('answer conditions as the owner does', async () => {
      await put('conditional', 'x'.repeat(1_000))
      await change('POST', '/v1/credentials/users', { id: 'ann', permissions: { admin: true } })
      await change('POST', '/v1/credentials/keys', { user: 'ann', ...pair })
      const url = presignedUrl(edge.endpoint, '/s3/kept/conditional', pair)
      let got = await seen(url)
      for (const cache of ['miss', 'hit', 'hit']) {
        got = await seen(url)
        expect([got.status, got.cache]).toEqual([200, cache])
      }
      expect(got.headers.get('cache-control')).toBe('private, no-store')
      const etag = got.headers.get('etag') ?? ''
      expect((await seen(url, { 'if-none-match': etag })).status).toBe(304)
      expect((await seen(url, { 'if-match': '"other"' })).status).toBe(412)
      expect((await seen(url, { 'if-match': etag })).cache).toBe('hit')
      const named = `${url}x`
      expect((await seen(named)).status).toBe(403)
    })
  },
)
