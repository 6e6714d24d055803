import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createBucket,
  flagsOf,
  getObject,
  idOf,
  leads,
  openYard,
  primaryId,
  putObject,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

let yard: Yard

beforeEach(async () => {
  yard = await openYard()
})

afterEach(() => yard.close())

/** A new cluster: the first gateway leads, the rest joins through it. */
async function found(proxies: number, targets: number): Promise<RunningNode[]> {
  const first = await yard.start('proxy', 0)
  const joinUrl = urlOf(first)
  const rest: RunningNode[] = []
  for (let i = 1; i < proxies; i++) rest.push(await yard.start('proxy', i, { joinUrl }))
  for (let i = 0; i < targets; i++) rest.push(await yard.start('target', i, { joinUrl }))
  const all = [first, ...rest]
  await Promise.all(all.map(({ joined }) => joined))
  return all
}

const smapOf = (node: RunningNode) => node.metadata.smap()

describe('a start', () => {
  it('makes the gateway lead that is told to, whoever comes first', async () => {
    const first = await yard.start('proxy', 0)
    const url = urlOf(first)
    await yard.crash(first)
    await rm(join(yard.dir, 'proxy-1'), { recursive: true })
    const port = Number(new URL(url).port)
    const others = [
      await yard.start('target', 0, { joinUrl: url }),
      await yard.start('proxy', 1, { joinUrl: url }),
    ]
    const leader = await yard.start('proxy', 0, { port })
    await Promise.all([leader, ...others].map(({ joined }) => joined))
    expect(leads(leader)).toBe(true)
    for (const node of others) expect(primaryId(node)).toBe(idOf(leader))
  })

  it('in another order and on other ports finds the same cluster', async () => {
    let all = await found(3, 3)
    const [first] = all
    if (first === undefined) return
    const { uuid, primaryId: leader } = smapOf(first)
    const ids = all.map(idOf).sort()
    expect((await createBucket(first, 'kept')).status).toBe(200)
    expect(await putObject(first, 'kept/o', 'kept')).toBe(200)
    for (const order of ['ttpptp', 'pttppt']) {
      await Promise.all(all.map(yard.crash))
      all = []
      const next = { p: 0, t: 0 }
      // All but the gateway to join through take what port they get; that one cannot be in two orders at one port.
      const entry = await yard.start('proxy', next.p++)
      all.push(entry)
      for (const letter of [...order].filter((_, at) => at !== order.indexOf('p'))) {
        const options = { joinUrl: urlOf(entry) }
        if (letter === 'p') all.push(await yard.start('proxy', next.p++, options))
        else all.push(await yard.start('target', next.t++, options))
      }
      await Promise.all(all.map(({ joined }) => joined))
      expect(all.map(idOf).sort()).toEqual(ids)
      for (const node of all) expect(smapOf(node)).toMatchObject({ uuid, primaryId: leader })
      expect(await getObject(entry, 'kept/o')).toBe('kept')
    }
  })

  it('of an old primary alone leads nothing; with the others it follows', async () => {
    const [old, second, third, ...targets] = await found(3, 2)
    if (!old || !second || !third) return
    await yard.crash(old)
    await until(second, 'a new primary', () => leads(second) || leads(third))
    const leader = primaryId(second)
    await until(third, 'the others know it', () => primaryId(third) === leader)
    await Promise.all([second, third, ...targets].map(yard.crash))

    const back = await yard.start('proxy', 0)
    expect((await createBucket(back, 'by-the-old')).status).toBe(503)
    const joinUrl = urlOf(back)
    const rest = [
      await yard.start('proxy', 1, { joinUrl }),
      await yard.start('proxy', 2, { joinUrl }),
      await yard.start('target', 0, { joinUrl }),
      await yard.start('target', 1, { joinUrl }),
    ]
    await Promise.all([back, ...rest].map(({ joined }) => joined))
    for (const node of [back, ...rest]) expect(primaryId(node)).toBe(leader)
    expect(flagsOf(back, idOf(old))).toBeDefined()
  })

  it('waits for the targets it was promised', async () => {
    const first = await yard.start('proxy', 0, { targetsExpected: 1 })
    const health = (query = '') => fetch(`${urlOf(first)}/v1/health${query}`)
    await until(first, 'it leads', () => leads(first))
    for (const query of ['', '?prr=true', '?readiness=true']) {
      const early = await health(query)
      expect(early.status).toBe(503)
      expect(await early.text()).toContain(query === '?prr=true' ? 'waits for targets' : '')
    }
    const target = await yard.start('target', 0, { joinUrl: urlOf(first) })
    await Promise.all([first.joined, target.joined])
    for (const query of ['', '?prr=true', '?readiness=true']) {
      const { status, headers } = await health(query)
      expect(status).toBe(200)
      expect(Number(headers.get('Ais-Cluster-Uptime'))).toBeGreaterThan(0)
    }
  })
})

