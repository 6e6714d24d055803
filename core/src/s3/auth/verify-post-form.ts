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

/**
 * Verifies a form that a browser posts: its policy is signed, and the form is as the policy says.
 * @param fields of the form before the file, lower-case names, none twice
 * @throws S3Error `AccessDenied`, `InvalidArgument` a field of the signature is missing or malformed,
 * `InvalidPolicyDocument`, `InvalidAccessKeyId`, `SignatureDoesNotMatch`, `InvalidToken`
 */
export function verifyPostForm<K extends SigningIdentity>(
  fields: ReadonlyMap<string, string>,
  bucket: string,
  context: SignatureContext<K>,
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
