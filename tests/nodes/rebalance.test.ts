import { readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  act,
  createBucket,
  getObject,
  idOf,
  openYard,
  putObject,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

let yard: Yard
let gateway: RunningNode
let targets: RunningNode[]

const names = Array.from({ length: 150 }, (_, i) => `b/dir${i % 5}/o${i}`)
const contentOf = (path: string, version = 1) => `${path} version ${version} `.repeat(30)

const addTarget = (index: number) => yard.start('target', index, { joinUrl: urlOf(gateway) })

beforeEach(async () => {
  yard = await openYard()
  gateway = await yard.start('proxy', 0, {})
  targets = [await addTarget(0), await addTarget(1)]
  await Promise.all(targets.map((target) => target.joined))
  expect((await createBucket(gateway, 'b')).status).toBe(200)
})

afterEach(() => yard.close())

async function rebalanced(version: number): Promise<void> {
  await until(gateway, `rebalance g${version} completed`, () => {
    return gateway.metadata.rmd().completed >= version
  })
}

async function listed(): Promise<string[]> {
  const reply = await fetch(`${urlOf(gateway)}/v1/buckets/b`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ action: 'list', value: { props: 'name' } }),
  })
  const page = (await reply.json()) as { entries: { name: string }[] }
  return page.entries.map(({ name }) => `b/${name}`)
}

async function remove(path: string): Promise<number> {
  const first = await fetch(`${urlOf(gateway)}/v1/objects/${path}`, {
    method: 'DELETE',
    redirect: 'manual',
  })
  const location = first.headers.get('location')
  return location === null ? first.status : (await fetch(location, { method: 'DELETE' })).status
}

interface Snap {
  id: string
  kind: string
  stats: { 'out-objs': string }
}

async function snaps(id: string): Promise<Snap[]> {
  const reply = await fetch(`${urlOf(gateway)}/v1/cluster?what=qryxstats`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ id, kind: 'rebalance' }),
  })
  expect(reply.status).toBe(200)
  return Object.values((await reply.json()) as Record<string, Snap[]>).flat()
}

it('a new target gets its share, and no more; every object is readable and listed all the while', async () => {
  for (const path of names) expect(await putObject(gateway, path, contentOf(path))).toBe(200)
  const third = await addTarget(2)
  await third.joined
  const version = gateway.metadata.rmd().version
  expect(version).toBeGreaterThan(0)
  // As it begins, and when it is over.
  for (const path of names) expect(await getObject(gateway, path), path).toBe(contentOf(path))
  expect(await listed()).toEqual(names.toSorted())
  await rebalanced(version)
  for (const path of names) expect(await getObject(gateway, path), path).toBe(contentOf(path))
  expect(await listed()).toEqual(names.toSorted())
  const moved = (await snaps(`g${version}`)).reduce(
    (sum, { stats }) => sum + Number(stats['out-objs']),
    0,
  )
  expect(moved).toBeGreaterThan(names.length / 3 / 2)
  expect(moved).toBeLessThan((names.length / 3) * 1.5)
})

it('a target that comes back with old data hides no newer version and brings nothing back', async () => {
  for (const path of names) expect(await putObject(gateway, path, contentOf(path))).toBe(200)
  const [lost] = targets
  if (lost === undefined) throw new Error('assert: there are targets')
  await yard.crash(lost)
  await until(
    gateway,
    'the target is out of the map',
    () => gateway.metadata.smap().targets.size === 1,
  )
  expect(gateway.metadata.rmd().absent).toEqual([idOf(lost)])

  // What was on the lost target is written anew, and part of that deleted again.
  const away: string[] = []
  for (const path of names) {
    if ((await getObject(gateway, path)) !== contentOf(path)) away.push(path)
  }
  expect(away.length).toBeGreaterThan(20)
  const rewritten = away.filter((_, at) => at % 3 !== 0)
  const deleted = away.filter((_, at) => at % 3 === 1)
  for (const path of rewritten) expect(await putObject(gateway, path, contentOf(path, 2))).toBe(200)
  for (const path of deleted) expect(await remove(path)).toBe(200)

  const back = await addTarget(0)
  await back.joined
  const check = async () => {
    const live = names.filter((path) => !deleted.includes(path))
    for (const path of live) {
      const version = rewritten.includes(path) ? 2 : 1
      expect(await getObject(gateway, path), path).toBe(contentOf(path, version))
    }
    for (const path of deleted)
      expect(await getObject(gateway, path), path).toContain('does not exist')
    expect(await listed()).toEqual(live.toSorted())
  }
  await check()
  await rebalanced(gateway.metadata.rmd().version)
  await check()
  expect(gateway.metadata.rmd().absent).toEqual([])
})

