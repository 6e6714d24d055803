import type { AccessKey, Credentials } from '../../cluster/credentials.ts'
import type { KeyRing } from '../../cluster/key-ring.ts'
import { unsignedPayload } from '../inner-headers.ts'
import { S3Error } from '../s3-error.ts'
import { type PayloadRule, payloadRule } from './payload-rule.ts'
import { isPresigned, type Parameters } from './presigned-fields.ts'
import { anonymous, type Principal, principalOf } from './principal.ts'
import { signatureAlgorithm } from './signature-fields.ts'
import {
  type SignatureContext,
  type SignedCall,
  type VerifyingCrypto,
  verifyHeaderSignature,
  verifyPresigned,
} from './verify-signature.ts'

/** What the decision is made from. */
export interface AuthorizeContext {
  readonly crypto: VerifyingCrypto
  readonly nowMs: number
  readonly keyRing: Pick<KeyRing, 'find' | 'signingKeys'>
  readonly credentials: Credentials
  /** `auth.allow_s3_token_compat`: a token in `X-Amz-Security-Token` decides, whatever the signature is. Upstream's way. */
  readonly allowTokenCompat: boolean
  /** Whom a token (JWT) stands for; `undefined`: it is not accepted. */
  findToken(token: string): Principal | undefined
}

/** Who calls, and what was promised of the body. */
export interface Authorized {
  readonly principal: Principal
  readonly payload: PayloadRule
  /** When a presigned URL stops being good, ms since the epoch. */
  readonly expiresAtMs?: number | undefined
  readonly by: 'signature' | 'presigned' | 'form' | 'token' | 'nothing'
  /** What is left to the node that has the object, as `admissionText` says it. */
  readonly admission?: string | undefined
}

const bearer = 'Bearer '

function unsupported(authorization: string): S3Error {
  if (authorization.startsWith('AWS ') || authorization.startsWith('AWS4-')) {
    return new S3Error('InvalidRequest', {
      message: `The authorization mechanism you have provided is not supported. Please use ${signatureAlgorithm}.`,
    })
  }
  return new S3Error('InvalidArgument', {
    message: 'Unsupported Authorization Type',
    fields: [['ArgumentName', 'Authorization']],
  })
}

const several = () =>
  new S3Error('InvalidArgument', {
    message:
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    fields: [['ArgumentName', 'Authorization']],
  })

/** Overrides of response headers that only signed requests may ask for. */
const overrides =
  /^response-(cache-control|content-disposition|content-encoding|content-language|content-type|expires)$/

function byToken(
  call: SignedCall,
  token: string,
  context: AuthorizeContext,
  otherwise: S3Error,
): Authorized {
  const principal = context.findToken(token)
  if (principal === undefined) throw otherwise
  // Who signs with a token for its session signs chunks, too: with a secret that nobody knows here.
  const stated = call.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD'
  return { principal, payload: payloadRule(stated, () => undefined), by: 'token' }
}

/** Of a right signature. */
function bySignature(
  call: SignedCall,
  parameters: Parameters,
  context: AuthorizeContext,
  authorization: string | undefined,
): Authorized {
  const { crypto, nowMs, keyRing, credentials } = context
  const signatures: SignatureContext<AccessKey> = {
    crypto,
    nowMs,
    keys: keyRing.signingKeys,
    findKey: (keyId) => keyRing.find(keyId),
  }
  const verified =
    authorization === undefined
      ? verifyPresigned(call, parameters, signatures)
      : verifyHeaderSignature(call, authorization, signatures)
  const { key, payload, expiresAtMs } = verified
  const user = credentials.users.get(key.user)
  if (user === undefined) throw new S3Error('InvalidAccessKeyId')
  const by = authorization === undefined ? 'presigned' : 'signature'
  return { principal: principalOf(user), payload, expiresAtMs, by }
}

/**
 * Decides by what a call carries on whose behalf it is made; what that principal may do is another question.
 * A credential that is there must be right: nobody becomes anonymous by a wrong one.
 * @param parameters the decoded query of `call.target`
 * @throws S3Error `InvalidArgument` two different credentials, or of an unknown kind; `InvalidToken`; `AccessDenied` a
 * token nobody vouches for; as `verifyHeaderSignature` and `verifyPresigned`; `InvalidRequest` when somebody unknown
 * overrides headers of the response
 */
export function authorize(
  call: SignedCall,
  parameters: Parameters,
  context: AuthorizeContext,
): Authorized {
  const { headers } = call
  const lines = headers.all('authorization').filter((value) => value !== '')
  const presigned = isPresigned(parameters)
  const [authorization] = lines
  const tokens = headers.all('x-amz-security-token')
  if (parameters.some(([name]) => name.toLowerCase() === 'x-amz-security-token')) {
    throw new S3Error('InvalidToken')
  }
  if (tokens.length > 0 && !context.allowTokenCompat) throw new S3Error('InvalidToken')
  if (lines.length > 1 || (authorization !== undefined && presigned)) throw several()
  const isBearer = authorization?.startsWith(bearer) === true
  const isSigned = authorization?.startsWith(`${signatureAlgorithm} `) === true
  if (authorization !== undefined && !isBearer && !isSigned) throw unsupported(authorization)
  const [token] = tokens
  if (token !== undefined) {
    if (isBearer) throw several()
    if (tokens.length > 1) throw new S3Error('InvalidToken')
    return byToken(call, token, context, new S3Error('InvalidToken'))
  }
  if (isBearer) {
    return byToken(call, authorization.slice(bearer.length), context, new S3Error('AccessDenied'))
  }
  if (isSigned || presigned) return bySignature(call, parameters, context, authorization)
  if (parameters.some(([name]) => name === 'AWSAccessKeyId')) throw unsupported('AWS ')
  if (parameters.some(([name]) => overrides.test(name))) {
    throw new S3Error('InvalidRequest', {
      message: 'Request specific response headers cannot be used for anonymous GET requests.',
    })
  }
  return { principal: anonymous, payload: unsignedPayload(headers), by: 'nothing' }
}
