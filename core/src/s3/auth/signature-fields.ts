import type { HeaderBlock } from '../../ports/call.ts'
import { S3Error } from '../s3-error.ts'

/** The only algorithm there is. SigV4A (ECDSA) and the signatures of version 2 are not offered. */
export const signatureAlgorithm = 'AWS4-HMAC-SHA256'

/** `date/region/service/terminator`, which a signing key is made for. */
export interface SignatureScope {
  /** `yyyymmdd`. */
  readonly date: string
  /** Any: one store has one region, whatever clients call it. */
  readonly region: string
  /** As it stands in the string to sign. */
  readonly text: string
}

/** What a request says of its signature; nothing of it is proved yet. */
export interface SignatureFields {
  readonly keyId: string
  readonly scope: SignatureScope
  /** Lower case, in byte order, none twice. */
  readonly signedHeaders: readonly string[]
  /** As it came; to be compared as text of 64 hex digits. */
  readonly signature: string
  /** `yyyymmddThhmmssZ`. */
  readonly amzDate: string
  readonly timeMs: number
  /** Of a presigned URL, s; `undefined` in a header request. */
  readonly expiresS?: number | undefined
}

/** Makes the error of the place a field was read from. */
export type Malformed = (message: string) => S3Error

const malformedHeader: Malformed = (message) =>
  new S3Error('AuthorizationHeaderMalformed', {
    message: `The authorization header is malformed; ${message}`,
  })

/** `KEY/yyyymmdd/region/s3/aws4_request`; the key ID may hold slashes. */
export function parseCredential(
  text: string,
  malformed: Malformed,
): { keyId: string; scope: SignatureScope } {
  const parts = text.split('/')
  const [date, region, service, terminator] = parts.slice(-4)
  const keyId = parts.slice(0, -4).join('/')
  if (keyId === '' || !date || !region || service === undefined || terminator === undefined) {
    throw malformed(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    )
  }
  if (!/^\d{8}$/.test(date)) throw malformed('incorrect date format in Credential.')
  if (service !== 's3')
    throw malformed(`incorrect service "${service}". This endpoint belongs to "s3".`)
  if (terminator !== 'aws4_request') {
    throw malformed(`incorrect terminal "${terminator}". This endpoint uses "aws4_request".`)
  }
  const scope = { date, region, text: `${date}/${region}/${service}/${terminator}` }
  return { keyId, scope }
}

/** Names in order; a name twice or none at all is refused. */
export function parseSignedHeaders(text: string, malformed: Malformed): readonly string[] {
  const names = text.split(';')
  const isSorted = names.every((name, at) => at === 0 || (names[at - 1] ?? '') < name)
  const sorted = isSorted ? names : names.toSorted()
  for (let at = 0; at < sorted.length; at++) {
    const name = sorted[at]
    if (!name || name !== name.toLowerCase() || name === sorted[at - 1]) {
      throw malformed('SignedHeaders must be lower-case names separated by ";", none twice.')
    }
  }
  return sorted
}

/** Ms since the epoch of `yyyymmddThhmmssZ`; `undefined` when it is no such moment, or one before 1970. */
export function parseAmzDate(text: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (found === null) return undefined
  const [, year, month, day, hours, minutes, seconds] = found.map(Number)
  if (year === undefined || month === undefined || day === undefined) return undefined
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined
  if (year < 1970 || month < 1 || month > 12 || day < 1) return undefined
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const daysMax = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day > daysMax ? undefined : Date.UTC(year, month - 1, day, hours, minutes, seconds)
}

/** `yyyymmddThhmmssZ` of a moment within the years 0 to 9999. */
export function amzDateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** The time of a header request: `x-amz-date`, or else `date`. @throws S3Error `AccessDenied` */
function requestTime(headers: HeaderBlock): { amzDate: string; timeMs: number } {
  const amzDate = headers.get('x-amz-date')
  const stated = amzDate ?? headers.get('date')
  if (stated !== undefined) {
    const exact = parseAmzDate(stated)
    if (exact !== undefined) return { amzDate: stated, timeMs: exact }
    const timeMs = amzDate === undefined ? Date.parse(stated) : Number.NaN
    if (timeMs >= 0 && timeMs < 253_402_300_800_000) return { amzDate: amzDateOf(timeMs), timeMs }
  }
  throw new S3Error('AccessDenied', {
    message: 'AWS authentication requires a valid Date or x-amz-date header',
  })
}

/**
 * Reads the value of an `Authorization` header that begins with the algorithm.
 * @throws S3Error `AuthorizationHeaderMalformed`; `AccessDenied` without a date
 */
export function parseAuthorization(value: string, headers: HeaderBlock): SignatureFields {
  const fields = new Map<string, string>()
  for (const part of value.slice(signatureAlgorithm.length).split(',')) {
    const equals = part.indexOf('=')
    const name = part.slice(0, equals).trim()
    if (equals < 0 || fields.has(name)) throw malformedHeader(`"${part.trim()}" is not understood.`)
    fields.set(name, part.slice(equals + 1).trim())
  }
  const field = (name: string): string => {
    const text = fields.get(name)
    if (!text) throw malformedHeader(`the authorization component "${name}=..." is missing.`)
    return text
  }
  const { keyId, scope } = parseCredential(field('Credential'), malformedHeader)
  const signedHeaders = parseSignedHeaders(field('SignedHeaders'), malformedHeader)
  const signature = field('Signature')
  const { amzDate, timeMs } = requestTime(headers)
  checkScopeDate(scope, amzDate, malformedHeader)
  return { keyId, scope, signedHeaders, signature, amzDate, timeMs }
}

/** The day of the scope is the day of the request. */
export function checkScopeDate(scope: SignatureScope, amzDate: string, malformed: Malformed): void {
  if (amzDate.startsWith(scope.date)) return
  throw malformed(
    `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${amzDate.slice(0, 8)}".`,
  )
}
