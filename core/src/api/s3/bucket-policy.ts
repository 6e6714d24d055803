import { utf8Decode } from '../../algorithms/utf8.ts'
import { limits } from '../../config/limits.ts'
import { isPublicAcl, parseAcl } from '../../s3/access/acl.ts'
import { publicAccessBlockOf } from '../../s3/access/public-access-block.ts'
import { checkedPolicy } from '../../s3/access/stored-policy.ts'
import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { shownOwner } from '../../s3/owner.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedBody } from '../../s3/verified-body.ts'

/** GET of a bucket with `policy`: the text as it was given. */
export const getBucketPolicy = s3Operation({
  name: 'GetBucketPolicy',
  method: 'GET',
  on: 'bucket',
  query: ['policy'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const { policy } = props.s3
    if (policy === undefined) {
      throw new S3Error('NoSuchBucketPolicy', { fields: [['BucketName', bucket]] })
    }
    return {
      status: 200,
      headers: [['Content-Type', 'application/json']],
      body: { kind: 'bytes', bytes: policy.text },
    }
  },
})

/** PUT of a bucket with `policy`. */
export const putBucketPolicy = s3Operation({
  name: 'PutBucketPolicy',
  method: 'PUT',
  on: 'bucket',
  query: ['policy'],
  access: 'SET-BUCKET-ACL',
  async proxy(s3, proxy) {
    const named = await namedBucket(proxy, s3.bucket, 'SET-BUCKET-ACL')
    const text = utf8Decode(await verifiedBody(s3, proxy.platform, limits.jsonBytesMax))
    if (text === undefined) {
      throw new S3Error('MalformedPolicy', { message: 'Policies must be valid JSON' })
    }
    const { users } = proxy.metadata.credentials()
    const { stored, policy } = checkedPolicy(text, s3.bucket, (id) => users.get(id)?.canonicalId)
    const block = publicAccessBlockOf(named.props.s3.public_access_block)
    if (block.BlockPublicPolicy && policy?.isPublic) throw new S3Error('AccessDenied')
    await setS3PropsAnywhere(proxy, named, { policy: stored })
    return { status: 204, headers: [] }
  },
})

/** DELETE of a bucket with `policy`; 204 whether or not there was one. */
export const deleteBucketPolicy = s3Operation({
  name: 'DeleteBucketPolicy',
  method: 'DELETE',
  on: 'bucket',
  query: ['policy'],
  access: 'SET-BUCKET-ACL',
  async proxy({ bucket }, proxy) {
    const named = await namedBucket(proxy, bucket, 'SET-BUCKET-ACL')
    await setS3PropsAnywhere(proxy, named, { policy: '' })
    return { status: 204, headers: [] }
  },
})

/** GET of a bucket with `policyStatus`: whether its policy or its ACL lets everybody do something. */
export const getBucketPolicyStatus = s3Operation({
  name: 'GetBucketPolicyStatus',
  method: 'GET',
  on: 'bucket',
  query: ['policyStatus'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const { policy, acl, owner } = props.s3
    const isPublic = policy?.policy?.isPublic || isPublicAcl(parseAcl(acl, shownOwner(owner)))
    return xmlReply(['PolicyStatus', [['IsPublic', isPublic]]])
  },
})
