import type { HeaderLine } from '../ports/call.ts'

/** Error codes of S3 that this store answers with, each with its status and what it says when nothing better is known. */
export const s3ErrorCodes = {
  AccessDenied: [403, 'Access Denied'],
  AmbiguousBucketName: [404, 'Several buckets of the cluster have this name.'],
  AuthorizationHeaderMalformed: [400, 'The authorization header is malformed.'],
  AuthorizationQueryParametersError: [400, 'The authorization query parameters are not valid.'],
  BadDigest: [400, 'The digest or checksum you specified does not match what was received.'],
  BadRequest: [400, 'Bad Request'],
  BucketAlreadyExists: [409, 'The requested bucket name is not available.'],
  BucketAlreadyOwnedByYou: [409, 'You own a bucket of this name already.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty.'],
  ConditionalRequestConflict: [409, 'A conflicting operation happened during this request.'],
  EntityTooLarge: [400, 'Your proposed upload is larger than the maximum allowed size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size.'],
  ExpiredToken: [400, 'The provided token has expired.'],
  IncompleteBody: [400, 'The body ended before the number of bytes that were declared.'],
  InsufficientStorage: [507, 'The store has no room left.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The access key ID you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 or checksum value that you specified is not valid.'],
  InvalidPart: [
    400,
    'One or more of the specified parts could not be found, or the entity tag did not match.',
  ],
  InvalidPartNumber: [416, 'The requested part number is not satisfiable.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidTag: [400, 'The tag provided was not a valid tag.'],
  InvalidToken: [400, 'The provided token is malformed or otherwise not valid.'],
  InvalidURI: [400, 'Could not parse the specified URI.'],
  KeyTooLongError: [400, 'Your key is too long.'],
  MalformedPOSTRequest: [400, 'The body of your POST request is not well-formed multipart data.'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate.'],
  MaxMessageLengthExceeded: [400, 'Your request was too big.'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  MissingSecurityHeader: [400, 'Your request was missing a required header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [
    404,
    'The specified multipart upload does not exist. It may have been aborted or completed.',
  ],
  NoSuchVersion: [404, 'The specified version does not exist.'],
  NotImplemented: [501, 'A header or query you provided implies functionality not implemented.'],
  PreconditionFailed: [412, 'At least one of the preconditions you specified did not hold.'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and our time is too large.'],
  RequestTimeout: [400, 'Your connection was not read from or written to within the time allowed.'],
  SignatureDoesNotMatch: [403, 'The signature we calculated does not match the one you provided.'],
  SlowDown: [503, 'Please reduce your request rate.'],
  TooManyParts: [400, 'Too many parts.'],
  UnexpectedContent: [400, 'This request does not support content.'],
  XAmzContentSHA256Mismatch: [400, 'The x-amz-content-sha256 does not match what was received.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type S3ErrorCode = keyof typeof s3ErrorCodes

export interface S3ErrorOptions {
  readonly cause?: unknown
  /** Elements of the error document beside the common ones, in order: `ArgumentName`, `BucketName`, ... */
  readonly details?: readonly (readonly [element: string, text: string])[]
  /** Header lines the answer must carry: `Content-Range` of a 416. */
  readonly headers?: readonly HeaderLine[]
}

/** A refusal in the words of S3. `message` is what the client reads and holds no secret; empty: the code's own. */
export class S3Error extends Error {
  override readonly name = 'S3Error'
  readonly code: S3ErrorCode
  readonly status: number
  readonly details: readonly (readonly [element: string, text: string])[]
  readonly headers: readonly HeaderLine[]

  constructor(code: S3ErrorCode, message = '', options: S3ErrorOptions = {}) {
    const [status, usual] = s3ErrorCodes[code]
    super(message === '' ? usual : message, options.cause === undefined ? undefined : options)
    this.code = code
    this.status = status
    this.details = options.details ?? []
    this.headers = options.headers ?? []
  }
}
