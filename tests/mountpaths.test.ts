import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string
let server: Server
let targetId: string

const names = Array.from({ length: 120 }, (_, i) => `dir${i % 7}/object-${i}`)
const contentOf = (name: string) => `content of ${name} `.repeat(20)

async function follow(method: string, path: string, body?: string): Promise<Response> {
  const init = { method, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) }
  const first = await fetch(`${server.endpoint}${path}`, init)
  const location = first.headers.get('location')
  return location === null ? first : fetch(location, init)
}

const put = (name: string, body: string) => follow('PUT', `/v1/objects/b/${name}`, body)
const get = (name: string) => follow('GET', `/v1/objects/b/${name}`)

function disk(method: string, action: string, path: string, query = ''): Promise<Response> {
  return fetch(`${server.endpoint}/v1/reverse/daemon/mountpaths${query}`, {
    method,
    headers: { 'Ais-Node-Id': targetId },
    body: JSON.stringify({ action, value: path }),
  })
}

interface Disks {
  available: string[]
  waiting_dd: string[]
  disabled: string[]
}

async function disks(): Promise<Disks> {
  const reply = await fetch(`${server.endpoint}/v1/reverse/daemon?what=mountpaths`, {
    headers: { 'Ais-Node-Id': targetId },
  })
  return (await reply.json()) as Disks
}

/** Looks until no disk waits any more; each look is a call, so time passes by itself. */
async function settled(): Promise<Disks> {
  for (let looks = 0; looks < 2_000; looks++) {
    const now = await disks()
    if (now.waiting_dd.length === 0) return now
  }
  throw new Error('a disk still waits for its objects to move')
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.parentPath.includes('%ob'))
    .map(({ name }) => name)
}

async function expectAllReadable(): Promise<void> {
  for (const name of names) expect(await (await get(name)).text()).toBe(contentOf(name))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ais-mountpaths-'))
  server = await startServer({ targets: 1, mountpaths: 2, dir: join(folder, 'data') })
  targetId = server.targets[0]?.snode.daemonId ?? ''
  const create = JSON.stringify({ action: 'create-bck' })
  expect((await follow('POST', '/v1/buckets/b', create)).status).toBe(200)
  for (const name of names) expect((await put(name, contentOf(name))).status).toBe(200)
})

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

it('refuses what is no disk of its own', async () => {
  const [first = ''] = (await disks()).available
  await mkdir(join(first, 'inner'))
  expect((await disk('PUT', 'attach-mp', join(first, 'inner'))).status).toBe(400)
  expect((await disk('PUT', 'attach-mp', 'relative')).status).toBe(400)
  expect((await disk('PUT', 'attach-mp', first)).status).toBe(400)
  expect((await disk('PUT', 'attach-mp', join(folder, 'nowhere'))).status).toBe(404)
  expect((await disk('POST', 'disable-mp', join(folder, 'nowhere'))).status).toBe(404)
  expect((await disk('POST', 'enable-mp', first)).status).toBe(204)
  expect((await disk('POST', 'attach-mp', first)).status).toBe(400)
  expect((await disk('PUT', 'attach-mp', '')).status).toBe(400)
  const { available } = await disks()
  const around = `${folder}/nowhere/../${relative(folder, first)}`
  for (const other of [around, `${around}/./inner`, `/${first}//`]) {
    const refused = await disk('PUT', 'attach-mp', other)
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(first)])
  }
  const file = join(folder, 'file')
  await writeFile(file, '')
  const refused = await disk('PUT', 'attach-mp', file)
  expect([refused.status, await refused.text()]).toEqual([
    404,
    expect.stringContaining('is not a directory'),
  ])
  expect((await disks()).available).toEqual(available)
})

