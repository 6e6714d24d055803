import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { Client } from '@aistore-ts/sdk/client.ts'
import type { ListEntry } from '@aistore-ts/sdk/list-objects.ts'
import { findOwner } from 'aistore-conformance/runner/placement/hrw.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const objects = 10_000
const mountpathsEach = 4
const inFlight = 32

const nameOf = (at: number) => `dir-${at % 7}/object-${String(at).padStart(6, '0')}`
/** `t[ID]:mp[path, ...]` */
const placeOf = ({ location }: ListEntry) => /^t\[(.+?)\]:mp\[(.+?)[,\]]/.exec(location) ?? []

function counted(all: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}

describe('10,000 objects on 5 targets with 4 disks each', () => {
  let server: Server
  let client: Client
  const listed: ListEntry[] = []
  let pages = 0

  beforeAll(async () => {
    server = await startServer({ targets: 5, mountpaths: mountpathsEach })
    client = new Client(server.endpoint)
    const bucket = client.bucket('ais://spread')
    await bucket.create()
    let next = 0
    const writer = async () => {
      for (let at = next++; at < objects; at = next++) await bucket.object(nameOf(at)).put('x')
    }
    await Promise.all(Array.from({ length: inFlight }, writer))
    const options = { props: ['name', 'size', 'location'], pageSize: 1_000 }
    for await (const page of bucket.listPages(options)) {
      pages += 1
      listed.push(...page.entries)
    }
  }, 120_000)

  afterAll(async () => {
    client.close()
    await server.stop()
  })

  it('F6.01: are listed in 10 pages, sorted, with no gap and no duplicate', () => {
    const wanted = Array.from({ length: objects }, (_, at) => nameOf(at)).sort()
    expect(listed.map(({ name }) => name)).toEqual(wanted)
    expect(pages).toBe(objects / 1_000)
  })

  it('F6.02: prefix and start_after choose among them', async () => {
    const bucket = client.bucket('ais://spread')
    const wanted = listed.map(({ name }) => name).filter((name) => name.startsWith('dir-3/'))
    const found = await Array.fromAsync(bucket.list({ prefix: 'dir-3/' }))
    expect(found.map(({ name }) => name)).toEqual(wanted)
    const startAfter = wanted[700] ?? ''
    const later = await Array.fromAsync(bucket.list({ prefix: 'dir-3/', startAfter }))
    expect(later.map(({ name }) => name)).toEqual(wanted.slice(701))
    const rest = await Array.fromAsync(bucket.list({ startAfter: 'dir-6/object-009' }))
    expect(rest.every(({ name }) => name > 'dir-6/object-009')).toBe(true)
    expect(rest.length).toBe(listed.filter(({ name }) => name > 'dir-6/object-009').length)
  })

  it('F6.03: an entry has the properties that were asked for, and no others', async () => {
    const bucket = client.bucket('ais://spread')
    const [entry] = await Array.fromAsync(
      bucket.list({ prefix: nameOf(0), props: ['name', 'size'] }),
    )
    expect(entry).toMatchObject({ name: nameOf(0), sizeBytes: 1, location: '', version: '' })
    expect(entry).toMatchObject({ checksum: '', atime: '', custom: '' })
    const [full] = await Array.fromAsync(
      bucket.list({ prefix: nameOf(0), props: ['version', 'checksum', 'atime', 'location'] }),
    )
    expect(full).toMatchObject({ name: nameOf(0), version: '1', sizeBytes: 0 })
    expect(full?.checksum).toMatch(/^[0-9a-f]{16}$/)
    expect(full?.location).toContain('mp[')
    expect(full?.atime).not.toBe('')
  })

  it('F1.05: an offline calculator predicts the target of every object; each has its fifth', () => {
    const ids = server.targets.map(({ snode }) => snode.daemonId)
    const predicted = listed.map(({ name }) => findOwner(ids, `ais/@#/spread/${name}`))
    expect(listed.map((entry) => placeOf(entry)[1])).toEqual(predicted)
    for (const count of counted(listed.map((entry) => placeOf(entry)[1] ?? '')).values()) {
      expect(count / objects).toBeGreaterThan(0.18)
      expect(count / objects).toBeLessThan(0.22)
    }
  })

  it('F10.02: and the disk within it, by the ID that is kept there; the disks have even shares', async () => {
    const idOf = new Map<string, string>()
    for (const path of new Set(listed.map((entry) => placeOf(entry)[2] ?? ''))) {
      idOf.set(path, (await readFile(join(path, '.ais/id'), 'utf8')).trim())
    }
    expect(idOf.size).toBe(server.targets.length * mountpathsEach)
    const idsAt = new Map<string, string[]>()
    for (const entry of listed) {
      const [, target = '', path = ''] = placeOf(entry)
      const id = idOf.get(path) ?? ''
      const ids = idsAt.get(target) ?? []
      if (!ids.includes(id)) idsAt.set(target, [...ids, id])
    }
    const used: string[] = []
    for (const entry of listed) {
      const [, target = '', path = ''] = placeOf(entry)
      used.push(path)
      expect(idOf.get(path)).toBe(findOwner(idsAt.get(target) ?? [], `ais/@#/spread/${entry.name}`))
    }
    for (const count of counted(used).values()) {
      expect(count / objects).toBeGreaterThan(0.04)
      expect(count / objects).toBeLessThan(0.06)
    }
  })
})
