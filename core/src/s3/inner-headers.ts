import { fromBase64, toBase64 } from '../algorithms/base64.ts'
import { toBase36 } from '../algorithms/short-id.ts'
import type { Call, HeaderBlock, HeaderLine } from '../ports/call.ts'
import { isJsonObject, parseJson, stringifyJson } from '../wire/json.ts'
import { type ChunkSigning, type PayloadRule, payloadRule } from './auth/payload-rule.ts'
import type { S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'

/** Begins every header that a gateway adds for a target; what a client sends of these is dropped. */
export const innerPrefix = 'ais-s3-'

const requestIdHeader = 'ais-s3-request-id'
const bucketIdHeader = 'ais-s3-bucket-id'
const payloadHeader = 'ais-s3-payload'

/** A target that copies an object asks for its tags so, and gets them so: to a client only their number is told. */
export const tagsHeader = 'ais-s3-tags'

/** What a gateway knows of a call that its target must know, too. */
export interface InnerFacts {
  readonly requestId: string
  /** ID of the bucket that the gateway saw. */
  readonly bid: bigint
  readonly payload: PayloadRule
}

/** The rule of a body that was not signed: what the client states of it itself. @throws S3Error `InvalidArgument`, `AccessDenied` */
export function unsignedPayload(headers: HeaderBlock): PayloadRule {
  const stated = headers.get('x-amz-content-sha256')
  if (stated === undefined) return { kind: 'unsigned' }
  return payloadRule(stated, () => {
    throw new S3Error('AccessDenied', { message: 'Signed chunks need a signed request.' })
  })
}

function payloadText(rule: PayloadRule): string {
  if (rule.kind !== 'chunked' || rule.signing === undefined) return stringifyJson(rule)
  const signing = { ...rule.signing, signingKey: toBase64(rule.signing.signingKey) }
  return stringifyJson({ ...rule, signing })
}

export function innerHeaders({ requestId, bid, payload }: InnerFacts): HeaderLine[] {
  return [
    [requestIdHeader, requestId],
    [bucketIdHeader, toBase36(bid)],
    [payloadHeader, payloadText(payload)],
  ]
}

/** Of the call as its gateway named it. */
export function innerRequestId(headers: HeaderBlock): string | undefined {
  return headers.get(requestIdHeader)
}

/** Of the bucket, as `statedBucket` takes it. */
export function innerBucketId(headers: HeaderBlock): string | undefined {
  return headers.get(bucketIdHeader)
}

function readSigning(value: unknown): ChunkSigning | undefined {
  if (!isJsonObject(value)) return undefined
  const { signingKey, amzDate, scope, seed } = value
  const key = typeof signingKey === 'string' ? fromBase64(signingKey) : undefined
  const isText = (part: unknown): part is string => typeof part === 'string'
  if (key === undefined || !isText(amzDate) || !isText(scope) || !isText(seed)) return undefined
  return { signingKey: key, amzDate, scope, seed }
}

/** What the body of a call must be, at a gateway and at a target. @throws S3Error as `payloadAtTarget` */
export function payloadOf({ authorized, call }: S3Call): PayloadRule {
  return authorized?.payload ?? payloadAtTarget(call)
}

/**
 * What the gateway said of the body; a client that was redirected says it itself.
 * @throws S3Error `InternalError` when it cannot be read: nobody else writes it; as `unsignedPayload`
 */
function payloadAtTarget({ headers, network }: Pick<Call, 'headers' | 'network'>): PayloadRule {
  const text = network === 'public' ? undefined : headers.get(payloadHeader)
  if (text === undefined) return unsignedPayload(headers)
  const json = parseJson(text)
  if (isJsonObject(json)) {
    const { kind, hex, trailer, signing } = json
    if (kind === 'unsigned') return { kind }
    if (kind === 'sha256' && typeof hex === 'string') return { kind, hex }
    if (kind === 'chunked' && typeof trailer === 'boolean') {
      const read = readSigning(signing)
      if (signing === undefined || read !== undefined) return { kind, trailer, signing: read }
    }
  }
  throw new S3Error('InternalError')
}
