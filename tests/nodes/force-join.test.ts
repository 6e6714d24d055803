import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, expect, it } from 'vitest'
import {
  createBucket,
  getObject,
  idOf,
  leads,
  openYard,
  putObject,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

const timeout = 120_000

const yards: Yard[] = []
afterEach(async () => {
  await Promise.all(yards.splice(0).map((yard) => yard.close()))
})

interface Place {
  readonly yard: Yard
  readonly gateways: RunningNode[]
  readonly targets: RunningNode[]
}

async function cluster(proxies: number, targets: number): Promise<Place> {
  const yard = await openYard()
  yards.push(yard)
  const first = await yard.start('proxy', 0)
  const joinUrl = urlOf(first)
  const gateways = [first]
  for (let i = 1; i < proxies; i++) gateways.push(await yard.start('proxy', i, { joinUrl }))
  const stores: RunningNode[] = []
  for (let i = 0; i < targets; i++) stores.push(await yard.start('target', i + 10, { joinUrl }))
  await Promise.all([...gateways, ...stores].map(({ joined }) => joined))
  return { yard, gateways, targets: stores }
}

const names = Array.from({ length: 40 }, (_, i) => `object-${i}`)

async function fill({ gateways: [gateway] }: Place, bucket: string): Promise<void> {
  if (gateway === undefined) throw new Error('assert: a gateway')
  expect((await createBucket(gateway, bucket)).status).toBe(200)
  for (const name of names)
    expect(await putObject(gateway, `${bucket}/${name}`, `${bucket} ${name}`)).toBe(200)
}

async function expectAll(gateway: RunningNode, bucket: string): Promise<void> {
  for (const name of names)
    expect(await getObject(gateway, `${bucket}/${name}`), name).toBe(`${bucket} ${name}`)
}

const force = (at: RunningNode, to: RunningNode, id = idOf(to)): Promise<Response> =>
  fetch(`${urlOf(at)}/v1/cluster/proxy/${id}?frc=true&can=${encodeURIComponent(urlOf(to))}`, {
    method: 'PUT',
  })

const uuidOf = (node: RunningNode): string => node.metadata.smap().uuid
const head = ({ gateways: [first] }: Place): RunningNode => {
  if (first === undefined) throw new Error('assert: a gateway')
  return first
}
const isWhole = (node: RunningNode, targets: number) => {
  const { version, completed } = node.metadata.rmd()
  return node.metadata.smap().targets.size === targets && completed === version
}

it('one cluster gives itself up for another: one is left, with the objects of both', {
  timeout,
}, async () => {
  const loser = await cluster(2, 2)
  const winner = await cluster(1, 2)
  await fill(loser, 'ours')
  await fill(winner, 'theirs')
  const [first, second] = loser.gateways
  if (first === undefined || second === undefined) throw new Error('assert: two gateways')
  const uuid = uuidOf(head(winner))

  const reply = await force(second, head(winner))
  expect(await reply.text()).toBe('')
  expect(reply.status).toBe(200)
  const nodes = [...loser.gateways, ...loser.targets, ...winner.gateways, ...winner.targets]
  await until(head(winner), 'all are in one map', () => isWhole(head(winner), 4))
  for (const node of nodes)
    await until(node, 'it is in the winner', () => uuidOf(node) === uuid && isWhole(node, 4))
  expect(nodes.filter(leads).map(idOf)).toEqual([idOf(head(winner))])
  for (const gateway of [...loser.gateways, ...winner.gateways]) {
    await expectAll(gateway, 'ours')
    await expectAll(gateway, 'theirs')
  }
  expect((await createBucket(second, 'after')).status).toBe(200)

  // Their disks and folders know it as well.
  const [moved] = loser.targets
  if (moved === undefined) throw new Error('assert: a target')
  await moved.stop()
  const again = await loser.yard.start('target', 10)
  await again.joined
  expect(uuidOf(again)).toBe(uuid)
})

it('refuses before anything is done', { timeout }, async () => {
  const loser = await cluster(1, 1)
  const winner = await cluster(2, 1)
  const [, follower] = winner.gateways
  if (follower === undefined) throw new Error('assert: two gateways')
  await fill(loser, 'shared')
  await fill(winner, 'shared')
  const uuid = uuidOf(head(loser))
  const shadowed = await force(head(loser), head(winner))
  expect(shadowed.status).toBe(409)
  expect(await shadowed.text()).toContain('ais://shared')
  expect((await force(head(loser), head(winner), idOf(follower))).status).toBe(400)
  expect((await force(head(loser), head(winner), 'nosuch')).status).toBe(400)
  expect(uuidOf(head(loser))).toBe(uuid)
  expect((await createBucket(head(loser), 'more')).status).toBe(200)
  await expectAll(head(loser), 'shared')
})

it('goes on when the last primary dies right after its word, and takes stragglers along', {
  timeout,
}, async () => {
  const loser = await cluster(3, 2)
  const winner = await cluster(1, 1)
  await fill(loser, 'ours')
  const away = loser.targets[1]
  if (away === undefined) throw new Error('assert: two targets')
  const uuid = uuidOf(head(winner))
  const asked = force(head(loser), head(winner)).catch(() => undefined)
  await until(
    head(loser),
    'its word is in force',
    () => head(loser).metadata.smap().absorbedBy !== undefined,
  )
  await Promise.all([loser.yard.crash(head(loser)), loser.yard.crash(away)])
  await asked
  for (const node of [...loser.gateways.slice(1), ...loser.targets.slice(0, 1)]) {
    await until(node, 'it has gone over', () => uuidOf(node) === uuid)
  }
  const back = await loser.yard.start('target', 11)
  await until(back, 'the straggler has gone over', () => uuidOf(back) === uuid)
  await until(head(winner), 'all targets are there', () => isWhole(head(winner), 3))
  await expectAll(head(winner), 'ours')
})
