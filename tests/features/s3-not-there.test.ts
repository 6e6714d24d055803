import { s3Operations } from '@aistore-ts/core/api/s3/registry.ts'
import { startServer, type TestServer } from '@aistore-ts/node-daemon/test-server/test-server.ts'
import * as sdk from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: TestServer
let s3: sdk.S3Client

beforeAll(async () => {
  server = await startServer()
  const { endpoint, region, credentials } = server
  s3 = new sdk.S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })
  await s3.send(new sdk.CreateBucketCommand({ Bucket: 'bucket' }))
  await s3.send(new sdk.PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'content' }))
})
afterAll(async () => {
  s3.destroy()
  await server.stop()
})

/** These go to hosts of their own at Amazon's, and look here as what they resemble. */
const elsewhere = ['ListDirectoryBuckets', 'WriteGetObjectResponse']

const there = new Set(s3Operations.map(({ name }) => name))

/** What the SDK can call and this store has not. */
const missing = Object.entries(sdk).flatMap(([exported, value]) => {
  const name = exported.replace(/Command$/, '')
  const isCommand = name !== exported && name !== '$' && typeof value === 'function'
  return isCommand && !there.has(name) && !elsewhere.includes(name) ? [name] : []
})

/** Whatever any of them puts into a target. */
const input = { Bucket: 'bucket', Key: 'key', Id: 'x', UploadId: 'x', AnnotationName: 'x' }

it('F14.12: what is not there is told so, each operation by 501, and changes nothing', async () => {
  expect(missing.length).toBeGreaterThan(30)
  const told: string[] = []
  for (const name of missing) {
    const made: unknown = Reflect.construct(Reflect.get(sdk, `${name}Command`), [input])
    const failure = await s3.send(made as sdk.HeadBucketCommand).then(
      () => 'was taken',
      (error: { name: string; $metadata?: { httpStatusCode?: number } }) =>
        `${error.$metadata?.httpStatusCode} ${error.name}`,
    )
    if (failure !== '501 NotImplemented') told.push(`${name}: ${failure}`)
  }
  expect(told).toEqual([])
  const got = await s3.send(new sdk.GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
  expect(await got.Body?.transformToString()).toBe('content')
  const listed = await s3.send(new sdk.ListObjectsV2Command({ Bucket: 'bucket' }))
  expect(listed.KeyCount).toBe(1)
})
