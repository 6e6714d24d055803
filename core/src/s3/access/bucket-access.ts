import { type ObjectOwnership, objectOwnerships } from '../../bucket/s3-props.ts'
import type { Credentials } from '../../cluster/credentials.ts'
import { shownOwner } from '../owner.ts'
import { S3Error } from '../s3-error.ts'
import { formatAcl, privateGrants } from './acl.ts'
import { type FieldOf, grantsOfHeaders } from './acl-headers.ts'

/** @throws S3Error `InvalidArgument` */
export function parseOwnership(text: string, name: string): ObjectOwnership {
  const found = objectOwnerships.find((known) => known === text)
  if (found !== undefined) return found
  throw new S3Error('InvalidArgument', {
    message: `Invalid ${name} header: ${text}`,
    fields: [
      ['ArgumentName', name],
      ['ArgumentValue', text],
    ],
  })
}

/**
 * What the headers of a CreateBucket say of who may do what, as the metadata keeps it.
 * @throws S3Error `InvalidBucketAclWithObjectOwnership`, and as `parseOwnership` and `grantsOfHeaders`
 */
export function newBucketProps(
  field: FieldOf,
  owner: string,
  credentials: Credentials,
): Record<string, string> {
  const stated = field('x-amz-object-ownership')
  const ownership = stated === undefined ? '' : parseOwnership(stated, 'x-amz-object-ownership')
  const shown = shownOwner(owner)
  const grants = grantsOfHeaders(field, { owner: shown, bucketOwner: shown }, credentials)
  const acl = formatAcl(grants ?? privateGrants(shown), shown)
  if (ownership === 'BucketOwnerEnforced' && acl !== '') {
    throw new S3Error('InvalidBucketAclWithObjectOwnership')
  }
  return { owner, acl, ownership }
}