describe('a node that joins', () => {
  it('finds the cluster by the discovery URL when nobody is at the primary URL', async () => {
    const [first] = await found(1, 0)
    if (!first) return
    const proxy = { original_url: 'http://127.0.0.1:1', discovery_url: urlOf(first) }
    const late = await yard.start('target', 4, {
      joinUrl: 'http://127.0.0.1:1',
      config: { proxy },
    })
    await late.joined
    expect(flagsOf(first, idOf(late))).toBe(0)
  })

  it('while the primary dies is in the map of the next one', async () => {
    const [first, second, third] = await found(3, 1)
    if (!first || !second || !third) return
    await createBucket(first, 'b')
    const [late] = await Promise.all([
      yard.start('target', 4, { joinUrl: urlOf(second) }),
      yard.crash(first),
    ])
    await late.joined
    expect([idOf(second), idOf(third)]).toContain(primaryId(late))
    const leader = leads(second) ? second : third
    expect(flagsOf(leader, idOf(late))).toBe(0)
    expect(late.metadata.bmd().version).toBe(leader.metadata.bmd().version)
  })
})

describe('a node that comes back', () => {
  it('at another port keeps its name and its objects', async () => {
    const [first, target] = await found(1, 1)
    if (!first || !target) return
    await createBucket(first, 'b')
    await putObject(first, 'b/o', 'text')
    await yard.crash(target)
    const again = await yard.start('target', 0, { joinUrl: urlOf(first) })
    await again.joined
    expect(idOf(again)).toBe(idOf(target))
    expect(urlOf(again)).not.toBe(urlOf(target))
    await until(first, 'the new address', () => {
      return smapOf(first).targets.get(idOf(again))?.publicNet.url === urlOf(again)
    })
    expect(await getObject(first, 'b/o')).toBe('text')
  })

  it('without its folder is known by its disks', async () => {
    const [first, target] = await found(1, 2)
    if (!first || !target) return
    await createBucket(first, 'b')
    for (let i = 0; i < 8; i++) await putObject(first, `b/o${i}`, `text ${i}`)
    await yard.crash(target)
    await rm(join(yard.dir, 'target-1', 'conf'), { recursive: true })
    const again = await yard.start('target', 0, { joinUrl: urlOf(first) })
    await again.joined
    expect(idOf(again)).toBe(idOf(target))
    for (let i = 0; i < 8; i++) expect(await getObject(first, `b/o${i}`)).toBe(`text ${i}`)
  })

  it('with the disks of another target is refused', async () => {
    const [first, one] = await found(1, 2)
    if (!first || !one) return
    await yard.crash(one)
    await expect(
      yard.start('target', 0, { joinUrl: urlOf(first), disksOf: ['target', 1] }),
    ).rejects.toThrow('storage integrity error (sie#10)')
  })

  it('to another cluster is refused, with its folder and without', async () => {
    const [first, target] = await found(1, 1)
    const other = await yard.start('proxy', 5)
    await other.joined
    if (!first || !target) return
    await yard.crash(target)
    await yard.crash(first)
    const joinUrl = urlOf(other)
    const foreign = await yard.start('target', 0, { joinUrl })
    await expect(foreign.joined).rejects.toThrow('cluster integrity error (cie#')
    await yard.crash(foreign)
    await rm(join(yard.dir, 'target-1', 'conf'), { recursive: true })
    const bare = await yard.start('target', 0, { joinUrl })
    await expect(bare.joined).rejects.toThrow('cluster integrity error (cie#')
  })

  it('as a gateway without its folder joins its cluster instead of starting another', async () => {
    const [first, second, ...rest] = await found(2, 2)
    if (!first || !second) return
    const { uuid } = smapOf(first)
    await yard.crash(first)
    await until(second, 'the other gateway leads', () => leads(second))
    await rm(join(yard.dir, 'proxy-1'), { recursive: true })
    const config = { proxy: { discovery_url: urlOf(second) } }
    const again = await yard.start('proxy', 0, { config })
    await again.joined
    expect(smapOf(again)).toMatchObject({ uuid, primaryId: idOf(second) })
    expect(rest).toHaveLength(2)
  })
})

describe('a name that is taken', () => {
  it('is refused while the first of that name lives', async () => {
    const [first, target] = await found(1, 1)
    if (!first || !target) return
    const twin = await yard.start('target', 7, { daemonId: idOf(target), joinUrl: urlOf(first) })
    await expect(twin.joined).rejects.toThrow(`duplicate node ID "${idOf(target)}"`)
    expect(smapOf(first).targets.get(idOf(target))?.publicNet.url).toBe(urlOf(target))
    await yard.crash(target)
    await yard.crash(twin)
    const heir = await yard.start('target', 7, { joinUrl: urlOf(first) })
    await heir.joined
    expect(smapOf(first).targets.get(idOf(target))?.publicNet.url).toBe(urlOf(heir))
  })
})
