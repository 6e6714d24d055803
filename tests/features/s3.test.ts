import { createHash } from 'node:crypto'
import { startServer, type TestServer } from '@aistore-ts/node-daemon/test-server/test-server.ts'
import {
  BucketAlreadyExists,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  NoSuchBucket,
  NoSuchKey,
  NoSuchUpload,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SignedClient } from '../s3-access/signed-client.ts'

let server: TestServer
let s3: S3Client

const clientOf = (endpoint: string, { region, credentials }: TestServer) =>
  new S3Client({ endpoint, region, credentials, forcePathStyle: true })

beforeAll(async () => {
  server = await startServer({ proxies: 2, targets: 2 })
  s3 = clientOf(server.endpoint, server)
})
afterAll(async () => {
  s3.destroy()
  await server.stop()
})

const makeBucket = (Bucket: string) => s3.send(new CreateBucketCommand({ Bucket }))

it('F14.01: buckets are listed, made, deleted and looked at; an unknown one is told by its name', async () => {
  const Bucket = 'f14-01'
  await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toBeInstanceOf(NotFound)
  await makeBucket(Bucket)
  await s3.send(new HeadBucketCommand({ Bucket }))
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
  expect(Buckets.map(({ Name }) => Name)).toContain(Bucket)
  await s3.send(new DeleteBucketCommand({ Bucket }))
  const get = s3.send(new GetObjectCommand({ Bucket, Key: 'x' }))
  await expect(get).rejects.toMatchObject({ name: 'NoSuchBucket' })
})

it('F14.02: an object comes back with its headers and metadata, by ranges and parts, under its MD5', async () => {
  const Bucket = 'f14-02'
  await makeBucket(Bucket)
  const Body = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251))
  const headers = {
    ContentType: 'text/x-rows',
    CacheControl: 'max-age=7',
    ContentDisposition: 'attachment; filename="a b"',
    ContentEncoding: 'x-none',
    ContentLanguage: 'de',
    Metadata: { colour: 'green', 'two-words': 'a  b' },
  }
  await s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body, ...headers }))
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'key' }))
  const tag = `"${createHash('md5').update(Body).digest('hex')}"`
  expect(head).toMatchObject({ ...headers, ContentLength: Body.length, ETag: tag })
  const part = { Range: 'bytes=1000-1999' }
  const ranged = await s3.send(new GetObjectCommand({ Bucket, Key: 'key', ...part }))
  expect(ranged.ContentRange).toBe('bytes 1000-1999/300000')
  const bytes = Buffer.from((await ranged.Body?.transformToByteArray()) ?? [])
  expect(bytes.equals(Body.subarray(1_000, 2_000))).toBe(true)
  const first = await s3.send(new GetObjectCommand({ Bucket, Key: 'key', PartNumber: 1 }))
  expect((await first.Body?.transformToByteArray())?.length).toBe(Body.length)
})

describe('F14.03: a listing', () => {
  const Bucket = 'f14-03'
  const keys = Array.from(
    { length: 2_500 },
    (_, at) => `top-${at % 3}/mid ${at % 7}/leaf-${String(at).padStart(5, '0')}`,
  )

  beforeAll(async () => {
    await makeBucket(Bucket)
    let next = 0
    const writer = async () => {
      for (let key = keys[next++]; key !== undefined; key = keys[next++])
        await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: 'x' }))
    }
    await Promise.all(Array.from({ length: 16 }, writer))
  }, 60_000)

  async function listed(options: { Prefix?: string; Delimiter?: string; StartAfter?: string }) {
    const found: string[] = []
    let pages = 0
    const input = { Bucket, EncodingType: 'url' as const, ...options }
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 300 }, input)) {
      pages++
      found.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix))
      found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key))
    }
    return { found: found.map((name) => decodeURIComponent(name.replaceAll('+', ' '))), pages }
  }

  it('of 2,500 keys comes in pages, each key once and in order', async () => {
    const { found, pages } = await listed({})
    expect(found).toEqual(keys.toSorted())
    expect(pages).toBe(9)
  })

  it('by a delimiter goes down three levels', async () => {
    expect((await listed({ Delimiter: '/' })).found).toEqual(['top-0/', 'top-1/', 'top-2/'])
    const mid = Array.from({ length: 7 }, (_, at) => `top-1/mid ${at}/`)
    expect((await listed({ Delimiter: '/', Prefix: 'top-1/' })).found).toEqual(mid)
    const Prefix = 'top-1/mid 4/'
    const leaves = keys.filter((key) => key.startsWith(Prefix)).toSorted()
    expect((await listed({ Delimiter: '/', Prefix })).found).toEqual(leaves)
    const StartAfter = leaves[10] ?? ''
    expect((await listed({ Delimiter: '/', Prefix, StartAfter })).found).toEqual(leaves.slice(11))
  })
})

