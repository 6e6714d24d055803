import type { Platform } from '../ports/platform.ts'
import type { PayloadRule } from './auth/payload-rule.ts'
import { payloadOf } from './inner-headers.ts'
import { createBodyHasher, type StatedDigests, statedDigests } from './object/body-digests.ts'
import { readContent } from './read-content.ts'
import type { S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'
import { parseXmlAs, type XmlElement } from './xml-reader.ts'

/**
 * The whole of a small body, checked against all that was stated of it.
 * @param checksumIs what the checksum headers are about: a completion states that of the object
 * @throws S3Error `MaxMessageLengthExceeded`; as `BodyHasher.finish` and `readContent`
 */
export async function verifiedBody(
  s3: S3Call,
  platform: Platform,
  bytesMax: number,
  checksumIs: 'of the body' | 'of the object' = 'of the body',
): Promise<Uint8Array> {
  const { call } = s3
  const payload = payloadOf(s3)
  const stated =
    checksumIs === 'of the body' ? statedDigests(call.headers, payload) : digestOnly(payload)
  const hasher = createBodyHasher(platform, 'none', stated)
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
  checksumIs: 'of the body' | 'of the object' = 'of the body',
): Promise<XmlElement> {
  return parseXmlAs(await verifiedBody(s3, platform, bytesMax, checksumIs), root)
}

/** What the signature says of the body, where the other headers are about something else. */
function digestOnly(payload: PayloadRule): StatedDigests {
  const sha256 = payload.kind === 'sha256' ? payload.hex : undefined
  return { md5: undefined, sha256, checksum: undefined, algorithm: undefined, inTrailer: false }
}
