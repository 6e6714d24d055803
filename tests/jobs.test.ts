import { mkdir, mkdtemp, readdir, rm, statfs, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let server: Server
let hoursAhead = 0
let dir: string

beforeEach(async () => {
  const platform = await createPlatform()
  const { clock } = platform
  hoursAhead = 0
  const hourMs = 3_600_000
  const ahead = {
    ...clock,
    now: () => clock.now() + hoursAhead * hourMs,
    nowNs: () => clock.nowNs() + BigInt(hoursAhead * hourMs) * 1_000_000n,
  }
  dir = await mkdtemp(join(tmpdir(), 'aistore-jobs-'))
  server = await startServer({ targets: 3, dir, platform: { ...platform, clock: ahead } })
})

afterEach(async () => {
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${server.endpoint}/v1/${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

async function told(method: string, path: string, body?: unknown): Promise<string> {
  const reply = await call(method, path, body)
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
  return text
}

const create = (bucket: string) => told('POST', `buckets/${bucket}`, { action: 'create-bck' })
const put = (bucket: string, name: string, content: string) =>
  told('PUT', `objects/${bucket}/${name}`, content)

/** A query with a body, which `fetch` cannot send with GET. */
async function asked(path: string, body: unknown): Promise<unknown> {
  const reply = await fetch(`${server.endpoint}/v1/${path}`, {
    method: 'POST',
    headers: { 'x-http-method-override': 'GET' },
    body: JSON.stringify(body),
  })
  return reply.json()
}

async function names(bucket: string): Promise<string[]> {
  const value = { props: 'name' }
  const page = await asked(`buckets/${bucket}`, { action: 'list', value })
  return ((page as { entries: { name: string }[] | null }).entries ?? []).map(({ name }) => name)
}

interface Status {
  readonly uuid: string
  readonly err: string
  readonly end_time: string | number
  readonly aborted: boolean
}

/** Resolves when the job has ended. */
async function ended(id: string): Promise<Status> {
  for (;;) {
    const status = (await asked('cluster?what=status', { id })) as Status
    if (Number(status.end_time) !== 0) return status
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('jobs on objects of the cluster', () => {
  it('copy a bucket, and bring the copy up to date', async () => {
    await create('from')
    for (let at = 0; at < 60; at++) await put('from', `dir/o-${at}`, `content ${at}`)
    const copy = { action: 'copy-bck', value: { synchronize: true } }
    const path = 'buckets/from?bck_to=ais%2F%40%23%2Fto%2F'
    expect(await ended(await told('POST', path, copy))).toMatchObject({ aborted: false, err: '' })
    expect(await names('to')).toEqual(await names('from'))
    expect(await told('GET', 'objects/to/dir/o-7')).toBe('content 7')
    await told('DELETE', 'objects/from/dir/o-7')
    await put('from', 'dir/o-8', 'newer')
    await ended(await told('POST', path, copy))
    expect(await names('to')).toEqual(await names('from'))
    expect(await told('GET', 'objects/to/dir/o-8')).toBe('newer')
  })

  it('delete by list, template and prefix', async () => {
    await create('gone')
    for (const name of ['a', 'b', 'r-1', 'r-2', 'r-3', 'p/x', 'p/y', 'stays'])
      await put('gone', name, name)
    for (const value of [
      { objnames: ['a', 'b', 'none'] },
      { template: 'r-{1..2}' },
      { template: 'p/' },
    ]) {
      const id = await told('DELETE', 'buckets/gone', { action: 'delete-listrange', value })
      expect(await ended(id)).toMatchObject({ aborted: false, err: '' })
    }
    expect(await names('gone')).toEqual(['r-3', 'stays'])
    const all = (await asked('cluster?what=status_all', { kind: 'delete-objects' })) as Status[]
    expect(all.length).toBe(3)
  })

  it('evict what was not used for long from a disk that is too full', async (test) => {
    const { blocks, bavail } = await statfs(dir)
    if ((blocks - bavail) / blocks < 0.05) return test.skip('the disk is nearly empty')
    await create('cache')
    await create('kept')
    await told('PATCH', 'buckets/cache', {
      action: 'set-bprops',
      value: { lru: { enabled: true } },
    })
    for (const name of ['old-1', 'old-2', 'used']) {
      await put('cache', name, name)
      await put('kept', name, name)
    }
    await told('PUT', 'cluster', {
      action: 'set-config',
      value: { space: { cleanupwm: 1, lowwm: 2, highwm: 3 } },
    })
    hoursAhead = 3
    await told('GET', 'objects/cache/used')
    const id = await told('PUT', 'cluster', { action: 'start', value: { Kind: 'lru' } })
    expect(await ended(id)).toMatchObject({ aborted: false, err: '' })
    expect(await names('cache')).toEqual(['used'])
    expect(await names('kept')).toEqual(['old-1', 'old-2', 'used'])
  })

  it('start by themselves when a disk fills', async (test) => {
    const { blocks, bavail } = await statfs(dir)
    if ((blocks - bavail) / blocks < 0.05) return test.skip('the disk is nearly empty')
    await create('cache')
    await told('PATCH', 'buckets/cache', {
      action: 'set-bprops',
      value: { lru: { enabled: true } },
    })
    for (const name of ['1', '2', '3', '4']) await put('cache', name, name)
    const space = { cleanupwm: 1, lowwm: 2, highwm: 3 }
    await told('PUT', 'cluster', { action: 'set-config', value: { space } })
    hoursAhead = 3
    while ((await names('cache')).length > 0) await new Promise((resolve) => setImmediate(resolve))
    for (const kind of ['lru', 'cleanup-store']) {
      const all = (await asked('cluster?what=status_all', { kind })) as Status[]
      expect(all.map(({ err }) => err)).toContain('')
    }
  })

  it('clean up uploads that nobody went on with', async () => {
    await create('b')
    const start = { action: 'mpt-upload', value: null }
    const upload = await told('POST', 'objects/b/big', start)
    await told('PUT', `objects/b/big?uploadId=${upload}&partNumber=1`, 'part')
    const parts = async () =>
      (await readdir(dir, { recursive: true })).filter((path) => /%ch\/.*\/1\./.test(path))
    expect((await parts()).length).toBe(1)
    const clean = { action: 'start', value: { Kind: 'cleanup' } }
    await ended(await told('PUT', 'cluster', clean))
    expect((await parts()).length).toBe(1)
    hoursAhead = 3
    await ended(await told('PUT', 'cluster', clean))
    expect(await parts()).toEqual([])
  })
})

describe('promote', () => {
  const root = '/var/lib/ais/promote'
  let source: string | undefined

  beforeEach(async () => {
    source = await mkdir(root, { recursive: true }).then(
      () => mkdtemp(join(root, 'test-')),
      () => undefined,
    )
  })

  afterEach(async () => {
    if (source !== undefined) await rm(source, { recursive: true })
  })

  it('makes objects of the files of a folder, each once', async (test) => {
    if (source === undefined) return test.skip(`${root} cannot be written`)
    await create('b')
    await mkdir(join(source, 'inner'))
    for (let at = 0; at < 40; at++) await writeFile(join(source, `f-${at}`), `file ${at}`)
    await writeFile(join(source, 'inner/deep'), 'deep')
    await symlink('/etc', join(source, 'away'))
    const promote = (value: object) =>
      told('POST', 'objects/b', {
        action: 'promote',
        name: source,
        value: { src: source, ...value },
      })
    expect(await ended(await promote({ obj: 'p/' }))).toMatchObject({ aborted: false, err: '' })
    expect((await names('b')).length).toBe(40)
    expect(await told('GET', 'objects/b/p/f-7')).toBe('file 7')
    await writeFile(join(source, 'f-7'), 'newer')
    await ended(await promote({ obj: 'p/', rcr: true }))
    expect(await told('GET', 'objects/b/p/f-7')).toBe('file 7')
    expect(await told('GET', 'objects/b/p/inner/deep')).toBe('deep')
    await ended(await promote({ obj: 'p/', rcr: true, ovw: true, dls: true }))
    expect(await told('GET', 'objects/b/p/f-7')).toBe('newer')
    expect((await names('b')).length).toBe(41)
    expect((await readdir(source)).sort()).toEqual(['away', 'inner'])
    await writeFile(join(source, 'f-7'), 'not to be stored')
    await ended(await promote({ obj: 'p/', dls: true }))
    expect(await told('GET', 'objects/b/p/f-7')).toBe('newer')
    expect((await readdir(source)).sort()).toEqual(['away', 'inner'])
  })

  it.each([
    ['/etc', 'must be under'],
    [`${root}/../x`, "'..'"],
    [`${root}/none-such`, 'does not exist'],
    ['relative', 'absolute'],
    ['', 'empty'],
  ])('refuses %s', async (src, why) => {
    await create('b')
    const reply = await call('POST', 'objects/b', { action: 'promote', name: '', value: { src } })
    expect([400, 404]).toContain(reply.status)
    expect(await reply.text()).toContain(why)
    expect(await names('b')).toEqual([])
  })

  it('F12.12: each target takes all it sees, where they are told to share nothing', async (test) => {
    if (source === undefined) return test.skip(`${root} cannot be written`)
    await create('b')
    for (const name of ['f1', 'f2']) await writeFile(join(source, name), name)
    const promoted = async () => {
      const value = { src: source, ovw: true }
      const id = await told('POST', 'objects/b', { action: 'promote', name: '', value })
      await ended(id)
      const snaps = (await asked('cluster?what=qryxstats', { id })) as Record<
        string,
        { stats: { 'loc-objs': string } }[]
      >
      const counts = Object.values(snaps).flat()
      return counts.reduce((sum, { stats }) => sum + Number(stats['loc-objs']), 0)
    }
    expect(await promoted()).toBe(2)
    const value = { features: String(1 << 2) }
    await told('PUT', 'cluster', { action: 'set-config', value })
    expect(await promoted()).toBe(2 * 3)
    expect(await told('GET', 'objects/b/f1')).toBe('f1')
  })

  it('does not follow symbolic links out of its root', async (test) => {
    if (source === undefined) return test.skip(`${root} cannot be written`)
    await create('b')
    await symlink('/etc', join(source, 'away'))
    const src = join(source, 'away')
    const reply = await call('POST', 'objects/b', { action: 'promote', name: src, value: { src } })
    expect(reply.status).toBe(400)
    expect(await names('b')).toEqual([])
  })
})
