import { destroyBucketAnywhere } from '../../s3/gateway/change-buckets.ts'
import { isEmptyBucket } from '../../s3/gateway/is-empty.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'

/** DELETE of a bucket that has no objects; with `s3.semantics=aistore` of any. */
export const deleteBucket = s3Operation({
  name: 'DeleteBucket',
  method: 'DELETE',
  on: 'bucket',
  access: 'DESTROY-BUCKET',
  async proxy({ bucket }, proxy) {
    const named = await namedBucket(proxy, bucket, 'DESTROY-BUCKET')
    const destroysAll = proxy.settings.current().s3.semantics === 'aistore'
    if (!destroysAll && !(await isEmptyBucket(proxy, named))) {
      throw new S3Error('BucketNotEmpty', { fields: [['BucketName', bucket]] })
    }
    await destroyBucketAnywhere(proxy, named.bck)
    return { status: 204, headers: [] }
  },
})
