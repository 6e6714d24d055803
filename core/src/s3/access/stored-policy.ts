import { isJsonObject, parseJson, stringifyJson } from '../../wire/json.ts'
import { type CanonicalIdOf, type Policy, parsePolicy } from './bucket-policy.ts'

/**
 * A bucket's policy as the metadata keeps it: its text, with the users that it means as they were when it was set. A new
 * user of the same name is not meant.
 */
export interface StoredPolicy {
  readonly stored: string
  /** As it was given. */
  readonly text: string
  /** `undefined`: this program cannot read it, so it allows nothing and denies everybody. */
  readonly policy: Policy | undefined
}

/** Checks a policy that is given. @throws S3Error `MalformedPolicy` */
export function checkedPolicy(text: string, bucket: string, find: CanonicalIdOf): StoredPolicy {
  const users: Record<string, string> = {}
  const policy = parsePolicy(text, bucket, (user) => {
    const canonicalId = find(user)
    if (canonicalId !== undefined) users[user] = canonicalId
    return canonicalId
  })
  return { stored: stringifyJson({ bucket, text, users }), text, policy }
}

/** Reads what `checkedPolicy` stored. */
export function storedPolicyOf(stored: string): StoredPolicy {
  const unreadable = { stored, text: '', policy: undefined }
  try {
    const json = parseJson(stored)
    if (!isJsonObject(json)) return unreadable
    const { bucket, text, users } = json
    if (typeof bucket !== 'string' || typeof text !== 'string' || !isJsonObject(users)) {
      return unreadable
    }
    const known = new Map(Object.entries(users))
    const find: CanonicalIdOf = (user) => {
      const id = known.get(user)
      return typeof id === 'string' ? id : undefined
    }
    return { stored, text, policy: parsePolicy(text, bucket, find) }
  } catch {
    return unreadable
  }
}
