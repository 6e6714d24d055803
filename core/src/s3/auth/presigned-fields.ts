import { S3Error } from '../s3-error.ts'
import {
  checkScopeDate,
  type Malformed,
  parseAmzDate,
  parseCredential,
  parseSignedHeaders,
  type SignatureFields,
  signatureAlgorithm,
} from './signature-fields.ts'

/** Longest life of a presigned URL: a week, s. Amazon's. */
export const expiresMaxS = 604_800

/** Parameters that carry a signature; each may be there once. */
const authParameters = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
  'X-Amz-Security-Token',
  'X-Amz-Content-Sha256',
] as const

const malformed: Malformed = (message) =>
  new S3Error('AuthorizationQueryParametersError', { message })

/** Name and value of each parameter, decoded. */
export type Parameters = readonly (readonly [name: string, value: string])[]

/** Whether a query says that it is signed. */
export function isPresigned(parameters: Parameters): boolean {
  return parameters.some(
    ([name]) =>
      name === 'X-Amz-Signature' || name === 'X-Amz-Algorithm' || name === 'X-Amz-Credential',
  )
}

function expiresOf(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw malformed('X-Amz-Expires should be a number')
  const expiresS = Number(text)
  if (expiresS < 0) {
    throw new S3Error('AccessDenied', { message: 'X-Amz-Expires must be non-negative' })
  }
  if (expiresS > expiresMaxS) {
    throw new S3Error('AccessDenied', {
      message: `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${expiresMaxS} seconds`,
    })
  }
  return expiresS
}

/** @throws S3Error `AuthorizationQueryParametersError` a parameter is missing, repeated or malformed */
export function parsePresigned(parameters: Parameters): SignatureFields {
  const found = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (!authParameters.some((known) => known === name)) continue
    if (found.has(name)) throw malformed(`${name} is there more than once`)
    found.set(name, value)
  }
  const field = (name: (typeof authParameters)[number]): string => {
    const text = found.get(name)
    if (text) return text
    throw malformed(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    )
  }
  const algorithm = field('X-Amz-Algorithm')
  if (algorithm !== signatureAlgorithm) {
    throw malformed(`X-Amz-Algorithm only supports "${signatureAlgorithm}"`)
  }
  const { keyId, scope } = parseCredential(field('X-Amz-Credential'), (message) =>
    malformed(`Error parsing the X-Amz-Credential parameter; ${message}`),
  )
  const signature = field('X-Amz-Signature')
  const amzDate = field('X-Amz-Date')
  const timeMs = parseAmzDate(amzDate)
  if (timeMs === undefined) {
    throw malformed(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
  }
  const signedHeaders = parseSignedHeaders(field('X-Amz-SignedHeaders'), malformed)
  const expiresS = expiresOf(field('X-Amz-Expires'))
  checkScopeDate(scope, amzDate, malformed)
  return { keyId, scope, signedHeaders, signature, amzDate, timeMs, expiresS }
}
