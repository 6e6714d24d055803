import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { xmlReply } from '../../s3/s3-replies.ts'

/** Where a bucket lies: empty, as for Amazon's first region. Any region of a signature is good. */
export const getBucketLocation = s3Operation({
  name: 'GetBucketLocation',
  method: 'GET',
  on: 'bucket',
  query: ['location'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    return xmlReply(['LocationConstraint', ''])
  },
})
