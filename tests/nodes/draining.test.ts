import { snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  act,
  createBucket,
  flagsOf,
  getObject,
  idOf,
  openYard,
  putObject,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

let yard: Yard
let first: RunningNode
let second: RunningNode
let targets: RunningNode[]

const names = Array.from({ length: 48 }, (_, i) => `dir${i % 5}/o${i}`)
const drained = snodeFlags.maintenance | snodeFlags.maintenancePostRebalance

const targetAt = (at: number): RunningNode => {
  const target = targets[at]
  if (target === undefined) throw new Error(`assert: target ${at}`)
  return target
}
const rmdOf = (node: RunningNode) => node.metadata.rmd()

async function expectAllReadable(through: RunningNode): Promise<void> {
  const texts = await Promise.all(names.map((name) => getObject(through, `b/${name}`)))
  expect(texts).toEqual(names.map((name) => `content of ${name}`))
}

beforeEach(async () => {
  yard = await openYard()
  first = await yard.start('proxy', 0)
  const joinUrl = urlOf(first)
  second = await yard.start('proxy', 1, { joinUrl })
  targets = []
  for (let i = 0; i < 4; i++) targets.push(await yard.start('target', i, { joinUrl }))
  await Promise.all([first, second, ...targets].map(({ joined }) => joined))
  expect((await createBucket(first, 'b')).status).toBe(200)
  for (const name of names) {
    expect(await putObject(first, `b/${name}`, `content of ${name}`)).toBe(200)
  }
})

afterEach(() => yard.close())

it('maintenance of two in one call is one rebalance; their objects are elsewhere then, and come back', async () => {
  const sids = [0, 1].map((at) => idOf(targetAt(at)))
  const before = rmdOf(first).version
  const reply = await act(second, 'start-maintenance', { sids })
  expect(await reply.text()).toBe(`g${before + 1}`)
  await until(first, 'drained', () => sids.every((sid) => flagsOf(first, sid) === drained))
  expect(rmdOf(first)).toMatchObject({ version: before + 1, completed: before + 1 })
  expect(rmdOf(first).removal).toBeUndefined()
  await expectAllReadable(second)

  // Nobody needs them: they are gone, and nothing is missed.
  const again = await act(first, 'start-maintenance', { sids })
  expect([again.status, await again.text()]).toEqual([200, ''])
  expect((await act(first, 'shutdown-node', { sid: sids[0] })).status).toBe(200)
  await targetAt(0).gone
  await expectAllReadable(first)

  const back = await act(first, 'stop-maintenance', { sid: sids[1] })
  expect(await back.text()).toBe(`g${before + 2}`)
  await until(first, 'balanced', () => rmdOf(first).completed === before + 2)
  await expectAllReadable(first)
})

it('one that was not heard for long is waited for while it answers: its objects are nowhere else', async () => {
  const more = Array.from({ length: 1_000 }, (_, i) => `many/o${i}`)
  await Promise.all(more.map((name) => putObject(first, `b/${name}`, name)))
  const sid = idOf(targetAt(1))
  const before = rmdOf(first).version
  // As a farewell does it, so does a machine too busy for keepalives.
  const farewell = `${first.snode.controlNet.url}/v1/cluster/daemon/${sid}?stopping=true`
  let isOver = false
  const unheard = (async () => {
    while (!isOver) expect((await fetch(farewell, { method: 'DELETE' })).status).toBe(200)
  })()
  const reply = await act(first, 'start-maintenance', { sid })
  expect(await reply.text()).toBe(`g${before + 1}`)
  await until(first, 'balanced', () => rmdOf(first).completed === before + 1)
  isOver = true
  await unheard
  expect(rmdOf(first).absent).toEqual([])
  await expectAllReadable(second)
})

it('a decommissioned target goes when its objects are elsewhere', async () => {
  const target = targetAt(2)
  const reply = await act(first, 'decommission-node', { sid: idOf(target), rm_user_data: true })
  expect(await reply.text()).toMatch(/^g\d+$/)
  expect(await target.gone).toMatchObject({ removeUserData: true })
  await until(first, 'it is out of the map', () => flagsOf(first, idOf(target)) === undefined)
  await expectAllReadable(second)
})

it('the next primary finishes what the first one began', async () => {
  const target = targetAt(3)
  const reply = await act(first, 'decommission-node', { sid: idOf(target), rm_user_data: true })
  expect(await reply.text()).toMatch(/^g\d+$/)
  await yard.crash(first)
  expect(await target.gone).toMatchObject({ removeUserData: true })
  await until(second, 'it is out of the map', () => flagsOf(second, idOf(target)) === undefined)
  await expectAllReadable(second)
})

it('another change is refused while objects move; one that was stopped half way shows, and is completed by asking again', async () => {
  const [leaving, absent] = [targetAt(0), targetAt(3)]
  const sid = idOf(leaving)
  // A rebalance waits for it until it is out of the map.
  await yard.crash(absent)
  const reply = await act(first, 'start-maintenance', { sid })
  expect(await reply.text()).toMatch(/^g\d+$/)
  const refused = await act(second, 'start-maintenance', { sid: idOf(targetAt(1)) })
  expect(refused.status).toBe(409)
  expect(await refused.text()).toContain('rebalance')
  expect(flagsOf(first, idOf(targetAt(1)))).toBe(0)

  expect((await act(first, 'stop', { Kind: 'rebalance' })).status).toBe(200)
  expect(flagsOf(first, sid)).toBe(snodeFlags.maintenance)
  await until(first, 'the map without the other', () => flagsOf(first, idOf(absent)) === undefined)
  const back = await yard.start('target', 3, { joinUrl: urlOf(first) })
  await back.joined
  await until(first, 'balanced', () => rmdOf(first).completed === rmdOf(first).version)

  expect((await act(second, 'start-maintenance', { sid })).status).toBe(200)
  await until(first, 'drained', () => flagsOf(first, sid) === drained)
  await expectAllReadable(second)
})
