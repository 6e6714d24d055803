import type { Body, Call } from '../ports/call.ts'
import type { Platform } from '../ports/platform.ts'
import { type ContentSink, decodeChunked, type Trailers } from './auth/aws-chunked.ts'
import { chunkedHeaders } from './auth/chunked-options.ts'
import type { PayloadRule } from './auth/payload-rule.ts'

/**
 * Reads a body to its end, its content into `sink`, without the framing and with the signatures of chunks checked.
 * @returns its trailing headers
 * @throws S3Error as `decodeChunked`; AisError `ErrClientGone`
 */
export async function readContent(
  platform: Pick<Platform, 'crypto' | 'createHasher'>,
  { body, headers }: Pick<Call, 'headers'> & { readonly body: Body },
  payload: PayloadRule,
  sink: ContentSink,
): Promise<Trailers> {
  if (payload.kind !== 'chunked') {
    await body.consume(sink)
    return []
  }
  const options = {
    ...chunkedHeaders(headers, payload),
    crypto: platform.crypto,
    createSha256: () => platform.createHasher('sha256'),
  }
  return decodeChunked(body, options, sink)
}
