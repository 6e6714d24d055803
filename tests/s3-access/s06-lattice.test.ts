import { s3Operations } from '@aistore-ts/core/api/s3/registry.ts'
import { accessBits } from '@aistore-ts/core/node/access.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bucket, key, operationTable, type Row } from './operation-table.ts'
import { SignedClient } from './signed-client.ts'

/** Decided by its fields, in tests of its own. */
const elsewhere = ['PostObject']
const clusterWide = ['LIST-BUCKETS', 'CREATE-BUCKET', 'DESTROY-BUCKET', 'SHOW-CLUSTER']
const bits = Object.keys(accessBits) as (keyof typeof accessBits)[]
const userOf = (scope: string, bit: string) => `${scope}-${bit}`

let s3: SignedClient
let uploadId = ''

beforeAll(async () => {
  s3 = await SignedClient.start()
  await s3.addUser('root', { admin: true })
  await s3.addUser('owner')
  await s3.addUser('stranger')
  const uuid = await (await fetch(`${s3.server.endpoint}/v1/daemon?what=smap`)).json()
  for (const bit of bits) {
    const perm = String(1n << BigInt(accessBits[bit]))
    await s3.addUser(userOf('all', bit), { clusters: [{ id: '', perm }] })
    const namespace = { uuid: uuid.uuid, name: '' }
    const everything = String(2n ** 64n - 1n)
    await s3.addUser(userOf('bck', bit), {
      clusters: [{ id: '', perm: everything }],
      buckets: [{ bck: { name: 'lattice', provider: 'ais', namespace }, perm }],
    })
  }
  await s3.ask('owner', { method: 'PUT', path: bucket })
  await s3.ask('owner', { method: 'PUT', path: key, body: 'content' })
  const begun = await s3.ask('owner', { method: 'POST', path: `${key}?uploads` })
  uploadId = /<UploadId>(.*)<\/UploadId>/.exec(begun.text)?.[1] ?? ''
}, 60_000)
afterAll(() => s3.server.stop())

async function isLetIn(user: string | undefined, { ask }: Row): Promise<boolean> {
  const path = ask.path.replace('UPLOAD', uploadId)
  const { status, code, text } = await s3.ask(user, { ...ask, path })
  // A HEAD has no document.
  if (ask.method === 'HEAD') return status !== 403
  return code !== 'AccessDenied' && !text.includes('<Code>AccessDenied</Code>')
}

describe('S06: who may call what', () => {
  it('is told for every operation there is', () => {
    const names = s3Operations.map(({ name }) => name).filter((name) => !elsewhere.includes(name))
    expect(names.toSorted()).toEqual(Object.keys(operationTable).toSorted())
  })

  it.each(Object.entries(operationTable))(
    '%s',
    async (_, row) => {
      const needed = [row.needs, ...(row.and ? [row.and] : [])]
      const roles: [string | undefined, boolean][] = [
        ['root', true],
        ['owner', true],
        ['stranger', row.needs === 'LIST-BUCKETS' || row.needs === 'CREATE-BUCKET'],
        [undefined, false],
      ]
      const isOfCluster = clusterWide.includes(row.needs)
      for (const bit of bits) {
        const isEnough = needed.every((need) => need === bit)
        roles.push([userOf('all', bit), isEnough])
        // An entry of the bucket alone decides about what is in it, whatever is open in the cluster.
        roles.push([userOf('bck', bit), isOfCluster || isEnough])
      }
      const told = await Promise.all(
        roles.map(async ([user, expected]) => {
          if ((await isLetIn(user, row)) === expected) return []
          return [`${user ?? 'anonymous'} ${expected ? 'is not let in' : 'is let in'}`]
        }),
      )
      expect(told.flat()).toEqual([])
    },
    30_000,
  )

  it('left everything as it was', async () => {
    expect((await s3.ask('owner', { method: 'GET', path: key })).text).toBe('content')
    const listed = await s3.ask('owner', { method: 'GET', path: bucket })
    expect(listed.text.match(/<Contents>/g)).toHaveLength(1)
  })
})
