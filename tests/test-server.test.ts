import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { startServer, type TestServer } from '@aistore-ts/node-daemon/test-server/test-server.ts'
import { serverFixture } from '@aistore-ts/node-daemon/test-server/vitest-fixture.ts'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'

const clientOf = ({ endpoint, region, credentials }: TestServer) =>
  new S3Client({ endpoint, region, credentials, forcePathStyle: true })

const memory = '/dev/shm'
const folders = async () =>
  existsSync(memory) ? (await readdir(memory)).filter((name) => name.startsWith('aistore-')) : []

const withServer = test.extend<{ aistore: TestServer }>({
  aistore: [serverFixture({ targets: 2 }), { scope: 'file' }],
})

withServer(
  "a fixture of vitest: Amazon's client has nothing but endpoint and keys",
  async ({ aistore }) => {
    const s3 = clientOf(aistore)
    await s3.send(new CreateBucketCommand({ Bucket: 'shared' }))
    await s3.send(new PutObjectCommand({ Bucket: 'shared', Key: 'a', Body: 'content' }))
    const got = await s3.send(new GetObjectCommand({ Bucket: 'shared', Key: 'a' }))
    expect(await got.Body?.transformToString()).toBe('content')
    s3.destroy()
  },
)

withServer(
  'reset() takes everything away, what is locked as well, and leaves keys and endpoints',
  async ({ aistore }) => {
    const s3 = clientOf(aistore)
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1)
    const Bucket = 'locked'
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }))
    await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'x' }))
    await s3.send(
      new PutObjectLegalHoldCommand({ Bucket, Key: 'kept', LegalHold: { Status: 'ON' } }),
    )
    await fetch(`${aistore.nativeEndpoint}/v1/credentials/users`, {
      method: 'POST',
      body: '{"id":"ann"}',
    })
    const before = await folders()
    await aistore.reset()
    expect((await folders()).length).toBeLessThanOrEqual(before.length)
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([])
    const users = await fetch(`${aistore.nativeEndpoint}/v1/credentials/users`)
    expect((await users.json()).map(({ id }: { id: string }) => id)).toEqual(['admin'])
    await s3.send(new CreateBucketCommand({ Bucket }))
    s3.destroy()
  },
)

test('await using: two clusters in one process, each with its own keys, both gone afterwards', async () => {
  let endpoints: string[] = []
  {
    await using one = await startServer()
    await using two = await startServer({ config: { s3: { semantics: 'aistore' } } })
    endpoints = [one.endpoint, two.endpoint, one.nativeEndpoint, two.nativeEndpoint]
    expect(new Set(endpoints).size).toBe(4)
    const mixed = { ...one, credentials: two.credentials }
    const stranger = clientOf(mixed)
    await expect(stranger.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'InvalidAccessKeyId',
    })
    const s3 = clientOf(two)
    await s3.send(new CreateBucketCommand({ Bucket: 'own' }))
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: 'own',
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    )
    stranger.destroy()
    s3.destroy()
  }
  for (const endpoint of endpoints) await expect(fetch(endpoint)).rejects.toThrow()
})
