import type { BucketProps } from '../../bucket/bucket-props.ts'
import type { Credentials } from '../../cluster/credentials.ts'
import type { Call, HeaderLine } from '../../ports/call.ts'
import { aclKey, ownerKey } from '../object/stored-metadata.ts'
import { shownOwner } from '../owner.ts'
import { S3Error } from '../s3-error.ts'
import { formatAcl, type Grant, isPublicAcl, privateGrants } from './acl.ts'
import { type FieldOf, grantsOfHeaders, namesAcl } from './acl-headers.ts'
import { publicAccessBlockOf } from './public-access-block.ts'

const ownerHeader = 'ais-s3-object-owner'
const aclHeader = 'ais-s3-object-acl'

/** Whom what is written belongs to, and what its ACL is: as they are kept, empty for what is usual. */
export interface Belongings {
  readonly owner: string
  readonly acl: string
}

const allowedWhenEnforced = 'bucket-owner-full-control'

/** @throws S3Error `AccessControlListNotSupported` */
export function checkAclsAllowed({ s3 }: BucketProps): void {
  if (s3.ownership !== 'BucketOwnerEnforced') return
  throw new S3Error('AccessControlListNotSupported')
}

/** @throws S3Error `AccessDenied` the ACL is for everybody, and the bucket holds such back */
export function checkNotBlocked(grants: readonly Grant[], { s3 }: BucketProps): void {
  const { BlockPublicAcls: isBlocked } = publicAccessBlockOf(s3.public_access_block)
  if (isBlocked && isPublicAcl(grants)) throw new S3Error('AccessDenied')
}

/**
 * Of an object that is about to be written.
 * @param canonicalId of who writes; empty: anonymous, whose objects are the bucket's owner's
 * @throws S3Error `AccessControlListNotSupported`, `AccessDenied`; as `grantsOfHeaders`
 */
export function belongingsOf(
  field: FieldOf,
  canonicalId: string,
  props: BucketProps,
  credentials: Credentials,
): Belongings {
  const { owner: bucketOwner = '', ownership } = props.s3
  const canned = field('x-amz-acl')
  if (ownership === 'BucketOwnerEnforced') {
    if (namesAcl(field) && canned !== allowedWhenEnforced) checkAclsAllowed(props)
    return { owner: '', acl: '' }
  }
  const isGiven = ownership === 'BucketOwnerPreferred' && canned === 'bucket-owner-full-control'
  const isOwn = canonicalId === '' || bucketOwner === '' || canonicalId === bucketOwner || isGiven
  const owner = shownOwner(isOwn ? bucketOwner : canonicalId)
  const owners = { owner, bucketOwner: shownOwner(bucketOwner) }
  const asked = grantsOfHeaders(field, owners, credentials)
  const grants = asked ?? privateGrants(owner)
  checkNotBlocked(grants, props)
  return { owner: isOwn ? '' : owner, acl: formatAcl(grants, owner) }
}

export function belongingsHeaders({ owner, acl }: Belongings): HeaderLine[] {
  const lines: HeaderLine[] = []
  if (owner !== '') lines.push([ownerHeader, owner])
  if (acl !== '') lines.push([aclHeader, acl])
  return lines
}

/** What the gateway said of them, as pairs to keep; a client is not listened to. */
export function belongingsPairs({
  headers,
  network,
}: Pick<Call, 'headers' | 'network'>): [string, string][] {
  if (network === 'public') return []
  const pairs: [string, string][] = []
  const owner = headers.get(ownerHeader)
  const acl = headers.get(aclHeader)
  if (owner !== undefined) pairs.push([ownerKey, owner])
  if (acl !== undefined) pairs.push([aclKey, acl])
  return pairs
}
