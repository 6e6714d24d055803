import { limits } from '../../config/limits.ts'
import { parseOwnership } from '../../s3/access/bucket-access.ts'
import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'
import { childrenOf, childText } from '../../s3/xml-reader.ts'

/** GET of a bucket with `ownershipControls`. */
export const getBucketOwnershipControls = s3Operation({
  name: 'GetBucketOwnershipControls',
  method: 'GET',
  on: 'bucket',
  query: ['ownershipControls'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const { ownership } = props.s3
    if (ownership !== undefined) {
      return xmlReply(['OwnershipControls', [['Rule', [['ObjectOwnership', ownership]]]]])
    }
    throw new S3Error('OwnershipControlsNotFoundError', { fields: [['BucketName', bucket]] })
  },
})

/** PUT of a bucket with `ownershipControls`: one rule. A bucket whose ACL grants anything cannot do without ACLs. */
export const putBucketOwnershipControls = s3Operation({
  name: 'PutBucketOwnershipControls',
  method: 'PUT',
  on: 'bucket',
  query: ['ownershipControls'],
  access: 'SET-BUCKET-ACL',
  async proxy(s3, proxy) {
    const named = await namedBucket(proxy, s3.bucket, 'SET-BUCKET-ACL')
    const root = await verifiedXml(s3, proxy.platform, limits.jsonBytesMax, 'OwnershipControls')
    const [rule, another] = childrenOf(root, 'Rule')
    const text = rule && childText(rule, 'ObjectOwnership')
    if (text === undefined || another !== undefined) throw new S3Error('MalformedXML')
    const ownership = parseOwnership(text, 'ObjectOwnership')
    if (ownership === 'BucketOwnerEnforced' && named.props.s3.acl !== undefined) {
      throw new S3Error('InvalidBucketAclWithObjectOwnership')
    }
    await setS3PropsAnywhere(proxy, named, { ownership })
    return { status: 200, headers: [] }
  },
})

/** DELETE of a bucket with `ownershipControls`: who writes owns what is written, as in a bucket that never had any. */
export const deleteBucketOwnershipControls = s3Operation({
  name: 'DeleteBucketOwnershipControls',
  method: 'DELETE',
  on: 'bucket',
  query: ['ownershipControls'],
  access: 'SET-BUCKET-ACL',
  async proxy({ bucket }, proxy) {
    const named = await namedBucket(proxy, bucket, 'SET-BUCKET-ACL')
    await setS3PropsAnywhere(proxy, named, { ownership: '' })
    return { status: 204, headers: [] }
  },
})
