import { limits } from '../../config/limits.ts'
import { parseOwnership } from '../../s3/access/bucket-access.ts'
import { bucketConfiguration } from '../../s3/gateway/bucket-configuration.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { childrenOf, childText } from '../../s3/xml-reader.ts'

/**
 * `ownershipControls`: one rule says who owns what is written; without it who writes owns, as in a bucket that never had
 * any. A bucket whose ACL grants anything cannot do without ACLs.
 */
export const [
  getBucketOwnershipControls,
  putBucketOwnershipControls,
  deleteBucketOwnershipControls,
] = bucketConfiguration({
  names: [
    'GetBucketOwnershipControls',
    'PutBucketOwnershipControls',
    'DeleteBucketOwnershipControls',
  ],
  subresource: 'ownershipControls',
  access: 'SET-BUCKET-ACL',
  absent: 'OwnershipControlsNotFoundError',
  prop: 'ownership',
  root: 'OwnershipControls',
  bodyBytesMax: limits.jsonBytesMax,
  putStatus: 200,
  show: ({ ownership }) =>
    ownership && ['OwnershipControls', [['Rule', [['ObjectOwnership', ownership]]]]],
  parse(root, { props }) {
    const [rule, another] = childrenOf(root, 'Rule')
    const text = rule && childText(rule, 'ObjectOwnership')
    if (text === undefined || another !== undefined) throw new S3Error('MalformedXML')
    const ownership = parseOwnership(text, 'ObjectOwnership')
    if (ownership === 'BucketOwnerEnforced' && props.s3.acl !== undefined) {
      throw new S3Error('InvalidBucketAclWithObjectOwnership')
    }
    return ownership
  },
})
