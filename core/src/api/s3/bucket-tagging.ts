import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { parseTagDocument, readTags, tagDocument } from '../../s3/object/tags.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

const bodyBytesMax = 128 * 1024
const tagsMax = 50

const common = { on: 'bucket', query: ['tagging'] } as const

/** GET of a bucket with `tagging`. */
export const getBucketTagging = s3Operation({
  name: 'GetBucketTagging',
  method: 'GET',
  ...common,
  access: 'HEAD-BUCKET',
  async proxy(s3, proxy) {
    const { props } = await namedBucket(proxy, s3.bucket, 'HEAD-BUCKET')
    if (props.s3.tags === undefined) {
      throw new S3Error('NoSuchTagSet', { fields: [['BucketName', s3.bucket]] })
    }
    return xmlReply(tagDocument(readTags(props.s3.tags)))
  },
})

/** PUT of a bucket with `tagging`: all its tags are replaced. */
export const putBucketTagging = s3Operation({
  name: 'PutBucketTagging',
  method: 'PUT',
  ...common,
  access: 'PATCH',
  async proxy(s3, proxy) {
    const bucket = await namedBucket(proxy, s3.bucket, 'PATCH')
    const root = await verifiedXml(s3, proxy.platform, bodyBytesMax, 'Tagging')
    await setS3PropsAnywhere(proxy, bucket, { tags: parseTagDocument(root, tagsMax) })
    return { status: 204, headers: [] }
  },
})

/** DELETE of a bucket with `tagging`: its tags go. */
export const deleteBucketTagging = s3Operation({
  name: 'DeleteBucketTagging',
  method: 'DELETE',
  ...common,
  access: 'PATCH',
  async proxy(s3, proxy) {
    const bucket = await namedBucket(proxy, s3.bucket, 'PATCH')
    await setS3PropsAnywhere(proxy, bucket, { tags: '' })
    return { status: 204, headers: [] }
  },
})
