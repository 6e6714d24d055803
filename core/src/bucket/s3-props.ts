import { z } from 'zod'
import { custom, type Field, flag } from '../config/field.ts'
import { type CorsRule, corsRulesOf } from '../s3/access/cors-rules.ts'
import { type StoredPolicy, storedPolicyOf } from '../s3/access/stored-policy.ts'
import { type LifecycleRule, lifecycleRulesOf } from '../s3/lifecycle/lifecycle-rules.ts'
import { type BucketLock, bucketLockOf } from '../s3/lock/bucket-lock.ts'

/** Bytes of one of these as it is kept: a bucket policy has 20 KiB, CORS rules 64 KiB. */
const storedBytesMax = 128 * 1024

/** Who owns what is written: the bucket's owner, with no ACLs; or the writer, who may leave it to the bucket's owner. */
export const objectOwnerships = [
  'BucketOwnerEnforced',
  'BucketOwnerPreferred',
  'ObjectWriter',
] as const

/** Whether writes keep former versions. */
export const versioningStates = ['Enabled', 'Suspended'] as const

export type Versioning = (typeof versioningStates)[number]

export type ObjectOwnership = (typeof objectOwnerships)[number]

/** Kept as text, empty for none; read once when the metadata is. */
function kept<T>(
  read: (text: string) => T | undefined,
  write: (value: T) => string,
): Field<T | undefined> {
  const schema = z
    .string()
    .max(storedBytesMax)
    .transform((text) => (text === '' ? undefined : read(text)))
  return custom<T | undefined>(
    undefined,
    schema,
    (value) => (value === undefined ? undefined : write(value)),
    { omitEmpty: true, readOnly: true },
  )
}

const text = () => kept<string>(String, String)

/** What a bucket has for S3; all but `redirect` are set by S3 calls alone. Members that were never set are not in the JSON. */
export const s3PropsTable = {
  /** Clients are sent to the targets by 307 with their GET, HEAD and PUT of objects, unless they say that they do not follow. */
  redirect: flag(false, { omitEmpty: true }),
  /** Canonical ID of the user that made the bucket; none: it was made by the native API, or by nobody known. */
  owner: text(),
  /** Grants beside the owner's, as `formatAcl` writes them; none: private. */
  acl: text(),
  ownership: kept<ObjectOwnership>(
    (given) => objectOwnerships.find((known) => known === given) ?? 'BucketOwnerEnforced',
    String,
  ),
  /** Which settings of PublicAccessBlock are on, by their names and commas; `none`: it is there, with all off. */
  public_access_block: text(),
  /** None: never set. */
  versioning: kept<Versioning>(
    (given) => versioningStates.find((known) => known === given) ?? 'Enabled',
    String,
  ),
  policy: kept<StoredPolicy>(storedPolicyOf, ({ stored }) => stored),
  cors: kept<readonly CorsRule[]>(corsRulesOf, (rules) => JSON.stringify(rules)),
  /** As the header `x-amz-tagging` has them; none: there is no set of tags. */
  tags: text(),
  /** None: versions of it cannot be locked. Once set it stays. */
  object_lock: kept<BucketLock>(bucketLockOf, (lock) => JSON.stringify(lock)),
  lifecycle: kept<readonly LifecycleRule[]>(lifecycleRulesOf, (rules) => JSON.stringify(rules)),
} as const
