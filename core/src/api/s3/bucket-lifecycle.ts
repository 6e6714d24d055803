import { bucketConfiguration } from '../../s3/gateway/bucket-configuration.ts'
import { lifecycleDocument, parseLifecycleDocument } from '../../s3/lifecycle/lifecycle-document.ts'

/** `lifecycle`: the rules by which what is in a bucket ends by itself. */
export const [getBucketLifecycle, putBucketLifecycle, deleteBucketLifecycle] = bucketConfiguration({
  names: [
    'GetBucketLifecycleConfiguration',
    'PutBucketLifecycleConfiguration',
    'DeleteBucketLifecycle',
  ],
  subresource: 'lifecycle',
  access: 'PATCH',
  absent: 'NoSuchLifecycleConfiguration',
  prop: 'lifecycle',
  root: 'LifecycleConfiguration',
  // 1,000 rules with a filter of their own.
  bodyBytesMax: 1024 * 1024,
  putStatus: 200,
  show: ({ lifecycle }) => lifecycle && lifecycleDocument(lifecycle),
  parse: (root) => JSON.stringify(parseLifecycleDocument(root)),
})