it('F14.06: a client raises its own exception for each error', async () => {
  const Bucket = 'f14-06'
  await makeBucket(Bucket)
  const key = { Bucket, Key: 'none' }
  await expect(s3.send(new GetObjectCommand(key))).rejects.toBeInstanceOf(NoSuchKey)
  await expect(s3.send(new HeadObjectCommand(key))).rejects.toBeInstanceOf(NotFound)
  const other = { Bucket: 'f14-06-none', Key: 'none' }
  await expect(s3.send(new GetObjectCommand(other))).rejects.toMatchObject({
    name: NoSuchBucket.name,
  })
  const upload = { ...key, UploadId: 'x' }
  const part = new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' })
  await expect(s3.send(part)).rejects.toMatchObject({ name: NoSuchUpload.name })
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: 'x' }] }
  const whole = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload })
  await expect(s3.send(whole)).rejects.toMatchObject({ name: NoSuchUpload.name })
  const bob = await secondUser()
  await expect(bob.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: BucketAlreadyExists.name,
  })
  bob.destroy()
})

/** A client of another user, who may make buckets. */
async function secondUser(): Promise<S3Client> {
  const post = async (path: string, body: object) => {
    const url = `${server.nativeEndpoint}/v1/credentials/${path}`
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    return await answer.json()
  }
  await post('users', { id: 'bob' })
  const made = await post('keys', { user: 'bob' })
  const credentials = { accessKeyId: made.access_key, secretAccessKey: made.secret_key }
  return clientOf(server.endpoint, { ...server, credentials })
}

const digest = (algorithm: string, text: string) =>
  createHash(algorithm).update(text).digest('base64')
const hex = (text: string) => Buffer.from(text, 'hex').toString('base64')

/** Each with the value that is published for `content`. */
const sums: readonly (readonly [algorithm: string, content: string, value: string])[] = [
  ['CRC32', '123456789', hex('cbf43926')],
  ['CRC32C', '123456789', hex('e3069283')],
  ['CRC64NVME', '123456789', hex('ae8b14860a799888')],
  ['SHA1', 'abc', digest('sha1', 'abc')],
  ['SHA256', 'abc', digest('sha256', 'abc')],
  ['SHA512', 'abc', digest('sha512', 'abc')],
  ['MD5', 'abc', digest('md5', 'abc')],
  ['XXHASH64', '', hex('ef46db3751d8e999')],
  ['XXHASH3', '', hex('2d06800538d394c2')],
  ['XXHASH128', '', hex('99aa06d3014798d86001c324468d497f')],
]

describe('F14.23: a checksum', () => {
  let client: SignedClient

  beforeAll(async () => {
    client = await SignedClient.start()
    await client.addUser('ann')
    await client.ask('ann', { method: 'PUT', path: '/sums' })
  })
  afterAll(() => client.server.stop())

  it.each(sums)('by %s of "%s" is checked, kept and told', async (algorithm, body, value) => {
    const path = `/sums/${algorithm}`
    const name = `x-amz-checksum-${algorithm.toLowerCase()}`
    const put = { method: 'PUT', path, body }
    const flipped = await client.ask('ann', {
      ...put,
      body: `${body}!`,
      headers: { [name]: value },
    })
    expect(flipped.code).toBe('BadDigest')
    expect((await client.ask('ann', { method: 'GET', path })).code).toBe('NoSuchKey')
    const stored = await client.ask('ann', { ...put, headers: { [name]: value } })
    expect([stored.status, stored.headers.get(name)]).toEqual([200, value])
    const mode = { 'x-amz-checksum-mode': 'ENABLED' }
    const got = await client.ask('ann', { method: 'GET', path, headers: mode })
    expect([got.text, got.headers.get(name)]).toEqual([body, value])
    const attributes = await client.ask('ann', {
      method: 'GET',
      path: `${path}?attributes`,
      headers: { 'x-amz-object-attributes': 'Checksum' },
    })
    expect(attributes.text).toContain(`<Checksum${algorithm}>${value}</Checksum${algorithm}>`)
  })

  it('of the SDK is told by the SDK', async () => {
    const Bucket = 'f14-23'
    await makeBucket(Bucket)
    for (const ChecksumAlgorithm of ['CRC32', 'SHA1', 'SHA256'] as const) {
      const key = { Bucket, Key: ChecksumAlgorithm }
      const put = await s3.send(new PutObjectCommand({ ...key, Body: 'abc', ChecksumAlgorithm }))
      const told = await s3.send(
        new GetObjectAttributesCommand({ ...key, ObjectAttributes: ['Checksum'] }),
      )
      const field = `Checksum${ChecksumAlgorithm}` as const
      expect(told.Checksum?.[field]).toBe(put[field])
    }
  })
})

it('F14.24: of 100 who want to make one object, at both gateways, exactly one does', async () => {
  const client = await SignedClient.start()
  try {
    await client.addUser('ann')
    await client.ask('ann', { method: 'PUT', path: '/race' })
    const told = await Promise.all(
      Array.from({ length: 100 }, (_, at) => {
        const headers = { 'if-none-match': '*' }
        return client.ask(
          'ann',
          { method: 'PUT', path: '/race/key', body: `${at}`, headers },
          at % 2,
        )
      }),
    )
    const winners = told.flatMap(({ status }, at) => (status === 200 ? [at] : []))
    expect(winners).toHaveLength(1)
    for (const { status, code } of told)
      if (status !== 200)
        expect(['PreconditionFailed', 'ConditionalRequestConflict']).toContain(code)
    const got = await client.ask('ann', { method: 'GET', path: '/race/key' })
    expect(got.text).toBe(`${winners[0]}`)
  } finally {
    await client.server.stop()
  }
}, 30_000)
