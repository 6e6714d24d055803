import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { nodeLocalConfig } from '@aistore-ts/node-daemon/server/cluster-layout.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createBucket,
  getObject,
  idOf,
  openYard,
  putObject,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

const timeout = 60_000

let yard: Yard
let gateway: RunningNode
let stays: RunningNode
let leaves: RunningNode

const names = Array.from({ length: 60 }, (_, i) => `object-${i}`)

beforeAll(async () => {
  yard = await openYard()
  gateway = await yard.start('proxy', 0)
  stays = await yard.start('target', 1, { joinUrl: urlOf(gateway) })
  leaves = await yard.start('target', 2, { joinUrl: urlOf(gateway) })
  await Promise.all([gateway, stays, leaves].map(({ joined }) => joined))
  expect((await createBucket(gateway, 'b')).status).toBe(200)
  for (const name of names) expect(await putObject(gateway, `b/${name}`, 'first')).toBe(200)
}, timeout)

afterAll(() => yard.close())

function disk(method: string, action: string, value: string, direct = false): Promise<Response> {
  const body = JSON.stringify({ action, value })
  if (direct) return fetch(`${leaves.snode.controlNet.url}/v1/daemon/mountpaths`, { method, body })
  const headers = { 'Ais-Node-Id': idOf(leaves) }
  return fetch(`${urlOf(gateway)}/v1/reverse/daemon/mountpaths`, { method, headers, body })
}

const targets = () => [...gateway.metadata.smap().targets.keys()].sort()
const isRebalanced = () => {
  const { version, completed } = gateway.metadata.rmd()
  return completed === version
}

async function contents(): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>()
  for (const name of names) all.set(name, await getObject(gateway, `b/${name}`))
  return all
}

it('leaves the map with its last disk and returns with the first, nothing lost, nothing turned back', {
  timeout,
}, async () => {
  const { fspaths } = nodeLocalConfig(yard.dir, 'target', 2, { port: 0, mountpaths: 2 })
  const [one = '', other = ''] = Object.keys(fspaths)
  expect((await disk('POST', 'disable-mp', one)).status).toBe(200)
  for (;;) {
    const reply = await disk('POST', 'disable-mp', other)
    // The objects of the first are still on their way to the second.
    if (reply.status === 200) break
    expect(reply.status).toBe(409)
  }
  await until(gateway, 'it is out of the map', () => targets().length === 1)
  expect(targets()).toEqual([idOf(stays)])
  expect(leaves.standsAside()).toBe(true)

  const there = await contents()
  const readable = names.filter((name) => there.get(name) === 'first')
  expect(readable.length).toBeGreaterThan(0)
  expect(readable.length).toBeLessThan(names.length)
  const lost = names.filter((name) => !readable.includes(name))
  const [rewritten = ''] = lost
  expect(await putObject(gateway, `b/${rewritten}`, 'second')).toBe(200)

  // The gateway knows it still, and may ask it what it has.
  expect((await disk('POST', 'enable-mp', `${other}-else`)).status).toBe(404)
  // A restart changes nothing about it; its address is another one now.
  await leaves.stop()
  leaves = await yard.start('target', 2, { joinUrl: urlOf(gateway) })
  expect(leaves.standsAside()).toBe(true)

  expect((await disk('POST', 'enable-mp', other, true)).status).toBe(200)
  await until(gateway, 'it is back in the map', () => targets().length === 2)
  await until(gateway, 'objects are where the map has them', isRebalanced)
  for (const [name, content] of await contents()) {
    expect(content, name).toBe(name === rewritten ? 'second' : 'first')
  }
})
