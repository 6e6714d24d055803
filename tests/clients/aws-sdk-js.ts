import { deepEqual, equal, rejects } from 'node:assert/strict'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Client, Setting } from './client.ts'

async function useSdk({ endpoint, accessKey, secretKey, bucket: Bucket }: Setting): Promise<void> {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  // Not every machine resolves BUCKET.localhost, which is the default.
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket }))
  const large = Buffer.alloc(12 * 1024 * 1024, 'large and dull ')
  await new Upload({ client: s3, params: { Bucket, Key: 'large', Body: large } }).done()
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }))
  equal(Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), large), 0)
  const Key = 'a//b c/ü+%/'
  const put = { Bucket, Key, Body: 'small', Metadata: { who: 'me' }, ContentType: 'text/plain' }
  await s3.send(new PutObjectCommand(put))
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }))
  deepEqual([head.ContentLength, head.ContentType, head.Metadata], [5, 'text/plain', { who: 'me' }])
  const CopySource = encodeURIComponent(`${Bucket}/${Key}`)
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))
  await rejects(s3.send(new PutObjectCommand({ ...put, IfNoneMatch: '*' })), {
    name: 'PreconditionFailed',
  })
  await rejects(s3.send(new GetObjectCommand({ Bucket, Key: 'nothing' })), { name: 'NoSuchKey' })
  const keys: { Key: string }[] = []
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket })) {
    for (const { Key: key = '' } of page.Contents ?? []) keys.push({ Key: key })
  }
  deepEqual(
    keys.map((one) => one.Key),
    [Key, 'copy', 'large'],
  )
  const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys } }))
  equal(deleted.Deleted?.length, 3)
  await s3.send(new DeleteBucketCommand({ Bucket }))
  s3.destroy()
}

/** Amazon's SDK for JavaScript; its version is the one of the root package. */
export const awsSdkJs: Client = {
  name: 'aws-sdk-js v3',
  prepare: async () => '',
  async exercise(_, setting) {
    await useSdk(setting)
    return 'upload in parts, get, put, head, copy, conditions, pages, DeleteObjects'
  },
}
