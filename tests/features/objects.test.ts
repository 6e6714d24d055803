import { startServer, type TestServer } from '@aistore-ts/node-daemon/test-server/test-server.ts'
import { Client } from '@aistore-ts/sdk/client.ts'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'

const clientOf = ({ endpoint, region, credentials }: TestServer) =>
  new S3Client({ endpoint, region, credentials, forcePathStyle: true })

describe('F4.15: a long name', () => {
  it.each([
    ['in one piece', (bytes: number) => 'n'.repeat(bytes)],
    [
      'in many',
      (bytes: number) =>
        'ab/'
          .repeat(bytes)
          .slice(0, bytes - 1)
          .concat('z'),
    ],
    [
      'of three-byte characters',
      (bytes: number) => '猫'.repeat(bytes / 3).padEnd(bytes - 2 * Math.floor(bytes / 3), 'x'),
    ],
  ])(
    '%s is written, read, listed and deleted: 3,000 bytes natively, 1,024 by S3',
    async (_, of) => {
      await using server = await startServer({ targets: 2 })
      const native = new Client(server.nativeEndpoint)
      const bucket = native.bucket('ais://long')
      await bucket.create()
      const name = of(3_000)
      expect(Buffer.byteLength(name)).toBe(3_000)
      await bucket.object(name).put('natively')
      expect((await Array.fromAsync(bucket.list())).map((entry) => entry.name)).toEqual([name])
      expect(await (await bucket.object(name).get()).text()).toBe('natively')
      await bucket.object(name).delete()
      await expect(bucket.object(of(3_001)).put('x')).rejects.toThrow()

      const s3 = clientOf(server)
      const Bucket = 'long'
      const Key = of(1_024)
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'by S3' }))
      const listed = await s3.send(new ListObjectsV2Command({ Bucket }))
      expect(listed.Contents?.map((entry) => entry.Key)).toEqual([Key])
      const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
      expect(await got.Body?.transformToString()).toBe('by S3')
      await s3.send(new DeleteObjectCommand({ Bucket, Key }))
      const longer = s3.send(new PutObjectCommand({ Bucket, Key: of(1_025), Body: 'x' }))
      await expect(longer).rejects.toMatchObject({ name: 'KeyTooLongError' })
      expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
      s3.destroy()
      native.close()
    },
  )
})
