import { toHex } from '../algorithms/hex.ts'
import { type AisError, isAisError } from '../errors/ais-error.ts'
import { noStore } from '../node/error-reply.ts'
import type { HeaderLine, Reply } from '../ports/call.ts'
import type { Random } from '../ports/random.ts'
import { S3Error } from './s3-error.ts'
import type { S3ErrorCode } from './s3-error-codes.ts'
import { bareXmlDocument } from './xml-writer.ts'

/** What an error document tells beside the error. */
export interface ErrorContext {
  readonly method: string
  readonly resource: string
  readonly requestId: string
}

const requestIdBytes = 8

/** A name for a call, upper-case hex. */
export function newRequestId(random: Random): string {
  return toHex(random.bytes(requestIdBytes)).toUpperCase()
}

/** Names a call on every node that it passes; the second is what support asks for at Amazon. */
export function requestIdHeaders(requestId: string): HeaderLine[] {
  return [
    ['x-amz-request-id', requestId],
    ['x-amz-id-2', requestId],
  ]
}

function codeOf(error: AisError): S3ErrorCode {
  switch (error.code) {
    case 'ErrBckNotFound':
    case 'ErrRemoteBckNotFound':
      return 'NoSuchBucket'
    case 'ErrNotFound':
    case 'ErrObjDefunct':
      return 'NoSuchKey'
    case 'ErrUnauthorized':
    case 'ErrForbidden':
    case 'ErrBucketAccessDenied':
    case 'ErrObjectAccessDenied':
      return 'AccessDenied'
    case 'ErrMethodNotAllowed':
      return 'MethodNotAllowed'
    case 'ErrBucketAlreadyExists':
      return 'BucketAlreadyOwnedByYou'
    case 'ErrAlreadyExists':
    case 'ErrPreempted':
      return 'OperationAborted'
    case 'ErrRangeNotSatisfiable':
      return 'InvalidRange'
    case 'ErrTooLarge':
      return 'MaxMessageLengthExceeded'
    case 'ErrUnsupp':
    case 'ErrNotImpl':
      return 'NotImplemented'
    case 'ErrCapExceeded':
      return 'InsufficientStorage'
    case 'ErrClientGone':
      return 'IncompleteBody'
    // A node that is away, behind or busy is there again in a moment: nothing of the call has happened for good.
    case 'ErrBusy':
    case 'ErrTooManyRequests':
    case 'ErrUnreachable':
    case 'ErrNotReady':
    case 'ErrNoNodes':
      return 'SlowDown'
    case 'ErrBadRequest':
      return error.status === 412 ? 'PreconditionFailed' : 'InvalidRequest'
    default:
      return 'InternalError'
  }
}

/** Codes whose sentence says all: what a node says in their place is about nodes. */
const plainCodes: ReadonlySet<S3ErrorCode> = new Set([
  'NoSuchBucket',
  'NoSuchKey',
  'InternalError',
  'SlowDown',
  'PreconditionFailed',
])

/** The error in S3's words. What is no error of ours is an `InternalError`, with nothing told. */
export function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error
  if (!isAisError(error)) return new S3Error('InternalError', { cause: error })
  const code = codeOf(error)
  const { headers } = error
  if (plainCodes.has(code)) return new S3Error(code, { cause: error, headers })
  return new S3Error(code, { message: error.message, cause: error, headers })
}

/** The answer of S3 to a call that failed: the error document, or for HEAD its status alone. */
export function s3ErrorReply(error: S3Error, { method, resource, requestId }: ErrorContext): Reply {
  const own = error.headers.filter(([name]) => name !== noStore[0])
  const headers: HeaderLine[] = [...own, noStore, ...requestIdHeaders(requestId)]
  if (error.status === 503) headers.push(['Retry-After', '1'])
  if (method === 'HEAD') return { status: error.status, headers }
  const document = bareXmlDocument([
    'Error',
    [
      ['Code', error.s3Code],
      ['Message', error.message],
      ...error.fields,
      ['Resource', resource],
      ['RequestId', requestId],
      ['HostId', requestId],
    ],
  ])
  headers.push(['Content-Type', 'application/xml'])
  return { status: error.status, headers, body: { kind: 'bytes', bytes: document } }
}
