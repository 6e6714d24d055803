import type { Platform } from '../ports/platform.ts'
import { payloadOf } from './inner-headers.ts'
import { createBodyHasher, statedDigests } from './object/body-digests.ts'
import { readContent } from './read-content.ts'
import type { S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'
import { parseXmlAs, type XmlElement } from './xml-reader.ts'

/**
 * The whole of a small body, checked against all that was stated of it.
 * @throws S3Error `MaxMessageLengthExceeded`; as `BodyHasher.finish` and `readContent`
 */
export async function verifiedBody(
  s3: S3Call,
  platform: Platform,
  bytesMax: number,
): Promise<Uint8Array> {
  const { call } = s3
  const payload = payloadOf(s3)
  const hasher = createBodyHasher(platform, 'none', statedDigests(call.headers, payload))
  const pieces: Uint8Array[] = []
  let size = 0
  const trailers = await readContent(platform, call, payload, (piece) => {
    size += piece.length
    if (size > bytesMax) throw new S3Error('MaxMessageLengthExceeded')
    hasher.update(piece)
    pieces.push(new Uint8Array(piece))
  })
  hasher.finish(trailers)
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** The document that a body must be. @throws S3Error `MalformedXML`; as `verifiedBody` */
export async function verifiedXml(
  s3: S3Call,
  platform: Platform,
  bytesMax: number,
  root: string,
): Promise<XmlElement> {
  return parseXmlAs(await verifiedBody(s3, platform, bytesMax), root)
}
