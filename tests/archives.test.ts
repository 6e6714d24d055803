import {
  benchPlatform,
  bytesOf,
  membersOf,
  readAll,
} from '@aistore-ts/core/archive/testing/archive-bench.ts'
import { writeArchive } from '@aistore-ts/core/archive/write-archive.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const formats = ['.tar', '.tgz', '.zip', '.tar.lz4'] as const
const files: [string, string][] = [
  ['a.txt', 'one'],
  ['dir/b.jpg', 'x'.repeat(70_000)],
  ['dir/b.txt', ''],
]

describe('shards as directories', () => {
  let server: Server

  beforeAll(async () => {
    server = await startServer({ targets: 2 })
    await fetch(`${server.endpoint}/v1/buckets/b`, {
      method: 'POST',
      body: JSON.stringify({ action: 'create-bck' }),
    })
  })

  afterAll(() => server.stop())

  const url = (name: string, query = '') => `${server.endpoint}/v1/objects/b/${name}${query}`
  const textOf = async (name: string, query = '') => (await fetch(url(name, query))).text()
  const statusOf = async (name: string, query: string, init: RequestInit = {}) =>
    (await fetch(url(name, query), init)).status
  const putShard = async (name: string, format: (typeof formats)[number], some = files) => {
    const body = await bytesOf(writeArchive(benchPlatform, format, membersOf(some)))
    expect((await fetch(url(name), { method: 'PUT', body: Buffer.from(body) })).status).toBe(200)
  }
  const list = async (value: Record<string, unknown>) => {
    const listed = await fetch(`${server.endpoint}/v1/buckets/b`, {
      method: 'POST',
      headers: { 'x-http-method-override': 'GET' },
      body: JSON.stringify({ action: 'list', value: { flags: '8', ...value } }),
    })
    expect(listed.status).toBe(200)
    return (await listed.json()) as {
      entries: { name: string; size?: string; flags: number }[] | null
      continuation_token: string
    }
  }

  for (const format of formats) {
    it(`${format}: one file, all that match, and what is not there`, async () => {
      const name = `r/shard${format}`
      await putShard(name, format)
      expect(await textOf(name, '?archpath=a.txt')).toBe('one')
      expect(await textOf(name, '?archpath=/dir/b.jpg&archregx=')).toBe('x'.repeat(70_000))
      expect(await textOf(name, `?archpath=${name}/dir/b.txt`)).toBe('')
      expect(await statusOf(name, '?archpath=dir')).toBe(404)
      expect(await statusOf(name, '?archpath=../a.txt')).toBe(400)
      expect(await statusOf(name, '?archpath=a.txt', { headers: { range: 'bytes=0-1' } })).toBe(501)
      for (const [query, names] of [
        ['?archregx=%5Edir/&archmode=regexp', ['dir/b.jpg', 'dir/b.txt']],
        ['?archregx=.txt&archmode=suffix', ['a.txt', 'dir/b.txt']],
        ['?archregx=/b.j&archmode=substr', ['dir/b.jpg']],
        ['?archregx=dir/b&archmode=wdskey', ['dir/b.jpg', 'dir/b.txt']],
        ['?archregx=dir&archmode=prefix', ['dir/b.jpg', 'dir/b.txt']],
        ['?archregx=&archmode=prefix', ['a.txt', 'dir/b.jpg', 'dir/b.txt']],
      ] as const) {
        const answer = await fetch(url(name, query))
        expect(answer.headers.get('content-type')).toBe('application/x-tar')
        const found = await readAll(new Uint8Array(await answer.arrayBuffer()), '.tar')
        expect(
          found.map(([member]) => member),
          query,
        ).toEqual(names)
      }
      expect(await statusOf(name, '?archregx=nobody&archmode=regexp')).toBe(404)
      expect(await statusOf(name, '?archregx=a&archmode=nonsense')).toBe(400)
      expect(await statusOf(name, '?archregx=%28&archmode=regexp')).toBe(400)
      expect(await statusOf(name, '?archpath=a.txt&archregx=b&archmode=prefix')).toBe(400)
    })

    it(`${format}: files are appended, and a shard is made where asked for`, async () => {
      const name = `w/shard${format}`
      const append = (path: string, pine: string | undefined, body: string) =>
        statusOf(name, `?archpath=${path}`, {
          method: 'PUT',
          body,
          ...(pine === undefined ? {} : { headers: { 'ais-pine': pine } }),
        })
      expect(await append('one', '1', '1')).toBe(404)
      expect(await append('one', '3', '1')).toBe(400)
      expect(await append('one', '2', '')).toBe(400)
      expect(await append('one', '2', '1')).toBe(200)
      expect(await append('d/two', '1', 'z'.repeat(600))).toBe(200)
      expect(await append('../three', '1', '3')).toBe(400)
      const read = async () =>
        readAll(new Uint8Array(await (await fetch(url(name))).arrayBuffer()), format)
      expect(await read()).toEqual([
        ['one', '1'],
        ['d/two', 'z'.repeat(600)],
      ])
      expect(await append('only', undefined, 'o')).toBe(200)
      expect(await read()).toEqual([['only', 'o']])
    })
  }

  it('appends at the same time are all there', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `f${i}`)
    const all = await Promise.all(
      names.map((name) =>
        statusOf('many.tar', `?archpath=${name}`, {
          method: 'PUT',
          body: name,
          headers: { 'ais-pine': '2' },
        }),
      ),
    )
    expect(new Set(all)).toEqual(new Set([200]))
    const shard = new Uint8Array(await (await fetch(url('many.tar'))).arrayBuffer())
    expect((await readAll(shard, '.tar')).map(([name]) => name).sort()).toEqual(names)
  })

  it('a shard without an extension is told by its bytes or by archmime', async () => {
    await putShard('plain', '.tgz')
    expect(await textOf('plain', '?archpath=a.txt')).toBe('one')
    expect(await textOf('plain', '?archpath=a.txt&archmime=application/gzip')).toBe('one')
    expect(await statusOf('plain', '?archpath=a.txt&archmime=.zip')).toBe(400)
    expect(await statusOf('plain', '?archpath=a.txt&archmime=.rar')).toBe(400)
  })

  it('lists what shards hold, in pages of any size, in the order of bytes', async () => {
    await putShard('l/a.tar', '.tar')
    await putShard('l/b.zip', '.zip', [
      ['z', '1'],
      ['a', '22'],
    ])
    await fetch(url('l/a.tar-more'), { method: 'PUT', body: 'plain' })
    await fetch(url('l/a.tar.old'), { method: 'PUT', body: 'plain' })
    const expected = [
      'l/a.tar',
      'l/a.tar-more',
      'l/a.tar.old',
      'l/a.tar/a.txt',
      'l/a.tar/dir/b.jpg',
      'l/a.tar/dir/b.txt',
      'l/b.zip',
      'l/b.zip/a',
      'l/b.zip/z',
    ]
    for (const pagesize of [1, 2, 3, 4, 100]) {
      const names: string[] = []
      let token = ''
      do {
        const page = await list({ prefix: 'l/', pagesize, continuation_token: token })
        names.push(...(page.entries ?? []).map(({ name }) => name))
        token = page.continuation_token
      } while (token !== '')
      expect(names, `pages of ${pagesize}`).toEqual(expected)
    }
    const { entries } = await list({ prefix: 'l/b.zip' })
    expect(entries?.map(({ name, size, flags }) => [name, size, flags])).toEqual([
      ['l/b.zip', expect.anything(), 64 | 512],
      ['l/b.zip/a', '2', 64 | 128],
      ['l/b.zip/z', '1', 64 | 128],
    ])
    const inside = await list({ prefix: 'l/a.tar/dir' })
    expect(inside.entries?.map(({ name }) => name)).toEqual([
      'l/a.tar/dir/b.jpg',
      'l/a.tar/dir/b.txt',
    ])
  })
})
