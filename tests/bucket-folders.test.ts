import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyBmd, listBuckets } from '@aistore-ts/core/bucket/bmd.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'

let dir = ''
let server: Server | undefined

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aistore-folders-'))
})

afterEach(async () => {
  await server?.stop()
  server = undefined
  await rm(dir, { recursive: true, force: true })
})

async function run(work: (endpoint: string) => Promise<void>): Promise<void> {
  server = await startServer({ dir: join(dir, 'data'), mountpaths: 2 })
  await work(server.endpoint)
  await server.stop()
  server = undefined
}

async function act(endpoint: string, bucket: string, action: string): Promise<void> {
  const response = await fetch(`${endpoint}/v1/buckets/${bucket}`, {
    method: action === 'destroy-bck' ? 'DELETE' : 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action }),
  })
  expect(response.status).toBe(200)
}

const mountpath = () => join(dir, 'data', 'target-1', 'mp1')
const known = () => join(dir, 'data', 'target-1', 'conf', '.ais.buckets')
const folder = (bucket: string) => join(mountpath(), '@ais', bucket)

async function createTwo(): Promise<void> {
  await run(async (endpoint) => {
    // So that a new map, which counts from 1, does not give the IDs of these again within a test.
    await act(endpoint, 'early', 'create-bck')
    await act(endpoint, 'early', 'destroy-bck')
    for (const bucket of ['stays', 'goes']) {
      await act(endpoint, bucket, 'create-bck')
      const url = `${endpoint}/v1/objects/${bucket}/o`
      expect((await fetch(url, { method: 'PUT', body: 'content' })).status).toBe(200)
    }
  })
  await cp(mountpath(), join(dir, 'mp1'), { recursive: true })
  await cp(known(), join(dir, 'known'))
}

/** Puts back what a crash left: the bucket map is new, the disk as it was before the map changed. */
async function forgetCleanUp(): Promise<void> {
  await rm(mountpath(), { recursive: true })
  await cp(join(dir, 'mp1'), mountpath(), { recursive: true })
  await cp(join(dir, 'known'), known())
  expect(existsSync(folder('goes'))).toBe(true)
}

it('empties at start what was destroyed when the target crashed, and nothing else', async () => {
  await createTwo()
  await run((endpoint) => act(endpoint, 'goes', 'destroy-bck'))
  expect(existsSync(folder('goes'))).toBe(false)
  await forgetCleanUp()
  await run(async (endpoint) => {
    const kept = await fetch(`${endpoint}/v1/objects/stays/o`)
    expect(await kept.text()).toBe('content')
  })
  expect(existsSync(folder('goes'))).toBe(false)
  expect(existsSync(folder('stays'))).toBe(true)
  expect(JSON.parse((await readFile(known(), 'utf8')).split('\n')[1] ?? '').bids).toHaveLength(1)
})

it('leaves alone what only a map that is lost has named', async () => {
  await createTwo()
  for (const node of ['proxy-1', 'target-1']) {
    await rm(join(dir, 'data', node, 'conf'), { recursive: true })
  }
  for (const disk of ['mp1', 'mp2']) {
    for (const owner of ['owner', 'owner.prev']) {
      await rm(join(dir, 'data', 'target-1', disk, '.ais', owner), { force: true })
    }
  }
  await run(async (endpoint) => {
    await act(endpoint, 'other', 'create-bck')
    await act(endpoint, 'other', 'destroy-bck')
  })
  await run(async () => {})
  expect(existsSync(folder('goes'))).toBe(true)
  expect(existsSync(folder('stays'))).toBe(true)
})

it('empties a disk that was out of use when the bucket was destroyed', async () => {
  await createTwo()
  await run(async (endpoint) => {
    const id = server?.targets[0]?.snode.daemonId ?? ''
    const disk = async (action: string) => {
      const query = action === 'disable-mp' ? '?dntres=true' : ''
      const response = await fetch(`${endpoint}/v1/reverse/daemon/mountpaths${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'ais-node-id': id },
        body: JSON.stringify({ action, value: mountpath() }),
      })
      expect(response.status).toBe(200)
    }
    await disk('disable-mp')
    await act(endpoint, 'goes', 'destroy-bck')
    expect(existsSync(folder('goes'))).toBe(true)
    await disk('enable-mp')
    expect(existsSync(folder('goes'))).toBe(false)
    expect(existsSync(folder('stays'))).toBe(true)
  })
})

it('a PUT that comes before the disk has the folder of a new bucket waits for it', async () => {
  const platform = await createPlatform()
  const { files } = platform
  if (files === undefined) throw new Error('assert: there are files')
  let gate = Promise.resolve()
  let waiting = 0
  const gated =
    <T extends readonly unknown[]>(sync: (...args: T) => Promise<void>) =>
    async (...args: T) => {
      waiting += 1
      await gate
      return sync(...args)
    }
  const slow = { ...files, fsync: gated(files.fsync), syncFileSystem: gated(files.syncFileSystem) }
  server = await startServer({ dir: join(dir, 'data'), platform: { ...platform, files: slow } })
  const { endpoint, targets } = server
  const { promise, resolve: open } = Promise.withResolvers<void>()
  gate = promise
  waiting = 0
  const created = act(endpoint, 'fresh', 'create-bck')
  const metadata = targets[0]?.metadata
  const isThere = () =>
    listBuckets(metadata?.bmd() ?? emptyBmd()).some(({ bck }) => bck.name === 'fresh')
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  try {
    while (!isThere() || waiting === 0) await turn()
    await created
    const put = fetch(`${endpoint}/v1/objects/fresh/o`, { method: 'PUT', body: 'content' })
    expect(await Promise.race([put, turns(turn, 2_000)])).toBeUndefined()
    open()
    expect((await put).status).toBe(200)
  } finally {
    open()
  }
})

/** Enough of them for an answer that nothing holds up. */
async function turns(turn: () => Promise<unknown>, count: number): Promise<undefined> {
  for (let at = 0; at < count; at++) await turn()
  return undefined
}
