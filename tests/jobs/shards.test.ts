import {
  benchPlatform,
  bytesOf,
  membersOf,
} from '@aistore-ts/core/archive/testing/archive-bench.ts'
import { writeArchive } from '@aistore-ts/core/archive/write-archive.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { JobClient } from './client.ts'

let server: Server
let client: JobClient

beforeAll(async () => {
  server = await startServer({ targets: 2, mountpaths: 2 })
  client = new JobClient(server.endpoint)
  await client.createBucket('b')
})

afterAll(() => server.stop())

const url = (name: string, query = '') => `${server.endpoint}/v1/objects/b/${name}${query}`

async function putShard(name: string, files: readonly (readonly [string, string])[]) {
  const body = await bytesOf(writeArchive(benchPlatform, '.tar', membersOf(files)))
  const reply = await fetch(url(name), { method: 'PUT', body: Buffer.from(body) })
  expect(reply.status).toBe(200)
}

const filesOf = (shard: number): [string, string][] =>
  Array.from({ length: 20 }, (_, at) => [`dir/${at}.txt`, `${shard}: ${'x'.repeat(997 * at)}`])

async function file(name: string, path: string): Promise<string | number> {
  const reply = await fetch(url(name, `?archpath=${path}`))
  return reply.ok ? reply.text() : reply.status
}

async function build(value: Record<string, unknown> = {}): Promise<number> {
  const id = await client.onBucket('b', 'index-shard', value)
  expect(await client.settled(id)).toMatchObject({ aborted: false })
  return client.objects(id)
}

it('shards are indexed once, and read by their index', async () => {
  for (let shard = 0; shard < 8; shard++) await putShard(`s/${shard}.tar`, filesOf(shard))
  await putShard('other/1.tar', filesOf(1))
  await client.put('b', 's/readme.md', 'no shard')
  expect(await client.shardSummary('b', 's/')).toMatchObject({ 'tar-objs': '8', shards: '0' })
  expect(await build({ prefix: 's/' })).toBe(8)
  expect(await build({ prefix: 's/' })).toBe(0)
  expect(await client.shardSummary('b')).toMatchObject({
    'tar-objs': '9',
    shards: '8',
    'archived-objs': '160',
    'stale-indexes': '0',
    'invalid-indexes': '0',
  })
  for (const [path, content] of filesOf(3)) expect(await file('s/3.tar', path)).toBe(content)
  expect(await file('s/3.tar', 'dir/20.txt')).toBe(404)
  expect(await file('s/3.tar', 's/3.tar/dir/7.txt')).toBe(filesOf(3)[7]?.[1])
})

it('a shard that was written again is read as it is now, and indexed again', async () => {
  await putShard('s/0.tar', [['new.txt', 'new']])
  expect(await file('s/0.tar', 'new.txt')).toBe('new')
  expect(await file('s/0.tar', 'dir/1.txt')).toBe(404)
  expect(await client.shardSummary('b')).toMatchObject({ shards: '7', 'stale-indexes': '1' })
  expect(await build({ 'skip-verify': true, prefix: 's/' })).toBe(0)
  expect(await build({ prefix: 's/' })).toBe(1)
  expect(await client.shardSummary('b')).toMatchObject({ shards: '8', 'stale-indexes': '0' })
  expect(await file('s/0.tar', 'new.txt')).toBe('new')
})

it('the index goes with its shard', async () => {
  await fetch(url('s/1.tar'), { method: 'DELETE' })
  expect(await file('s/1.tar', 'dir/1.txt')).toBe(404)
  expect(await client.shardSummary('b')).toMatchObject({ 'tar-objs': '8', shards: '7' })
  await putShard('s/1.tar', [['a', 'b']])
  expect(await client.shardSummary('b')).toMatchObject({ 'tar-objs': '9', shards: '7' })
  expect(await file('s/1.tar', 'a')).toBe('b')
})

it('what is no sound shard is told of, and the others are indexed', async () => {
  await client.put('b', 'bad/1.tar', 'no archive at all')
  await putShard('bad/2.tar', filesOf(2))
  const id = await client.onBucket('b', 'index-shard', { prefix: 'bad/' })
  const status = await client.settled(id)
  expect(status).toMatchObject({ aborted: false, err: expect.stringContaining('bad/1.tar') })
  expect(await client.objects(id)).toBe(1)
  expect(await file('bad/1.tar', 'x')).toBe(400)
})

