import { toHex } from '../../algorithms/hex.ts'
import { utf8Encode } from '../../algorithms/utf8.ts'
import type { Call } from '../../ports/call.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { S3Error } from '../s3-error.ts'
import { canonicalHeaders, canonicalTarget } from './canonical-request.ts'
import { type PayloadRule, payloadRule } from './payload-rule.ts'
import { type Parameters, parsePresigned } from './presigned-fields.ts'
import { parseAuthorization, type SignatureFields, signatureAlgorithm } from './signature-fields.ts'
import type { SigningIdentity, SigningKeys } from './signing-keys.ts'

/** How far a client's clock may be off, ms, either way. Amazon's. */
export const skewMaxMs = 15 * 60_000

/** What of cryptography a verifier needs: platforms that have no more can check signatures, too. */
export type VerifyingCrypto = Pick<Crypto, 'sha256Hex' | 'hmacSha256' | 'equal'>

/** What the verifier asks of the rest. */
export interface SignatureContext<K extends SigningIdentity> {
  readonly crypto: VerifyingCrypto
  readonly nowMs: number
  readonly keys: SigningKeys<K>
  /** An access key that may be used now; `undefined`: unknown, disabled or expired. */
  findKey(keyId: string): K | undefined
}

/** A signature that was right. */
export interface VerifiedSignature<K extends SigningIdentity> {
  readonly key: K
  /** When a presigned URL stops being good, ms since the epoch; `undefined` in a header request. */
  readonly expiresAtMs: number | undefined
  readonly payload: PayloadRule
}

/** What of a call is signed. */
export type SignedCall = Pick<Call, 'method' | 'target' | 'headers'>

function checkTime({ timeMs, amzDate, expiresS }: SignatureFields, nowMs: number): void {
  const serverTime = new Date(nowMs).toISOString()
  if (expiresS === undefined) {
    if (Math.abs(nowMs - timeMs) <= skewMaxMs) return
    throw new S3Error('RequestTimeTooSkewed', {
      fields: [
        ['RequestTime', amzDate],
        ['ServerTime', serverTime],
        ['MaxAllowedSkewMilliseconds', String(skewMaxMs)],
      ],
    })
  }
  if (timeMs - nowMs > skewMaxMs) {
    throw new S3Error('AccessDenied', {
      message: 'Request is not valid yet',
      fields: [
        ['X-Amz-Date', amzDate],
        ['ServerTime', serverTime],
      ],
    })
  }
  const expiresAtMs = timeMs + expiresS * 1000
  if (nowMs < expiresAtMs) return
  throw new S3Error('AccessDenied', {
    message: 'Request has expired',
    fields: [
      ['X-Amz-Expires', String(expiresS)],
      ['Expires', new Date(expiresAtMs).toISOString()],
      ['ServerTime', serverTime],
    ],
  })
}

/** Compares in constant time; keeps the signing key when it was right. */
export function checkSignature<K extends SigningIdentity>(
  context: SignatureContext<K>,
  fields: Pick<SignatureFields, 'keyId' | 'scope' | 'signature'>,
  stringToSign: string,
  canonicalRequest?: string,
): { key: K; signingKey: Uint8Array } {
  const { crypto, keys } = context
  const { keyId, scope, signature } = fields
  const key = context.findKey(keyId)
  const signingKey = key && keys.find(key, scope)
  if (key === undefined || signingKey === undefined) {
    throw new S3Error('InvalidAccessKeyId', { fields: [['AWSAccessKeyId', keyId]] })
  }
  const expected = toHex(crypto.hmacSha256(signingKey, stringToSign))
  if (!crypto.equal(utf8Encode(signature), utf8Encode(expected))) {
    throw new S3Error('SignatureDoesNotMatch', {
      fields: [
        ['AWSAccessKeyId', keyId],
        ['StringToSign', stringToSign],
        ['SignatureProvided', signature],
        ...(canonicalRequest === undefined
          ? []
          : [['CanonicalRequest', canonicalRequest] as const]),
      ],
    })
  }
  keys.keep(key, scope, signingKey)
  return { key, signingKey }
}

function verify<K extends SigningIdentity>(
  call: SignedCall,
  fields: SignatureFields,
  contentSha256: string,
  context: SignatureContext<K>,
): VerifiedSignature<K> {
  const { amzDate, scope, signedHeaders, signature, timeMs, expiresS } = fields
  checkTime(fields, context.nowMs)
  const { path, query } = canonicalTarget(call.target)
  const headers = canonicalHeaders(call.headers.lines(), signedHeaders)
  if (headers.unsigned.length > 0) {
    throw new S3Error('AccessDenied', {
      message: 'There were headers present in the request which were not signed',
      fields: [['HeadersNotSigned', headers.unsigned.join(', ')]],
    })
  }
  const canonicalRequest = `${call.method}\n${path}\n${query}\n${headers.text}\n${signedHeaders.join(';')}\n${contentSha256}`
  const stringToSign = `${signatureAlgorithm}\n${amzDate}\n${scope.text}\n${context.crypto.sha256Hex(canonicalRequest)}`
  const { key, signingKey } = checkSignature(context, fields, stringToSign, canonicalRequest)
  return {
    key,
    expiresAtMs: expiresS === undefined ? undefined : timeMs + expiresS * 1000,
    payload: payloadRule(contentSha256, () => ({
      signingKey,
      amzDate,
      scope: scope.text,
      seed: signature,
    })),
  }
}

/**
 * Verifies a request signed in its `Authorization` header.
 * @throws S3Error `AuthorizationHeaderMalformed`, `AccessDenied`, `RequestTimeTooSkewed`, `InvalidAccessKeyId`,
 * `SignatureDoesNotMatch`, `InvalidRequest` without `x-amz-content-sha256`, `InvalidArgument` when that is no form
 */
export function verifyHeaderSignature<K extends SigningIdentity>(
  call: SignedCall,
  authorization: string,
  context: SignatureContext<K>,
): VerifiedSignature<K> {
  const fields = parseAuthorization(authorization, call.headers)
  const [contentSha256, another] = call.headers.all('x-amz-content-sha256')
  if (contentSha256 === undefined || another !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Missing required header for this request: x-amz-content-sha256',
    })
  }
  return verify(call, fields, contentSha256, context)
}

/**
 * Verifies a presigned URL. Its body is unsigned unless the query or a signed header states a digest.
 * @param parameters the decoded query of `call.target`
 * @throws S3Error `AuthorizationQueryParametersError`, and as `verifyHeaderSignature`
 */
export function verifyPresigned<K extends SigningIdentity>(
  call: SignedCall,
  parameters: Parameters,
  context: SignatureContext<K>,
): VerifiedSignature<K> {
  const fields = parsePresigned(parameters)
  const stated = parameters.find(([name]) => name === 'X-Amz-Content-Sha256')?.[1]
  const contentSha256 = stated ?? call.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD'
  return verify(call, fields, contentSha256, context)
}
