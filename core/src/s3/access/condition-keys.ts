/** What a condition key is a text of; a key without operators of its kind is refused. */
export type KeyKind = 'string' | 'number' | 'date' | 'bool' | 'ip' | 'arn'

/** Condition keys by their names in lower case: all that are heeded. Any other one is refused when a policy is set. */
const keys: Readonly<Record<string, KeyKind>> = {
  'aws:currenttime': 'date',
  'aws:epochtime': 'date',
  'aws:principalarn': 'arn',
  'aws:referer': 'string',
  'aws:securetransport': 'bool',
  'aws:sourceip': 'ip',
  'aws:useragent': 'string',
  'aws:userid': 'string',
  'aws:username': 'string',
  's3:authtype': 'string',
  's3:delimiter': 'string',
  's3:max-keys': 'number',
  's3:prefix': 'string',
  's3:requestobjecttagkeys': 'string',
  's3:signatureversion': 'string',
  's3:versionid': 'string',
  's3:x-amz-acl': 'string',
  's3:x-amz-content-sha256': 'string',
  's3:x-amz-copy-source': 'string',
  's3:x-amz-grant-full-control': 'string',
  's3:x-amz-grant-read': 'string',
  's3:x-amz-grant-read-acp': 'string',
  's3:x-amz-grant-write': 'string',
  's3:x-amz-grant-write-acp': 'string',
  's3:x-amz-metadata-directive': 'string',
  's3:x-amz-object-ownership': 'string',
  's3:x-amz-server-side-encryption': 'string',
  's3:x-amz-server-side-encryption-aws-kms-key-id': 'string',
  's3:x-amz-server-side-encryption-customer-algorithm': 'string',
  's3:x-amz-storage-class': 'string',
}

/** Keys that are one per tag, its key behind the slash as it is. */
export const existingTagPrefix = 's3:existingobjecttag/'
export const requestTagPrefix = 's3:requestobjecttag/'

/** A key in the form that it is looked up by, and its kind; `undefined`: there is no such key. */
export function findConditionKey(
  given: string,
): { readonly key: string; readonly kind: KeyKind } | undefined {
  const lower = given.toLowerCase()
  for (const prefix of [existingTagPrefix, requestTagPrefix]) {
    if (lower.startsWith(prefix) && lower.length > prefix.length) {
      return { key: prefix + given.slice(prefix.length), kind: 'string' }
    }
  }
  const kind = Object.hasOwn(keys, lower) ? keys[lower] : undefined
  return kind === undefined ? undefined : { key: lower, kind }
}
