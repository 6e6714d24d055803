import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { bucketLockDocument, parseBucketLock } from '../../s3/lock/lock-documents.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

const bodyBytesMax = 64 * 1024

const common = { on: 'bucket', query: ['object-lock'] } as const

export const getObjectLockConfiguration = s3Operation({
  ...common,
  name: 'GetObjectLockConfiguration',
  method: 'GET',
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const lock = props.s3.object_lock
    if (lock !== undefined) return xmlReply(bucketLockDocument(lock))
    throw new S3Error('ObjectLockConfigurationNotFoundError', { fields: [['BucketName', bucket]] })
  },
})

/** Versions can be locked from now on, and new ones are as the rule says; for good: it cannot be taken away. */
export const putObjectLockConfiguration = s3Operation({
  ...common,
  name: 'PutObjectLockConfiguration',
  method: 'PUT',
  access: 'PATCH',
  async proxy(s3, proxy) {
    const bucket = await namedBucket(proxy, s3.bucket, 'PATCH')
    const root = await verifiedXml(s3, proxy.platform, bodyBytesMax, 'ObjectLockConfiguration')
    const lock = parseBucketLock(root)
    if (bucket.props.s3.versioning !== 'Enabled') {
      throw new S3Error('InvalidBucketState', {
        message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      })
    }
    await setS3PropsAnywhere(proxy, bucket, { object_lock: JSON.stringify(lock) })
    return { status: 200, headers: [] }
  },
})