it('takes disks in and lets them go; no object is lost, none is left behind', async () => {
  const [first = '', second = ''] = (await disks()).available
  const fresh = join(folder, 'fresh')
  await mkdir(fresh)

  expect((await disk('PUT', 'attach-mp', fresh)).status).toBe(200)
  expect((await disks()).available).toContain(fresh)
  await expectAllReadable()
  expect((await put('new-one', 'x')).status).toBe(200)

  expect((await disk('POST', 'disable-mp', first)).status).toBe(200)
  expect((await settled()).disabled).toEqual([first])
  expect((await disk('POST', 'rescan-mp', first)).status).toBe(400)
  expect(await filesOf(first)).toEqual([])
  await expectAllReadable()

  expect((await disk('DELETE', 'detach-mp', second)).status).toBe(200)
  expect(await settled()).toMatchObject({ available: [fresh], disabled: [first] })
  expect(await filesOf(second)).toEqual([])
  expect(await filesOf(fresh)).toHaveLength(names.length + 1)
  await expectAllReadable()

  await server.stop()
  await rename(join(folder, 'data'), join(folder, 'moved'))
  server = await startServer({ targets: 1, mountpaths: 2, dir: join(folder, 'moved') })
  const movedFirst = first.replace('/data/', '/moved/')
  expect(await disks()).toEqual({ available: [fresh], waiting_dd: [], disabled: [movedFirst] })
  await expectAllReadable()
})

it('a disk that comes back with old data neither hides what was written nor brings back what was deleted', async () => {
  const { disabled } = await disks()
  const [old = ''] = disabled
  expect((await disk('POST', 'enable-mp', old)).status).toBe(200)
  for (let i = 0; i < 40; i++) expect((await put(`stale-${i}`, 'first')).status).toBe(200)
  for (let looks = 0; looks < 2_000 && (await filesOf(old)).length === 0; looks++) await disks()

  // At once, its objects with it.
  for (let tries = 0; ; tries++) {
    const reply = await disk('POST', 'disable-mp', old, '?dntres=true')
    if (reply.status === 200) break
    expect(tries).toBeLessThan(2_000)
  }
  const missing: number[] = []
  for (let i = 0; i < 40; i++) if ((await get(`stale-${i}`)).status === 404) missing.push(i)
  expect(missing.length).toBeGreaterThan(0)
  for (let i = 0; i < 40; i += 2) expect((await put(`stale-${i}`, 'second')).status).toBe(200)
  for (let i = 0; i < 40; i += 4) {
    expect((await follow('DELETE', `/v1/objects/b/stale-${i}`)).status).toBe(200)
  }

  expect((await disk('POST', 'enable-mp', old)).status).toBe(200)
  await settled()
  for (let i = 0; i < 40; i++) {
    const reply = await get(`stale-${i}`)
    if (i % 4 === 0) expect(reply.status, `stale-${i}`).toBe(404)
    else expect(await reply.text(), `stale-${i}`).toBe(i % 2 === 0 ? 'second' : 'first')
  }
  await expectAllReadable()
})

it('what is written and deleted while a disk comes back is newer than what is on it', async () => {
  const [old = ''] = (await disks()).available
  const objects = Array.from({ length: 60 }, (_, i) => `racing-${i}`)
  for (const name of objects) expect((await put(name, 'first')).status).toBe(200)
  for (let tries = 0; ; tries++) {
    if ((await disk('POST', 'disable-mp', old, '?dntres=true')).status === 200) break
    expect(tries).toBeLessThan(2_000)
  }
  for (const name of objects) expect((await put(name, 'second')).status).toBe(200)
  await Promise.all([
    disk('POST', 'enable-mp', old, '?dntres=true').then(({ status }) => expect(status).toBe(200)),
    ...objects.map(async (name, i) => {
      const change = i % 2 === 0 ? put(name, 'third') : follow('DELETE', `/v1/objects/b/${name}`)
      expect((await change).status).toBe(200)
    }),
  ])
  for (const [i, name] of objects.entries()) {
    const reply = await get(name)
    if (i % 2 === 1) expect(reply.status, name).toBe(404)
    else expect(await reply.text(), name).toBe('third')
  }
})
