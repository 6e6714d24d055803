import { formatAcl, parseAcl } from '../../s3/access/acl.ts'
import { aclDocument } from '../../s3/access/acl-document.ts'
import { requestedAcl } from '../../s3/access/requested-acl.ts'
import { checkAclsAllowed, checkNotBlocked } from '../../s3/access/written-object.ts'
import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownerNode, shownOwner } from '../../s3/owner.ts'
import { xmlReply } from '../../s3/s3-replies.ts'

/** GET of a bucket with `acl`. */
export const getBucketAcl = s3Operation({
  name: 'GetBucketAcl',
  method: 'GET',
  on: 'bucket',
  query: ['acl'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const owner = shownOwner(props.s3.owner)
    const credentials = proxy.metadata.credentials()
    const grants = parseAcl(props.s3.acl, owner)
    return xmlReply(aclDocument(grants, ownerNode(owner, credentials), credentials))
  },
})

/** PUT of a bucket with `acl`: canned, by grants in headers, or as a document. */
export const putBucketAcl = s3Operation({
  name: 'PutBucketAcl',
  method: 'PUT',
  on: 'bucket',
  query: ['acl'],
  access: 'SET-BUCKET-ACL',
  async proxy(s3, proxy) {
    const named = await namedBucket(proxy, s3.bucket, 'SET-BUCKET-ACL')
    checkAclsAllowed(named.props)
    const owner = shownOwner(named.props.s3.owner)
    const owners = { owner, bucketOwner: owner }
    const grants = await requestedAcl(s3, proxy.platform, owners, proxy.metadata.credentials())
    checkNotBlocked(grants, named.props)
    await setS3PropsAnywhere(proxy, named, { acl: formatAcl(grants, owner) })
    return { status: 200, headers: [] }
  },
})
