import type { Body, Call } from '../../ports/call.ts'
import type { Draft } from '../../ports/mountpath.ts'
import type { Place, TargetNode } from '../../target/target.ts'
import { chunkedHeaders } from '../auth/chunked-options.ts'
import type { PayloadRule } from '../auth/payload-rule.ts'
import { readContent } from '../read-content.ts'
import { type BodyDigests, createBodyHasher, type StatedDigests } from './body-digests.ts'

/** A body on its way in, and what is known of it. */
export interface Incoming {
  readonly body: Body
  /** Of the content, without framing. */
  readonly lengthBytes: number | undefined
  readonly payload: PayloadRule
  readonly headers: Call['headers']
}

/** The body of a call. Its length need not be known. @throws S3Error as `chunkedHeaders` */
export function incomingOf({ body, headers }: Call, payload: PayloadRule): Incoming {
  const lengthBytes =
    payload.kind === 'chunked' ? chunkedHeaders(headers, payload).decodedBytes : body.lengthBytes
  return { body, lengthBytes, payload, headers }
}

/**
 * Writes a body into a draft and checks all that was stated of it.
 * @returns the draft, ready to be committed, and its digests; nothing is left of it when this fails
 * @throws S3Error as `BodyHasher.finish`; `IncompleteBody`; AisError `ErrCapExceeded`
 */
export async function receiveBody(
  target: TargetNode,
  place: Place,
  incoming: Incoming,
  stated: StatedDigests,
  upload?: string,
): Promise<{ readonly draft: Draft; readonly digests: BodyDigests }> {
  const { type } = place.bucket.props.checksum
  const draft = await place.mountpath.draft(place.bucket, place.name, {
    sizeBytes: incoming.lengthBytes,
    checksumType: type,
    upload,
  })
  try {
    const hasher = createBodyHasher(target.platform, type, stated)
    const trailers = await readContent(target.platform, incoming, incoming.payload, (piece) => {
      hasher.update(piece)
      return draft.write(piece)
    })
    return { draft, digests: hasher.finish(trailers) }
  } catch (error) {
    await draft.discard()
    throw error
  }
}
