import { utf8Encode } from '../../algorithms/utf8.ts'
import { S3Error } from '../s3-error.ts'
import { checkPostForm, type PostPolicy, parsePostPolicy } from './post-policy.ts'
import {
  checkScopeDate,
  parseAmzDate,
  parseCredential,
  signatureAlgorithm,
} from './signature-fields.ts'
import type { SigningIdentity } from './signing-keys.ts'
import { checkSignature, type SignatureContext } from './verify-signature.ts'

/** What the verifier of forms asks of the rest. */
export interface FormContext<K extends SigningIdentity> extends SignatureContext<K> {
  /** A policy's signature of version 2, base64; `undefined` when the secret cannot be had. */
  signVersion2(key: K, policyText: string): string | undefined
}

/**
 * Forms alone may be signed by version 2: what is signed is the same text, which names bucket, fields and end, so nothing of
 * what version 4 adds for other calls is missed.
 */
function verifyVersion2<K extends SigningIdentity>(
  keyId: string,
  policyText: string,
  signature: string,
  context: FormContext<K>,
): K {
  const key = context.findKey(keyId)
  const expected = key && context.signVersion2(key, policyText)
  if (key === undefined || expected === undefined) {
    throw new S3Error('InvalidAccessKeyId', { fields: [['AWSAccessKeyId', keyId]] })
  }
  if (context.crypto.equal(utf8Encode(signature), utf8Encode(expected))) return key
  throw new S3Error('SignatureDoesNotMatch', { fields: [['AWSAccessKeyId', keyId]] })
}

/**
 * Verifies a form that a browser posts: its policy is signed, and the form is as the policy says.
 * @param fields of the form before the file, lower-case names, none twice
 * @throws S3Error `AccessDenied`, `InvalidArgument` a field of the signature is missing or malformed,
 * `InvalidPolicyDocument`, `InvalidAccessKeyId`, `SignatureDoesNotMatch`, `InvalidToken`
 */
export function verifyPostForm<K extends SigningIdentity>(
  fields: ReadonlyMap<string, string>,
  bucket: string,
  context: FormContext<K>,
): { readonly key: K; readonly policy: PostPolicy } {
  if (fields.has('x-amz-security-token')) throw new S3Error('InvalidToken')
  const field = (name: string): string => {
    const value = fields.get(name)
    if (value) return value
    throw new S3Error('InvalidArgument', {
      message: `Bucket POST must contain a field named '${name}'.`,
      fields: [['ArgumentName', name]],
    })
  }
  const malformed = (message: string) => new S3Error('InvalidArgument', { message })
  const policyText = field('policy')
  if (fields.has('awsaccesskeyid')) {
    const key = verifyVersion2(field('awsaccesskeyid'), policyText, field('signature'), context)
    const policy = parsePostPolicy(policyText)
    checkPostForm(policy, fields, bucket, context.nowMs)
    return { key, policy }
  }
  if (field('x-amz-algorithm') !== signatureAlgorithm) {
    throw malformed(`x-amz-algorithm must be ${signatureAlgorithm}`)
  }
  const { keyId, scope } = parseCredential(field('x-amz-credential'), malformed)
  const amzDate = field('x-amz-date')
  if (parseAmzDate(amzDate) === undefined) throw malformed('x-amz-date is no date')
  checkScopeDate(scope, amzDate, malformed)
  const signature = field('x-amz-signature')
  const { key } = checkSignature(context, { keyId, scope, signature }, policyText)
  const policy = parsePostPolicy(policyText)
  checkPostForm(policy, fields, bucket, context.nowMs)
  return { key, policy }
}
