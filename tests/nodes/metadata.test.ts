import { objectUname } from '@aistore-ts/core/bucket/bck.ts'
import { parseBck } from '@aistore-ts/core/bucket/names.ts'
import { metasyncToJson } from '@aistore-ts/core/cluster/control/control-wire.ts'
import { hrwTarget } from '@aistore-ts/core/cluster/hrw.ts'
import { parseSmap } from '@aistore-ts/core/cluster/smap.ts'
import { parseJson, stringifyJson } from '@aistore-ts/core/wire/json.ts'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
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

const timeout = 120_000

let yard: Yard
let first: RunningNode
let second: RunningNode
const targets: RunningNode[] = []
const nodes = () => [first, second, ...targets]
const bmdVersion = (node: RunningNode) => node.metadata.bmd().version

async function addTarget(index: number): Promise<RunningNode> {
  const target = await yard.start('target', index, { joinUrl: urlOf(first) })
  await target.joined
  return target
}

beforeAll(async () => {
  yard = await openYard()
  first = await yard.start('proxy', 0)
  second = await yard.start('proxy', 1, { joinUrl: urlOf(first) })
  await Promise.all([first.joined, second.joined])
  for (const index of [10, 11]) targets.push(await addTarget(index))
}, timeout)

afterAll(() => yard.close())

it('a gateway tells the map: who is there, and one primary', async () => {
  const reply = await fetch(`${urlOf(second)}/v1/cluster?what=smap`)
  const smap = parseSmap(parseJson(await reply.text()))
  expect([...smap.proxies.keys()].sort()).toEqual([idOf(first), idOf(second)].sort())
  expect([...smap.targets.keys()].sort()).toEqual(targets.map(idOf).sort())
  expect(smap.primaryId).toBe(idOf(first))
})

it('a new node gives every node a newer map; an older one is not taken', { timeout }, async () => {
  const { smap: before } = first.control.state().committed
  const { committed: old, term } = first.control.state()
  targets.push(await addTarget(12))
  for (const node of nodes()) {
    await until(node, 'the newer map', () => node.metadata.smap().targets.size === 3)
    expect(node.metadata.smap().version).toBeGreaterThan(before.version)
  }
  const newer = first.control.state().committed
  const base = { term: 0, index: 0 }
  const message = {
    uuid: old.smap.uuid,
    primaryId: idOf(first),
    term,
    stamp: old.stamp,
    base,
    documents: old,
    inForce: old.stamp,
    committed: true,
  }
  for (const node of [second, ...targets]) {
    const send = async (older: typeof message) => {
      const body = stringifyJson(metasyncToJson(older))
      const url = `${node.snode.controlNet.url}/v1/metasync`
      return (await fetch(url, { method: 'PUT', body })).json()
    }
    // Replayed, and from whom was no primary of this term.
    await send(message)
    expect(await send({ ...message, term: term - 1 })).toMatchObject({ outcome: 'refused' })
    expect(node.metadata.smap().version).toBe(newer.smap.version)
    const foreign = stringifyJson(metasyncToJson({ ...message, uuid: 'another' }))
    const reply = await fetch(`${node.snode.controlNet.url}/v1/metasync`, {
      method: 'PUT',
      body: foreign,
    })
    expect(reply.status).toBe(400)
  }
})

it('any gateway takes a change, which is one version of the primary', { timeout }, async () => {
  expect((await createBucket(second, 'props')).status).toBe(200)
  const version = bmdVersion(first)
  const body = JSON.stringify({ action: 'set-bprops', value: { mirror: { burst_buffer: 64 } } })
  const reply = await fetch(`${urlOf(second)}/v1/buckets/props`, { method: 'PATCH', body })
  expect(reply.status).toBe(200)
  expect(bmdVersion(first)).toBe(version + 1)
  for (const node of nodes()) await until(node, 'it knows', () => bmdVersion(node) === version + 1)
})

it('a target that was away has the buckets of meanwhile at once', { timeout }, async () => {
  const [away] = targets
  if (away === undefined) throw new Error('assert: a target')
  await away.stop()
  for (const name of ['x', 'y', 'z']) {
    await until(first, 'the map without it', () => first.metadata.smap().targets.size === 2)
    expect((await createBucket(second, name)).status).toBe(200)
  }
  targets[0] = await addTarget(10)
  await until(
    targets[0],
    'all buckets',
    () => bmdVersion(first) === bmdVersion(targets[0] ?? first),
  )
})

it('objects are where anybody can compute, and read through one gateway as written through another', {
  timeout,
}, async () => {
  expect((await createBucket(first, 'many')).status).toBe(200)
  const smap = first.metadata.smap()
  const bck = parseBck('many', '', '')
  for (let at = 0; at < 1_000; at++) {
    const name = `object-${at}`
    const url = `${urlOf(first)}/v1/objects/many/${name}`
    const sent = await fetch(url, { method: 'PUT', body: name, redirect: 'manual' })
    const owner = hrwTarget(smap, objectUname(bck, name))
    expect(new URL(sent.headers.get('location') ?? '').origin).toBe(owner.publicNet.url)
    expect(await putObject(first, `many/${name}`, name)).toBe(200)
    expect(await getObject(second, `many/${name}`)).toBe(name)
  }
})
