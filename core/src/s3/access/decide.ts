import type { BucketProps } from '../../bucket/bucket-props.ts'
import { type AclPermission, aclAllows, type Grant, parseAcl } from './acl.ts'
import { askPolicy } from './bucket-policy.ts'
import { existingTagPrefix } from './condition-keys.ts'
import type { ConditionValues } from './policy-conditions.ts'
import { publicAccessBlockOf } from './public-access-block.ts'

/** What is asked of a bucket, on whose behalf. */
export interface AccessRequest {
  /** Of who calls; empty: anonymous, or somebody who is no user here. */
  readonly canonicalId: string
  /**
   * What the permissions of the user, or the claims of the token, say: `all` of an administrator; `deny` when they have an
   * entry for this bucket, which alone decides, and it does not hold what is needed.
   */
  readonly claims: 'all' | 'allow' | 'deny' | 'nothing'
  /** As policies name it: `s3:GetObject`. */
  readonly action: string
  readonly bucket: string
  /** Empty: it is about the bucket. */
  readonly key: string
  /** Of condition keys, but for those of the object. */
  readonly values: ConditionValues
}

/** What of an object bears on who may do something with it. */
export interface ObjectFacts {
  /** Canonical ID; that of the bucket's owner, unless somebody else wrote it. */
  readonly owner: string
  readonly grants: readonly Grant[]
  readonly tags: readonly (readonly [key: string, value: string])[]
}

/** `ask-object`: it depends on the object, which the node that has it can see. */
export type Verdict = 'allow' | 'deny' | 'ask-object'

/** Actions on an object that is there, and the grant of its ACL that is enough; `undefined`: none is. */
const objectActions: ReadonlyMap<string, AclPermission | undefined> = new Map([
  ['s3:GetObject', 'READ'],
  ['s3:GetObjectVersion', 'READ'],
  ['s3:GetObjectAttributes', 'READ'],
  ['s3:GetObjectVersionAttributes', 'READ'],
  ['s3:GetObjectAcl', 'READ_ACP'],
  ['s3:GetObjectVersionAcl', 'READ_ACP'],
  ['s3:PutObjectAcl', 'WRITE_ACP'],
  ['s3:PutObjectVersionAcl', 'WRITE_ACP'],
  ['s3:GetObjectTagging', undefined],
  ['s3:GetObjectVersionTagging', undefined],
  ['s3:PutObjectTagging', undefined],
  ['s3:PutObjectVersionTagging', undefined],
  ['s3:DeleteObjectTagging', undefined],
  ['s3:DeleteObjectVersionTagging', undefined],
])

/** Grants of a bucket's ACL and what they let somebody do. */
const bucketActions: ReadonlyMap<string, AclPermission> = new Map([
  ['s3:ListBucket', 'READ'],
  ['s3:ListBucketVersions', 'READ'],
  ['s3:ListBucketMultipartUploads', 'READ'],
  ['s3:PutObject', 'WRITE'],
  ['s3:DeleteObject', 'WRITE'],
  ['s3:AbortMultipartUpload', 'WRITE'],
  ['s3:ListMultipartUploadParts', 'WRITE'],
  ['s3:GetBucketAcl', 'READ_ACP'],
  ['s3:PutBucketAcl', 'WRITE_ACP'],
])

/** What neither owner nor administrator can lock themselves out of. As Amazon's account root. */
const policyActions: ReadonlySet<string> = new Set([
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
])

/** Whether an action is about an object that must be there, so that its own ACL and tags count. */
export function isObjectAction(action: string): boolean {
  return objectActions.has(action)
}

type Said = 'allow' | 'deny' | 'nothing' | 'ask-object'

function policySays(request: AccessRequest, props: BucketProps, object?: ObjectFacts): Said {
  const stored = props.s3.policy
  if (stored === undefined) return 'nothing'
  const { policy } = stored
  if (policy === undefined) return 'deny'
  const { canonicalId, action, bucket, key, values } = request
  const asksTags = [...policy.keys].some((name) => name.startsWith(existingTagPrefix))
  if (asksTags && object === undefined && objectActions.has(action)) return 'ask-object'
  const resource = key === '' ? bucket : `${bucket}/${key}`
  const tagValues: ConditionValues = (name) => {
    if (!name.startsWith(existingTagPrefix)) return values(name)
    const tag = name.slice(existingTagPrefix.length)
    return object?.tags.filter(([own]) => own === tag).map(([, value]) => value)
  }
  return askPolicy(policy, { canonicalId, action, resource, values: tagValues })
}

/**
 * The one place that decides what a principal may do with a bucket and what is in it: an explicit denial of the policy,
 * then the claims, then ownership, then what the policy and the ACLs grant.
 * @param props of the bucket
 * @param object as far as it is known; never answers `ask-object` with it
 */
export function decide(request: AccessRequest, props: BucketProps, object?: ObjectFacts): Verdict {
  const { canonicalId, claims, action } = request
  const { owner = '', ownership, acl, policy, public_access_block } = props.s3
  const isOwner = canonicalId !== '' && canonicalId === owner
  if (policyActions.has(action) && (claims === 'all' || isOwner)) return 'allow'
  const said = policySays(request, props, object)
  if (said === 'ask-object' || said === 'deny') return said
  if (claims !== 'nothing') return claims === 'deny' ? 'deny' : 'allow'
  const isEnforced = ownership === 'BucketOwnerEnforced'
  const objectPermission = objectActions.get(action)
  // Who owns the bucket does not own what others wrote into it, unless that is how the bucket is.
  if (isOwner && (isEnforced || objectPermission === undefined)) return 'allow'
  const block = publicAccessBlockOf(public_access_block)
  const isRestricted = block.RestrictPublicBuckets && policy?.policy?.isPublic === true
  if (said === 'allow' && (isOwner || !isRestricted)) return 'allow'
  if (isEnforced) return 'deny'
  const { IgnorePublicAcls: ignorePublic } = block
  if (objectActions.has(action)) {
    if (object === undefined) return 'ask-object'
    if (canonicalId !== '' && object.owner === canonicalId) return 'allow'
    if (objectPermission === undefined) return 'deny'
    const isGranted = aclAllows(object.grants, objectPermission, canonicalId, ignorePublic)
    return isGranted ? 'allow' : 'deny'
  }
  const wanted = bucketActions.get(action)
  if (wanted === undefined) return 'deny'
  return aclAllows(parseAcl(acl, owner), wanted, canonicalId, ignorePublic) ? 'allow' : 'deny'
}
