import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** One call, redirects followed as a native client follows them. */
async function call(
  method: string,
  url: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers = {},
) {
  let at = url
  for (let hops = 0; hops < 5; hops++) {
    const bare = method === 'GET' || method === 'HEAD'
    const reply = await fetch(at, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined || bare ? {} : { body }),
    })
    const location = reply.headers.get('location')
    if (location === null || (reply.status !== 301 && reply.status !== 307)) return reply
    await reply.arrayBuffer()
    at = location
  }
  throw new Error('too many redirects')
}

const create = (endpoint: string, bucket: string) =>
  call('POST', `${endpoint}/v1/buckets/${bucket}`, JSON.stringify({ action: 'create-bck' }))

async function names(endpoint: string, bucket: string): Promise<string[]> {
  const body = JSON.stringify({ action: 'list', value: { props: 'name' } })
  const reply = await call('POST', `${endpoint}/v1/buckets/${bucket}`, body, {
    'x-http-method-override': 'GET',
  })
  const page = (await reply.json()) as { entries: { name: string }[] }
  return page.entries.map((entry) => entry.name)
}

describe('a cluster in this process', () => {
  let server: Server
  let url: (name: string) => string

  beforeAll(async () => {
    server = await startServer({ proxies: 2, targets: 3, mountpaths: 2 })
    url = (name) => `${server.endpoint}/v1/objects/b/${name}`
    expect((await create(server.endpoint, 'b')).status).toBe(200)
  })

  afterAll(() => server.stop())

  it('keeps an object byte for byte and tells its attributes', async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const put = await call('PUT', url('dir/x.bin'), bytes)
    expect(put.status).toBe(200)
    expect(put.headers.get('ais-version')).toBe('1')
    const get = await call('GET', url('dir/x.bin'))
    expect(get.status).toBe(200)
    expect(new Uint8Array(await get.arrayBuffer())).toEqual(bytes)
    expect(get.headers.get('ais-checksum-value')).toBe(put.headers.get('ais-checksum-value'))
  })

  it('reads after a write through any gateway', async () => {
    const second = server.proxies[1]?.snode.publicNet.url
    await call('PUT', url('through-one'), 'hello')
    const get = await call('GET', `${second}/v1/objects/b/through-one`)
    expect(await get.text()).toBe('hello')
    const made = await create(second ?? '', 'made-through-second')
    expect(made.status).toBe(200)
    expect(
      (await call('PUT', `${server.endpoint}/v1/objects/made-through-second/o`, 'x')).status,
    ).toBe(200)
  })

  it('lists in byte order over all targets', async () => {
    await create(server.endpoint, 'listed')
    const wanted = ['a', 'a/b', 'a0', 'z', 'é', '\u{ffff}', '\u{1f600}']
    for (const name of wanted) {
      const target = `${server.endpoint}/v1/objects/listed/${encodeURIComponent(name).replaceAll('%2F', '/')}`
      expect((await call('PUT', target, name)).status).toBe(200)
    }
    expect(await names(server.endpoint, 'listed')).toEqual(wanted)
  })

  it('forgets the objects of a destroyed bucket', async () => {
    await create(server.endpoint, 'again')
    await call('PUT', `${server.endpoint}/v1/objects/again/o`, 'old')
    const destroy = JSON.stringify({ action: 'destroy-bck' })
    expect((await call('DELETE', `${server.endpoint}/v1/buckets/again`, destroy)).status).toBe(200)
    await create(server.endpoint, 'again')
    expect((await call('GET', `${server.endpoint}/v1/objects/again/o`)).status).toBe(404)
    expect(await names(server.endpoint, 'again')).toEqual([])
  })
})

describe('a data folder', () => {
  it('serves after a restart and a move of the folder, and refuses another number of targets', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'aistore-cluster-'))
    try {
      const shape = { targets: 2, mountpaths: 2 }
      let dir = join(parent, 'one')
      let server = await startServer({ ...shape, dir })
      await create(server.endpoint, 'kept')
      const texts = new Map(Array.from({ length: 40 }, (_, i) => [`d${i % 4}/o${i}`, `text ${i}`]))
      for (const [name, text] of texts) {
        await call('PUT', `${server.endpoint}/v1/objects/kept/${name}`, text)
      }
      await server.stop()

      const check = async () => {
        expect(await names(server.endpoint, 'kept')).toEqual([...texts.keys()].sort())
        for (const [name, text] of texts) {
          const get = await call('GET', `${server.endpoint}/v1/objects/kept/${name}`)
          expect(await get.text()).toBe(text)
        }
      }

      await rename(dir, join(parent, 'two'))
      dir = join(parent, 'two')
      server = await startServer({ ...shape, dir })
      await check()
      await server.stop()

      await expect(startServer({ targets: 3, mountpaths: 2, dir })).rejects.toThrow(/targets/)
    } finally {
      await rm(parent, { recursive: true, force: true })
    }
  })

  it('holds plain files that are the objects', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aistore-files-'))
    try {
      const server = await startServer({ dir })
      await create(server.endpoint, 'plain')
      await call('PUT', `${server.endpoint}/v1/objects/plain/a/b.txt`, 'plain text')
      await server.stop()
      const all = await readdir(dir, { recursive: true })
      const file = all.find((path) => path.endsWith('@ais/plain/%ob/a/b.txt'))
      expect(file).toBeDefined()
      expect(await readFile(join(dir, file ?? ''), 'utf8')).toBe('plain text')
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
})

describe('the browser guard', () => {
  it('holds on the intra-cluster networks as well', async () => {
    const server = await startServer({ targets: 1 })
    try {
      const control = server.proxies[0]?.snode.controlNet.url
      const reply = await fetch(`${control}/v1/cluster/keepalive`, {
        method: 'POST',
        headers: { origin: 'https://evil.example' },
        body: '{}',
      })
      expect(reply.status).toBe(403)
      expect(await reply.text()).toContain('Origin')
    } finally {
      await server.stop()
    }
  })
})
