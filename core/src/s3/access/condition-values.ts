import { readTags, type Tags } from '../object/tags.ts'
import type { S3Call } from '../s3-call.ts'
import { requestTagPrefix } from './condition-keys.ts'
import type { ConditionValues } from './policy-conditions.ts'

/** What conditions are about that the call itself does not show. */
export interface CallFacts {
  readonly nowMs: number
  /** Whether clients are listened to by TLS. */
  readonly secure: boolean
  /** ID of the user, empty for anonymous. */
  readonly user: string
  readonly authType: 'REST-HEADER' | 'REST-QUERY-STRING' | 'POST' | undefined
  /** Tags that the call gives an object, where they are not in its headers. */
  readonly tags?: Tags | undefined
  /** A header, or a field of a form. */
  field(name: string): string | undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The tags that a call would give an object. Malformed ones are refused later. */
function requestTags({ tags, field }: CallFacts): Tags {
  if (tags !== undefined) return tags
  try {
    return readTags(field('x-amz-tagging'))
  } catch {
    return []
  }
}

/** Values of condition keys at one call. What a proxy says of the client's address is not listened to. */
export function conditionValues({ call, query }: S3Call, facts: CallFacts): ConditionValues {
  const one = (value: string | undefined) => (value === undefined ? undefined : [value])
  const { field, user, nowMs } = facts
  return (key) => {
    if (key.startsWith(requestTagPrefix)) {
      const name = key.slice(requestTagPrefix.length)
      return requestTags(facts).flatMap(([own, value]) => (own === name ? [value] : []))
    }
    switch (key) {
      case 'aws:currenttime':
      case 'aws:epochtime':
        return [String(nowMs / 1000)]
      case 'aws:principalarn':
        return user === '' ? undefined : [`arn:aws:iam:::user/${user}`]
      case 'aws:referer':
        return one(call.headers.get('referer'))
      case 'aws:securetransport':
        return [String(facts.secure)]
      case 'aws:sourceip':
        return [call.remoteAddress]
      case 'aws:useragent':
        return one(call.headers.get('user-agent'))
      case 'aws:userid':
      case 'aws:username':
        return user === '' ? undefined : [user]
      case 's3:authtype':
        return one(facts.authType)
      case 's3:signatureversion':
        return facts.authType === undefined ? undefined : ['AWS4-HMAC-SHA256']
      case 's3:delimiter':
      case 's3:max-keys':
      case 's3:prefix':
        return one(query.get(key.slice('s3:'.length)))
      case 's3:versionid':
        return one(query.get('versionId'))
      case 's3:requestobjecttagkeys':
        return requestTags(facts).map(([name]) => name)
      case 's3:x-amz-copy-source': {
        const text = field('x-amz-copy-source')
        return text === undefined ? undefined : [decoded(text).replace(/^\//, '')]
      }
    }
    return key.startsWith('s3:x-amz-') ? one(field(key.slice('s3:'.length))) : undefined
  }
}
