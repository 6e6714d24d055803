import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { VersionLedger } from './version-ledger.ts'
import { act, createBucket, idOf, openYard, until, urlOf, type Yard } from './yard.ts'

let yard: Yard
let gateway: RunningNode
let targets: RunningNode[]
let bucket: string
let ledger: VersionLedger

const patience = { timeout: 15_000, interval: 20 }

const keys = Array.from({ length: 24 }, (_, i) => `dir${i % 3}/o${i}`)

const addTarget = (index: number) => yard.start('target', index, { joinUrl: urlOf(gateway) })

beforeEach(async () => {
  yard = await openYard()
  gateway = await yard.start('proxy', 0, {})
  targets = [await addTarget(0), await addTarget(1)]
  await Promise.all(targets.map((target) => target.joined))
  bucket = 'b'
  expect((await createBucket(gateway, bucket)).status).toBe(200)
  ledger = new VersionLedger(() => `${urlOf(gateway)}/s3/${bucket}`)
})

afterEach(() => yard.close())

/** Objects from before versions, versions, markers, `null` versions among them, deleted versions. */
async function fill(): Promise<void> {
  for (const [at, key] of keys.entries()) if (at % 4 === 0) await ledger.put(key)
  await ledger.setVersioning('Enabled')
  for (const key of keys) await ledger.put(key)
  for (const [at, key] of keys.entries()) if (at % 5 === 0) await ledger.mark(key)
  await ledger.setVersioning('Suspended')
  for (const [at, key] of keys.entries()) {
    if (at % 6 === 1) await ledger.put(key)
    if (at % 6 === 2) await ledger.mark(key)
  }
  await ledger.setVersioning('Enabled')
  for (const [at, key] of keys.entries()) if (at % 2 === 0) await ledger.put(key)
  await change(7)
}

/** Of every `step`th key the newest version goes, of others one in between; a few get a new one. */
async function change(step: number): Promise<void> {
  for (const [at, key] of keys.entries()) {
    const versions = ledger.versionsOf(key)
    if (at % step === 0 && versions[0]) await ledger.remove(key, versions[0].id)
    if (at % step === 1 && versions[1]) await ledger.remove(key, versions[1].id)
    if (at % step === 2) await ledger.put(key)
    if (at % step === 3) await ledger.mark(key)
  }
}

async function rebalanced(version: number): Promise<void> {
  await until(gateway, `rebalance g${version} completed`, () => {
    return gateway.metadata.rmd().completed >= version
  })
}

it('versions are told in the order in which they came about, in pages of any size', async () => {
  await fill()
  await ledger.check()
  await ledger.check(1)
  await ledger.check(3)
})

it('versions move to a new target, are there all the while, and may be written and deleted meanwhile', async () => {
  await fill()
  const third = await addTarget(2)
  await third.joined
  const { version } = gateway.metadata.rmd()
  expect(version).toBeGreaterThan(0)
  await change(5)
  await ledger.check()
  await rebalanced(version)
  await ledger.check()
  await ledger.check(2)
})

it('what was deleted while a target was away does not come back with it', async () => {
  await fill()
  const [lost] = targets
  if (lost === undefined) throw new Error('assert: there are targets')
  await yard.crash(lost)
  await until(gateway, 'the target is out of the map', () => {
    return gateway.metadata.smap().targets.size === 1
  })
  await change(4)
  await change(9)
  const back = await addTarget(0)
  await back.joined
  await change(6)
  await ledger.check()
  await rebalanced(gateway.metadata.rmd().version)
  await ledger.check()
})

it('nor does a `null` version, of which nobody knew when it was written', async () => {
  await ledger.setVersioning('Suspended')
  for (const key of keys) await ledger.put(key)
  await ledger.setVersioning('Enabled')
  const [lost] = targets
  if (lost === undefined) throw new Error('assert: there are targets')
  await yard.crash(lost)
  await until(gateway, 'the target is out of the map', () => {
    return gateway.metadata.smap().targets.size === 1
  })
  for (const key of keys) await ledger.mark(key)
  for (const key of keys) await ledger.remove(key, 'null')
  await (await addTarget(0)).joined
  await ledger.check()
  await rebalanced(gateway.metadata.rmd().version)
  await ledger.check()
})

it('versions leave a target that goes into maintenance', async () => {
  await fill()
  const [leaving] = targets
  if (leaving === undefined) throw new Error('assert: there are targets')
  const reply = await act(gateway, 'start-maintenance', { sid: idOf(leaving) })
  const id = await reply.text()
  await change(3)
  await rebalanced(Number(id.slice(1)))
  await leaving.stop({ graceMs: 0, withCluster: true })
  await ledger.check()
})

interface Disks {
  available: string[]
  waiting_dd: string[]
}

it('versions stay together when disks leave and come back with old ones', async () => {
  const [target] = targets
  if (target === undefined) throw new Error('assert: there are targets')
  const headers = { 'Ais-Node-Id': idOf(target) }
  const url = `${urlOf(gateway)}/v1/reverse/daemon`
  const disks = async () =>
    (await (await fetch(`${url}?what=mountpaths`, { headers })).json()) as Disks
  /** As soon as the target is not busy with its disks any more. */
  const act = async (action: string, path: string, query = '') => {
    const init = { method: 'POST', headers, body: JSON.stringify({ action, value: path }) }
    await vi.waitFor(async () => {
      expect((await fetch(`${url}/mountpaths${query}`, init)).status).toBe(200)
    }, patience)
    await vi.waitFor(async () => expect((await disks()).waiting_dd).toEqual([]), patience)
  }
  await fill()
  const [path = ''] = (await disks()).available
  // Its objects move to the other disk, then back.
  await act('disable-mp', path)
  await ledger.check()
  await act('enable-mp', path)
  await change(5)
  await ledger.check()
  // At once, with what is on it.
  await act('disable-mp', path, '?dntres=true')
  await change(4)
  await change(9)
  await act('enable-mp', path)
  await change(6)
  await ledger.check()
})

it('a renamed bucket keeps its versions', async () => {
  await fill()
  const reply = await fetch(
    `${urlOf(gateway)}/v1/buckets/b?bck_to=${encodeURIComponent('ais/@#/c/')}`,
    {
      method: 'POST',
      body: JSON.stringify({ action: 'move-bck', name: '', value: null }),
    },
  )
  expect(reply.status).toBe(200)
  bucket = 'c'
  await change(4)
  await ledger.check()
  await rebalanced(gateway.metadata.rmd().version)
  await ledger.check()
})
