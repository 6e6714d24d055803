import { AisError } from '../errors/ais-error.ts'
import type { ErrorCode } from '../errors/error-codes.ts'
import type { HeaderLine } from '../ports/call.ts'
import { type S3ErrorCode, s3ErrorCodes } from './s3-error-codes.ts'

/** What an S3 error says beyond its code. */
export interface S3ErrorOptions {
  readonly cause?: unknown
  /** What the client reads; absent: Amazon's own sentence for the code. Holds no secret. */
  readonly message?: string | undefined
  /** Elements of the XML document beside Code, Message, Resource and RequestId, in order. */
  readonly fields?: readonly (readonly [element: string, text: string])[] | undefined
  readonly headers?: readonly HeaderLine[]
}

/** An error that an S3 client is told in its own words: code and status are Amazon's. */
export class S3Error extends AisError {
  readonly s3Code: S3ErrorCode
  readonly fields: readonly (readonly [element: string, text: string])[]

  constructor(s3Code: S3ErrorCode, options: S3ErrorOptions = {}) {
    const { status, message } = s3ErrorCodes[s3Code]
    const { cause, headers } = options
    super(aisCode(status), options.message ?? message, {
      status,
      ...(cause === undefined ? {} : { cause }),
      ...(headers === undefined ? {} : { headers }),
    })
    this.s3Code = s3Code
    this.fields = options.fields ?? []
  }
}

/** The code that stands for `status` where the error leaves by the native API. */
function aisCode(status: number): ErrorCode {
  switch (status) {
    case 403:
      return 'ErrForbidden'
    case 404:
      return 'ErrNotFound'
    case 405:
      return 'ErrMethodNotAllowed'
    case 409:
      return 'ErrAlreadyExists'
    case 416:
      return 'ErrRangeNotSatisfiable'
    case 500:
      return 'ErrInternal'
    case 501:
      return 'ErrNotImpl'
    case 503:
      return 'ErrTooManyRequests'
    default:
      return 'ErrBadRequest'
  }
}
