import { describe, expect, it } from 'vitest'
import type { StoredBlock } from './block-store.ts'
import { cacheModeOf } from './cache-mode.ts'
import { createCacheService } from './cache-service.ts'
import { memoryBlocks } from './memory-blocks.ts'
import { type PlatformCache, platformBlocks } from './platform-blocks.ts'

const block = (lengthBytes: number): StoredBlock => ({
  bytes: new Uint8Array(lengthBytes).fill(7),
  sha256: 'sum',
})

describe('blocks in memory', () => {
  it('are as many as there is room for, those that are asked for longest', async () => {
    const store = memoryBlocks(100)
    for (const key of ['a', 'b', 'c']) await store.keep(key, block(30))
    await store.find('a')
    await store.keep('d', block(30))
    await store.keep('huge', block(101))
    const there = ['a', 'b', 'c', 'd', 'huge'].filter((key) => store.find(key) !== undefined)
    expect(there).toEqual(['a', 'c', 'd'])
    await store.keep('d', block(90))
    expect(store.find('a')).toBeUndefined()
    expect(store.find('d')).toEqual(block(90))
  })
})

/** The platform's cache as workerd makes one of a service: whole answers by PUT, asked for by GET. */
function cacheBy(service: ReturnType<typeof createCacheService>): PlatformCache {
  const variables = { AIS_CACHE_BYTES: '100' }
  return {
    async match(url) {
      const answer = await service.fetch(new Request(String(url)), variables)
      return answer.headers.get('cf-cache-status') === 'HIT' ? answer : undefined
    },
    async put(url, answer) {
      const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
      const head = `HTTP/1.1 200 OK\r\n${lines}\r\n`
      const body = Buffer.concat([Buffer.from(head), Buffer.from(await answer.arrayBuffer())])
      const { status } = await service.fetch(
        new Request(String(url), { method: 'PUT', body }),
        variables,
      )
      if (status !== 204) throw new Error(`PUT gave ${status}`)
    },
  }
}

describe("blocks in a platform's cache", () => {
  it('come back as they were, until others need the room', async () => {
    const service = createCacheService()
    const store = platformBlocks(cacheBy(service))
    expect(await store.find('a')).toBeUndefined()
    await store.keep('a', block(60))
    expect(await store.find('a')).toEqual(block(60))
    await store.keep('b', block(60))
    expect(await store.find('a')).toBeUndefined()
    await store.keep('huge', block(101))
    expect(await store.find('huge')).toBeUndefined()
    expect(await store.find('b')).toEqual(block(60))
    const url = 'https://blocks.aistore.invalid/b'
    const purge = () => service.fetch(new Request(url, { method: 'PURGE' }), {})
    expect([(await purge()).status, (await purge()).status]).toEqual([200, 404])
    const put = await service.fetch(new Request(url, { method: 'PUT', body: 'no answer' }), {})
    expect(put.status).toBe(413)
    expect((await service.fetch(new Request(url, { method: 'DELETE' }), {})).status).toBe(405)
  })

  it('are none where the platform has no cache', async () => {
    const none = () => Promise.reject(new Error('No Cache was configured'))
    const store = platformBlocks({ match: none, put: none })
    await store.keep('a', block(1))
    expect(await store.find('a')).toBeUndefined()
  })
})

it('AIS_EDGE_CACHE is read, or refused by its name', () => {
  expect(cacheModeOf(undefined)).toEqual({ kind: 'validate' })
  expect(cacheModeOf('')).toEqual({ kind: 'validate' })
  expect(cacheModeOf('off')).toEqual({ kind: 'off' })
  expect(cacheModeOf('max-age:30')).toEqual({ kind: 'max-age', maxAgeMs: 30_000 })
  for (const text of ['max-age:0', 'max-age:86401', 'max-age:-1', 'max-age:1.5', 'on', 'max-age']) {
    expect(() => cacheModeOf(text)).toThrow('AIS_EDGE_CACHE')
  }
})
