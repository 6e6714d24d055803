import type { BucketProps } from '../../bucket/bucket-props.ts'
import type { ObjectMeta } from '../../ports/mountpath.ts'
import { isJsonObject, parseJson, stringifyJson } from '../../wire/json.ts'
import { aclKey, ownerKey, pairOf } from '../object/stored-metadata.ts'
import { readTags, tagsKey } from '../object/tags.ts'
import { shownOwner } from '../owner.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { parseAcl } from './acl.ts'
import { existingTagPrefix } from './condition-keys.ts'
import { type AccessRequest, decide, type ObjectFacts } from './decide.ts'

/** What a gateway leaves to the node that has the object. Between nodes only. */
export const admissionHeader = 'ais-s3-admission'
/** The same about the source of a copy, for the node that has the source. */
export const sourceAdmissionHeader = 'ais-s3-source-admission'

/** What is left to decide where the object is. */
export interface Admission {
  /** `undefined`: who calls is let in, whatever the object is. */
  readonly request: AccessRequest | undefined
  /** Who calls may not list the bucket, and so is not told that an object is not there. */
  readonly isHidden: boolean
}

/** As it travels, with those values that the policy of the bucket has conditions on. */
export function admissionText({ request, isHidden }: Admission, { s3 }: BucketProps): string {
  if (request === undefined) return stringifyJson({ isHidden })
  const { values, canonicalId, claims, action } = request
  const keys = [...(s3.policy?.policy?.keys ?? [])].filter(
    (key) => !key.startsWith(existingTagPrefix),
  )
  const known = Object.fromEntries(keys.map((key) => [key, values(key)]))
  return stringifyJson({ isHidden, canonicalId, claims, action, values: known })
}

const claimWords = ['all', 'allow', 'deny', 'nothing'] as const

/** @throws S3Error `InternalError` when it cannot be read: nobody but a gateway writes it */
function readAdmission(text: string, { bucket, key }: S3Call): Admission {
  const json = parseJson(text)
  if (isJsonObject(json) && typeof json.isHidden === 'boolean') {
    const { isHidden, canonicalId, claims: word, action, values } = json
    const claims = claimWords.find((known) => known === word)
    if (claims === undefined) return { isHidden, request: undefined }
    if (typeof canonicalId === 'string' && typeof action === 'string' && isJsonObject(values)) {
      const known = new Map(Object.entries(values))
      const request: AccessRequest = {
        canonicalId,
        claims,
        action,
        bucket,
        key,
        values(name) {
          const given = known.get(name)
          return Array.isArray(given) ? given.map(String) : undefined
        },
      }
      return { isHidden, request }
    }
  }
  throw new S3Error('InternalError')
}

/** What of a stored object bears on who may do something with it. */
export function objectFacts(
  { custom }: Pick<ObjectMeta, 'custom'>,
  props: BucketProps,
): ObjectFacts {
  const owner = shownOwner(pairOf(custom, ownerKey) ?? props.s3.owner)
  return {
    owner,
    grants: parseAcl(pairOf(custom, aclKey), owner),
    tags: readTags(pairOf(custom, tagsKey)),
  }
}

/** What the gateway left to decide; `undefined`: nothing. */
function admissionOf(s3: S3Call): Admission | undefined {
  const { headers, network } = s3.call
  const text = network === 'public' ? undefined : headers.get(admissionHeader)
  return text === undefined ? undefined : readAdmission(text, s3)
}

/** At the node that has the object: that who calls may do this with it. @throws S3Error `AccessDenied` */
export function admit(s3: S3Call, props: BucketProps, meta: Pick<ObjectMeta, 'custom'>): void {
  const request = admissionOf(s3)?.request
  if (request === undefined) return
  if (decide(request, props, objectFacts(meta, props)) !== 'allow')
    throw new S3Error('AccessDenied')
}

/** Whether who calls may not know that an object is not there. */
export function isAbsenceHidden(s3: S3Call): boolean {
  return admissionOf(s3)?.isHidden === true
}
