import type { HeaderBlock } from '../../ports/call.ts'
import { S3Error } from '../s3-error.ts'
import type { ChunkedOptions } from './aws-chunked.ts'
import type { PayloadRule } from './payload-rule.ts'

/** What the headers of a call say of its framing: all but the cryptography of `ChunkedOptions`. */
export type ChunkedHeaders = Omit<ChunkedOptions, 'crypto' | 'createSha256'>

/** @throws S3Error `MissingContentLength` without a decoded length, `InvalidArgument` when that is no length */
export function chunkedHeaders(
  headers: HeaderBlock,
  rule: Extract<PayloadRule, { kind: 'chunked' }>,
): ChunkedHeaders {
  const text = headers.get('x-amz-decoded-content-length')
  if (text === undefined) throw new S3Error('MissingContentLength')
  const decodedBytes = Number(text)
  if (!/^\d{1,15}$/.test(text)) {
    throw new S3Error('InvalidArgument', {
      message: 'x-amz-decoded-content-length must be a number of bytes',
      fields: [
        ['ArgumentName', 'x-amz-decoded-content-length'],
        ['ArgumentValue', text],
      ],
    })
  }
  const trailerNames = headers
    .all('x-amz-trailer')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  if (!rule.trailer && trailerNames.length > 0) {
    throw new S3Error('InvalidRequest', {
      message: 'x-amz-trailer needs a value of x-amz-content-sha256 that ends in -TRAILER',
    })
  }
  return { rule, decodedBytes, trailerNames: [...new Set(trailerNames)] }
}

/**
 * `Content-Encoding` as it is to be stored: the framing itself is no encoding of the object. `undefined`: none.
 */
export function contentEncodingWithoutFraming(value: string | undefined): string | undefined {
  const left = value
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one.toLowerCase() !== 'aws-chunked')
  return left === undefined || left.length === 0 ? undefined : left.join(', ')
}
