import type { HeaderLine } from '../../ports/call.ts'
import { checksumHeader } from '../../s3/checksum-algorithms.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { payloadOf } from '../../s3/inner-headers.ts'
import { statedDigests } from '../../s3/object/body-digests.ts'
import { incomingOf } from '../../s3/object/receive-body.ts'
import { quoted } from '../../s3/object/s3-etag.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { partNumberOf, s3Upload, storePart, uploadIdOf } from '../../s3/object/s3-uploads.ts'
import { readUploadChecksum } from '../../s3/object/upload-checksum.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'

/** PUT with `uploadId` and `partNumber`: one part of an upload. */
export const uploadPart = s3Operation({
  name: 'UploadPart',
  method: 'PUT',
  on: 'object',
  query: ['uploadId', 'partNumber'],
  access: 'PUT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'PUT'),
  async target(s3, target) {
    const place = await s3Place(s3, target, 'PUT')
    const number = partNumberOf(s3)
    const id = uploadIdOf(s3)
    const { upload } = s3Upload(target, place, id)
    const wanted = readUploadChecksum(upload.custom)?.algorithm
    const payload = payloadOf(s3)
    const stated = statedDigests(s3.call.headers, payload, wanted)
    if (wanted !== undefined && stated.algorithm !== wanted) {
      throw new S3Error('InvalidRequest', {
        message: `Checksum Type mismatch occurred, expected checksum Type: ${wanted.toLowerCase()}, actual checksum Type: ${stated.algorithm?.toLowerCase()}`,
      })
    }
    const { md5, checksum } = await storePart(
      target,
      place,
      id,
      number,
      incomingOf(s3.call, payload),
      stated,
    )
    const headers: HeaderLine[] = [['ETag', quoted(md5)]]
    if (checksum) headers.push([checksumHeader(checksum.algorithm), checksum.value])
    return { status: 200, headers }
  },
})