it('a target in maintenance gives everything away before it counts as done', async () => {
  for (const path of names) expect(await putObject(gateway, path, contentOf(path))).toBe(200)
  const [leaving] = targets
  if (leaving === undefined) throw new Error('assert: there are targets')
  const reply = await act(gateway, 'start-maintenance', { sid: idOf(leaving) })
  expect(reply.status).toBe(200)
  const id = await reply.text()
  expect(id).toMatch(/^g\d+$/)
  await rebalanced(Number(id.slice(1)))
  await leaving.stop({ graceMs: 0, withCluster: true })
  for (const path of names) expect(await getObject(gateway, path), path).toBe(contentOf(path))
  expect(await listed()).toEqual(names.toSorted())
})

it('starts and stops by hand; one that was stopped does not hinder the next', async () => {
  for (const path of names.slice(0, 20)) expect(await putObject(gateway, path, 'x')).toBe(200)
  for (let round = 0; round < 3; round++) {
    const started = await act(gateway, 'start', { Kind: 'rebalance' })
    expect(started.status).toBe(200)
    expect((await act(gateway, 'stop', { Kind: 'rebalance' })).status).toBe(200)
  }
  const last = await act(gateway, 'start', { kind: 'rebalance' })
  const id = await last.text()
  expect(id).toBe(`g${gateway.metadata.rmd().version}`)
  await rebalanced(Number(id.slice(1)))
  const disable = { rebalance: { enabled: false } }
  expect((await act(gateway, 'set-config', disable)).status).toBe(200)
  const refused = await act(gateway, 'start', { Kind: 'rebalance' })
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('rebalance is disabled')
})

/** Files of objects on the disks of the first target, by path of the object. */
async function filesOfFirst(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const disks = join(yard.dir, 'target-1')
  for (const entry of await readdir(disks, { recursive: true, withFileTypes: true })) {
    const [, path] = join(entry.parentPath, entry.name).split('/@ais/b/%ob/')
    if (entry.isFile() && path) files.set(`b/${path}`, join(entry.parentPath, entry.name))
  }
  return files
}

it('damaged objects stay where they are, and hold up neither the rebalance nor who asks for them', async () => {
  const paths = names.slice(0, 30)
  for (const path of paths) expect(await putObject(gateway, path, contentOf(path))).toBe(200)
  const [leaving] = targets
  if (leaving === undefined) throw new Error('assert: there are targets')
  const [cut, rotten] = await filesOfFirst()
  if (cut === undefined || rotten === undefined) throw new Error('assert: it has objects')
  await truncate(cut[1], 5)
  const { atime, mtime } = await stat(rotten[1])
  const bytes = await readFile(rotten[1])
  bytes[7] = (bytes[7] ?? 0) ^ 1
  await writeFile(rotten[1], bytes)
  await utimes(rotten[1], atime, mtime)

  const id = await (await act(gateway, 'start-maintenance', { sid: idOf(leaving) })).text()
  const damaged = [cut[0], rotten[0]]
  for (const path of damaged) expect(await getObject(gateway, path)).not.toBe(contentOf(path))
  await rebalanced(Number(id.slice(1)))
  for (const path of paths.filter((each) => !damaged.includes(each))) {
    expect(await getObject(gateway, path), path).toBe(contentOf(path))
  }
  expect([...(await filesOfFirst()).keys()].toSorted()).toEqual(damaged.toSorted())
})
