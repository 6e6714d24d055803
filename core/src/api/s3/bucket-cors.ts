import { limits } from '../../config/limits.ts'
import { corsDocument, parseCorsDocument } from '../../s3/access/cors-rules.ts'
import { bucketConfiguration } from '../../s3/gateway/bucket-configuration.ts'

/** `cors`: which pages of other origins may ask what. */
export const [getBucketCors, putBucketCors, deleteBucketCors] = bucketConfiguration({
  names: ['GetBucketCors', 'PutBucketCors', 'DeleteBucketCors'],
  subresource: 'cors',
  access: 'PATCH',
  absent: 'NoSuchCORSConfiguration',
  prop: 'cors',
  root: 'CORSConfiguration',
  bodyBytesMax: limits.jsonBytesMax,
  putStatus: 200,
  show: ({ cors }) => cors && corsDocument(cors),
  parse: (root) => JSON.stringify(parseCorsDocument(root)),
})
