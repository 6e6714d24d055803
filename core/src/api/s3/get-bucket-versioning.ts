import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { xmlReply } from '../../s3/s3-replies.ts'

/** S3's versioning was never set on any bucket: an empty element says so. AIStore's own counter is another thing. */
export const getBucketVersioning = s3Operation({
  name: 'GetBucketVersioning',
  method: 'GET',
  on: 'bucket',
  query: ['versioning'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    return xmlReply(['VersioningConfiguration', ''])
  },
})
