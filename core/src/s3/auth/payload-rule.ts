import { S3Error } from '../s3-error.ts'

/** What the chunks of a streaming upload are signed with: a key of one day, region and service, never the secret. */
export interface ChunkSigning {
  readonly signingKey: Uint8Array
  readonly amzDate: string
  /** `date/region/s3/aws4_request`. */
  readonly scope: string
  /** Signature of the request, which the first chunk's is built on: 64 hex digits. */
  readonly seed: string
}

/** What the signature promises of the body; the target holds the body to it before it commits. */
export type PayloadRule =
  | { readonly kind: 'unsigned' }
  /** Lower-case hex. */
  | { readonly kind: 'sha256'; readonly hex: string }
  /** aws-chunked. `signing`: every chunk has a signature; `trailer`: header lines follow the last one. */
  | {
      readonly kind: 'chunked'
      readonly signing: ChunkSigning | undefined
      readonly trailer: boolean
    }

/**
 * @param signing for those forms whose chunks are signed; `undefined`: nobody checks them
 * @throws S3Error `InvalidArgument`
 */
export function payloadRule(
  contentSha256: string,
  signing: () => ChunkSigning | undefined,
): PayloadRule {
  switch (contentSha256) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'chunked', signing: signing(), trailer: false }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunked', signing: signing(), trailer: true }
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', signing: undefined, trailer: true }
  }
  if (/^[0-9a-f]{64}$/.test(contentSha256)) return { kind: 'sha256', hex: contentSha256 }
  throw new S3Error('InvalidArgument', {
    message:
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-UNSIGNED-PAYLOAD-TRAILER or a valid sha256 value.',
    fields: [
      ['ArgumentName', 'x-amz-content-sha256'],
      ['ArgumentValue', contentSha256],
    ],
  })
}
