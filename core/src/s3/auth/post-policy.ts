import { fromBase64 } from '../../algorithms/base64.ts'
import { utf8Decode } from '../../algorithms/utf8.ts'
import { isJsonObject, parseJson } from '../../wire/json.ts'
import { S3Error } from '../s3-error.ts'

/** A test that a field of the form must pass. */
export interface FieldCondition {
  readonly kind: 'eq' | 'starts-with'
  /** Lower-case, without its `$`. */
  readonly field: string
  readonly value: string
}

/** What a form may say, signed by who let it be sent. */
export interface PostPolicy {
  readonly expiresAtMs: number
  readonly conditions: readonly FieldCondition[]
  /** Bytes of the file; `undefined`: any number. */
  readonly length: { readonly min: number; readonly max: number } | undefined
}

/** ISO 8601 in UTC, as Amazon asks for it. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

const malformed = (why: string) =>
  new S3Error('InvalidPolicyDocument', { message: `Invalid Policy: ${why}` })
const denied = (why: string) =>
  new S3Error('AccessDenied', { message: `Invalid according to Policy: ${why}` })

function lengthOf(min: unknown, max: unknown): { min: number; max: number } {
  const isSize = (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
  const [low, high] = [min, max].map((one) => (typeof one === 'string' ? Number(one) : one))
  if (!isSize(low) || !isSize(high) || low > high) throw malformed('content-length-range')
  return { min: low, max: high }
}

/** @param text base64, as the form has it @throws S3Error `InvalidPolicyDocument` */
export function parsePostPolicy(text: string): PostPolicy {
  const bytes = fromBase64(text.replace(/[\r\n]/g, ''))
  const json = bytes && utf8Decode(bytes)
  if (json === undefined) throw malformed('it is not base64 of UTF-8.')
  let policy: unknown
  try {
    policy = parseJson(json)
  } catch (cause) {
    throw new S3Error('InvalidPolicyDocument', { message: 'Invalid Policy: Invalid JSON.', cause })
  }
  if (!isJsonObject(policy)) throw malformed('Invalid JSON.')
  const { expiration, conditions } = policy
  const isTime = typeof expiration === 'string' && isoTime.test(expiration)
  const expiresAtMs = isTime ? Date.parse(expiration) : Number.NaN
  if (Number.isNaN(expiresAtMs)) throw malformed('Policy missing expiration, or it is no date.')
  if (!Array.isArray(conditions)) throw malformed('Policy missing conditions.')
  const fields: FieldCondition[] = []
  let length: PostPolicy['length']
  for (const one of conditions) {
    if (Array.isArray(one)) {
      const [word, field, value] = one
      const kind = typeof word === 'string' ? word.toLowerCase() : ''
      if (one.length !== 3) throw malformed('a condition has not three parts.')
      if (kind === 'content-length-range') length = lengthOf(field, value)
      else if (kind !== 'eq' && kind !== 'starts-with') throw malformed('unknown condition.')
      else if (typeof field !== 'string' || !field.startsWith('$') || typeof value !== 'string') {
        throw malformed('a condition is not of a $field and a text.')
      } else fields.push({ kind, field: field.slice(1).toLowerCase(), value })
    } else if (isJsonObject(one)) {
      const pairs = Object.entries(one)
      const [[field, value] = []] = pairs
      if (pairs.length !== 1 || field === undefined || typeof value !== 'string') {
        throw malformed('a condition is not of one field and a text.')
      }
      fields.push({ kind: 'eq', field: field.toLowerCase(), value })
    } else throw malformed('a condition is neither a list nor an object.')
  }
  return { expiresAtMs, conditions: fields, length }
}

/** Fields that no condition has to cover: the policy and its signature. */
const ownFields: ReadonlySet<string> = new Set([
  'awsaccesskeyid',
  'file',
  'policy',
  'signature',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-signature',
])

/**
 * Holds a form to its policy. The length of the file is held to `policy.length` as it comes.
 * @param fields of the form before the file, lower-case names
 * @param bucket that the form was sent to: the policy must name it
 * @throws S3Error `AccessDenied` expired, a condition fails, or a field that no condition covers
 */
export function checkPostForm(
  policy: PostPolicy,
  fields: ReadonlyMap<string, string>,
  bucket: string,
  nowMs: number,
): void {
  if (nowMs >= policy.expiresAtMs) throw denied('Policy expired.')
  const form = new Map([...fields, ['bucket', bucket]])
  const covered = new Set(policy.conditions.map(({ field }) => field))
  for (const { kind, field, value } of policy.conditions) {
    const own = form.get(field)
    const holds = kind === 'eq' ? own === value : own?.startsWith(value) === true
    if (!holds) throw denied(`Policy Condition failed: ["${kind}", "$${field}", "${value}"]`)
  }
  for (const name of form.keys()) {
    // A checksum says what the file is: with it, less is let in and not more.
    const isFree = name.startsWith('x-ignore-') || name.startsWith('x-amz-checksum-')
    if (isFree || ownFields.has(name) || covered.has(name)) continue
    throw denied(`Extra input fields: ${name}`)
  }
}
