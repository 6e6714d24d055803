import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { JobClient } from '../jobs/client.ts'
import {
  createBucket,
  idOf,
  openYard,
  primaryId,
  putObject,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

const timeout = 60_000

let yard: Yard
let gateways: RunningNode[]
let targets: RunningNode[]

beforeAll(async () => {
  yard = await openYard()
  const first = await yard.start('proxy', 0)
  const joinUrl = urlOf(first)
  gateways = [first]
  for (const index of [1, 2, 3, 4]) gateways.push(await yard.start('proxy', index, { joinUrl }))
  targets = [await yard.start('target', 0, { joinUrl }), await yard.start('target', 1, { joinUrl })]
  await Promise.all([...gateways, ...targets].map(({ joined }) => joined))
}, timeout)

afterAll(() => yard.close())

/** Names of nobody, more than a job looks at during a test. */
const endless = { template: `${'nobody'.repeat(100)}-{0..999999}` }

it('a job is known at every gateway while the members of the information center die, and ends as it should', {
  timeout,
}, async () => {
  const [first] = gateways
  if (first === undefined) throw new Error('assert: a gateway')
  expect((await createBucket(first, 'b')).status).toBe(200)
  for (const name of ['1', '2', '3']) expect(await putObject(first, `b/${name}`, name)).toBe(200)
  const id = await new JobClient(urlOf(first)).deleteObjects('b', endless)
  // The primary, which is a member and began the job, then the one that leads after it.
  for (let deaths = 0; deaths < 2; deaths++) {
    const leader = gateways.find((node) => idOf(node) === primaryId(node))
    if (leader === undefined) throw new Error('assert: a primary')
    await yard.crash(leader)
    gateways = gateways.filter((node) => node !== leader)
    for (const gateway of gateways) {
      const status = await new JobClient(urlOf(gateway)).status(id)
      expect(status).toMatchObject({ uuid: id, end_time: 0, aborted: false, err: '' })
    }
    for (const gateway of gateways) {
      await until(gateway, 'a new primary', () => primaryId(gateway) !== idOf(leader))
    }
  }
  const done = await new JobClient(urlOf(gateways[0] ?? first)).deleteObjects('b', {
    objnames: ['1'],
  })
  for (const gateway of gateways) {
    const client = new JobClient(urlOf(gateway))
    expect(await client.settled(done)).toMatchObject({ aborted: false, err: '' })
  }
  const last = new JobClient(urlOf(gateways[0] ?? first))
  await last.stop({ ID: id })
  for (const gateway of gateways) {
    expect(await new JobClient(urlOf(gateway)).settled(id)).toMatchObject({ aborted: true })
  }
})
