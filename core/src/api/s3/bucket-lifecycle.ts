import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { lifecycleDocument, parseLifecycleDocument } from '../../s3/lifecycle/lifecycle-document.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

/** 1,000 rules with a filter of their own. */
const bodyBytesMax = 1024 * 1024

const common = { on: 'bucket', query: ['lifecycle'] } as const

/** GET with `lifecycle`: the rules of a bucket. */
export const getBucketLifecycle = s3Operation({
  name: 'GetBucketLifecycleConfiguration',
  method: 'GET',
  ...common,
  access: 'HEAD-BUCKET',
  async proxy(s3, proxy) {
    const { props } = await namedBucket(proxy, s3.bucket, 'HEAD-BUCKET')
    const rules = props.s3.lifecycle
    if (rules === undefined) {
      throw new S3Error('NoSuchLifecycleConfiguration', { fields: [['BucketName', s3.bucket]] })
    }
    return xmlReply(lifecycleDocument(rules))
  },
})

/** PUT with `lifecycle`: all rules of a bucket are replaced. */
export const putBucketLifecycle = s3Operation({
  name: 'PutBucketLifecycleConfiguration',
  method: 'PUT',
  ...common,
  access: 'PATCH',
  async proxy(s3, proxy) {
    const bucket = await namedBucket(proxy, s3.bucket, 'PATCH')
    const root = await verifiedXml(s3, proxy.platform, bodyBytesMax, 'LifecycleConfiguration')
    const rules = parseLifecycleDocument(root)
    await setS3PropsAnywhere(proxy, bucket, { lifecycle: JSON.stringify(rules) })
    return { status: 200, headers: [] }
  },
})

/** DELETE with `lifecycle`: nothing of the bucket ends by itself any more. */
export const deleteBucketLifecycle = s3Operation({
  name: 'DeleteBucketLifecycle',
  method: 'DELETE',
  ...common,
  access: 'PATCH',
  async proxy(s3, proxy) {
    const bucket = await namedBucket(proxy, s3.bucket, 'PATCH')
    await setS3PropsAnywhere(proxy, bucket, { lifecycle: '' })
    return { status: 204, headers: [] }
  },
})