it('objects are laid out in chunks and in one piece again, and stay what they are', async () => {
  await client.createBucket('c')
  const at = (name: string) => `${server.endpoint}/v1/objects/c/${name}`
  const content = (bytes: number) => 'abcdefghij'.repeat(bytes / 10)
  const sizes = { small: 10_000, edge: 50_000, large: 123_450, empty: 0 }
  for (const [name, bytes] of Object.entries(sizes)) {
    const headers = { 'Ais-Custom-Md': 'k=v' }
    await fetch(at(name), { method: 'PUT', body: content(bytes), headers })
  }
  const known = async (name: string) => {
    const { headers } = await fetch(at(name), { method: 'HEAD' })
    return ['ais-version', 'ais-checksum-value', 'ais-custom-md'].map((key) => headers.get(key))
  }
  const before = await Promise.all(Object.keys(sizes).map(known))
  const chunked = async () => {
    const reply = await fetch(`${server.endpoint}/v1/buckets/c`, {
      method: 'POST',
      headers: { 'X-HTTP-Method-Override': 'GET' },
      body: JSON.stringify({ action: 'list', value: { props: 'name,chunked' } }),
    })
    const page = (await reply.json()) as { entries: { name: string; flags: number }[] }
    return page.entries.filter(({ flags }) => flags & 8_192).map(({ name }) => name)
  }
  const layouts: [number, number, string[]][] = [
    [50_000, 20_000, ['edge', 'large']],
    [50_000, 7_000, ['edge', 'large']],
    [100_000, 7_000, ['large']],
    [1, 20_000, ['edge', 'large', 'small']],
    [0, 20_000, []],
  ]
  for (const [limit, chunk, expected] of layouts) {
    const value = { 'objsize-limit': limit, 'chunk-size': chunk }
    const id = await client.onBucket('c', 'rechunk', value)
    // Readers and a writer meanwhile.
    const read = Promise.all(
      Array.from({ length: 20 }, async () => (await fetch(at('large'))).text()),
    )
    await client.put('c', 'busy', content(60_000))
    expect(await client.settled(id)).toMatchObject({ aborted: false, err: '' })
    for (const text of await read) expect(text).toBe(content(sizes.large))
    expect((await chunked()).filter((name) => name !== 'busy')).toEqual(expected)
    expect(await client.get('c', 'busy')).toBe(content(60_000))
    for (const [name, bytes] of Object.entries(sizes)) {
      expect(await client.get('c', name)).toBe(content(bytes))
    }
    expect(await Promise.all(Object.keys(sizes).map(known))).toEqual(before)
  }
})

it('jobs that say nothing of sizes go by the bucket; nonsense is refused before anything begins', async () => {
  const id = await client.start({ Kind: 'rechunk', Bck: { name: 'c', provider: 'ais' } })
  expect(await client.settled(id)).toMatchObject({ aborted: false, err: '' })
  const warm = await client.start({ Kind: 'warm-up-metadata', Bck: { name: 'c', provider: 'ais' } })
  expect(await client.settled(warm)).toMatchObject({ kind: 'load-lom-cache', err: '' })
  expect(await client.objects(warm)).toBe(5)
  const bad: [string, Record<string, unknown>, string][] = [
    ['rechunk', { 'objsize-limit': 5 }, 'chunk-size'],
    ['rechunk', { 'objsize-limit': -5, 'chunk-size': 1 }, 'objsize-limit'],
    ['rechunk', { 'chunk-size': 1.5 }, 'chunk-size'],
    ['rechunk', { nosuch: 1, 'chunk-size': 1 }, 'nosuch'],
    ['index-shard', { 'num-workers': 'two' }, 'num-workers'],
    ['index-shard', { nosuch: 1 }, 'nosuch'],
  ]
  for (const [action, value, named] of bad) {
    await expect(client.onBucket('c', action, value)).rejects.toThrow(named)
  }
  await expect(client.onBucket('nosuch', 'rechunk', { 'chunk-size': 1 })).rejects.toThrow('404')
  await expect(client.onBucket('nosuch', 'index-shard', {})).rejects.toThrow('404')
})
