import { limits } from '../../config/limits.ts'
import { corsDocument, parseCorsDocument } from '../../s3/access/cors-rules.ts'
import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

/** GET of a bucket with `cors`. */
export const getBucketCors = s3Operation({
  name: 'GetBucketCors',
  method: 'GET',
  on: 'bucket',
  query: ['cors'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const { cors } = props.s3
    if (cors !== undefined) return xmlReply(corsDocument(cors))
    throw new S3Error('NoSuchCORSConfiguration', { fields: [['BucketName', bucket]] })
  },
})

/** PUT of a bucket with `cors`. */
export const putBucketCors = s3Operation({
  name: 'PutBucketCors',
  method: 'PUT',
  on: 'bucket',
  query: ['cors'],
  access: 'PATCH',
  async proxy(s3, proxy) {
    const named = await namedBucket(proxy, s3.bucket, 'PATCH')
    const root = await verifiedXml(s3, proxy.platform, limits.jsonBytesMax, 'CORSConfiguration')
    await setS3PropsAnywhere(proxy, named, { cors: JSON.stringify(parseCorsDocument(root)) })
    return { status: 200, headers: [] }
  },
})

/** DELETE of a bucket with `cors`. */
export const deleteBucketCors = s3Operation({
  name: 'DeleteBucketCors',
  method: 'DELETE',
  on: 'bucket',
  query: ['cors'],
  access: 'PATCH',
  async proxy({ bucket }, proxy) {
    const named = await namedBucket(proxy, bucket, 'PATCH')
    await setS3PropsAnywhere(proxy, named, { cors: '' })
    return { status: 204, headers: [] }
  },
})
