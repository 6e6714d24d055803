import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'

/** What clients are told of where they are: upstream's word. */
const region = 'ais'

/** HEAD of a bucket. */
export const headBucket = s3Operation({
  name: 'HeadBucket',
  method: 'HEAD',
  on: 'bucket',
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    return {
      status: 200,
      headers: [
        ['Server', 'AIStore'],
        ['x-amz-bucket-region', region],
      ],
    }
  },
})
