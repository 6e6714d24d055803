import { bucketConfiguration } from '../../s3/gateway/bucket-configuration.ts'
import { parseTagDocument, readTags, tagDocument } from '../../s3/object/tags.ts'

/** Amazon's limit. */
const tagsMax = 50

/** `tagging` of a bucket. */
export const [getBucketTagging, putBucketTagging, deleteBucketTagging] = bucketConfiguration({
  names: ['GetBucketTagging', 'PutBucketTagging', 'DeleteBucketTagging'],
  subresource: 'tagging',
  access: 'PATCH',
  absent: 'NoSuchTagSet',
  prop: 'tags',
  root: 'Tagging',
  bodyBytesMax: 128 * 1024,
  putStatus: 204,
  show: ({ tags }) => (tags === undefined ? undefined : tagDocument(readTags(tags))),
  parse: (root) => parseTagDocument(root, tagsMax),
})
