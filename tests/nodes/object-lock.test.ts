import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openYard, until, urlOf, type Yard } from './yard.ts'

let yard: Yard
let gateway: RunningNode
let targets: RunningNode[]

const addTarget = (index: number) => yard.start('target', index, { joinUrl: urlOf(gateway) })

beforeEach(async () => {
  yard = await openYard()
  gateway = await yard.start('proxy', 0, {})
  targets = [await addTarget(0), await addTarget(1)]
  await Promise.all(targets.map((target) => target.joined))
})

afterEach(() => yard.close())

const s3 = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${urlOf(gateway)}/s3/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })

const inMap = () => gateway.metadata.smap().targets.size

/** The target that has the object: the other one sends its callers there. */
async function ownerOf(path: string): Promise<number> {
  const answers = await Promise.all(
    targets.map((target) => fetch(`${urlOf(target)}/v1/objects/${path}`, { redirect: 'manual' })),
  )
  return answers.findIndex(({ status }) => status === 200)
}

it('a locked version is neither deleted nor goes with its bucket while the target that has it is away', async () => {
  await s3('PUT', 'bucket', { 'x-amz-bucket-object-lock-enabled': 'true' })
  const locked = {
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': '2100-01-01T00:00:00Z',
  }
  const put = await s3('PUT', 'bucket/k', locked, 'kept')
  const id = put.headers.get('x-amz-version-id')
  const index = await ownerOf('bucket/k')
  const owner = targets[index]
  if (owner === undefined) throw new Error('assert: somebody has it')
  await yard.crash(owner)
  await until(gateway, 'the target is out of the map', () => inMap() === 1)

  expect((await s3('DELETE', `bucket/k?versionId=${id}`)).status).toBe(503)
  expect((await s3('DELETE', 'bucket')).status).toBe(503)
  const destroyed = await fetch(`${urlOf(gateway)}/v1/buckets/bucket`, {
    method: 'DELETE',
    body: JSON.stringify({ action: 'destroy-bck' }),
  })
  expect(destroyed.status).toBe(503)

  await (await addTarget(index)).joined
  await until(gateway, 'everything is where it belongs', () => {
    const rmd = gateway.metadata.rmd()
    return rmd.completed >= rmd.version
  })
  const answer = await s3('GET', `bucket/k?versionId=${id}`)
  expect(await answer.text()).toBe('kept')
  expect(answer.headers.get('x-amz-object-lock-mode')).toBe('COMPLIANCE')
})

it('nobody says that a bucket is empty when nobody can know', async () => {
  await s3('PUT', 'bucket')
  await s3('PUT', 'bucket/k', {}, 'kept')
  for (const target of targets) await yard.crash(target)
  await until(gateway, 'no target is in the map', () => inMap() === 0)
  for (const query of ['?list-type=2', '?versions']) {
    expect((await s3('GET', `bucket${query}`)).status).toBe(503)
  }
  expect((await s3('DELETE', 'bucket')).status).toBe(503)
})
