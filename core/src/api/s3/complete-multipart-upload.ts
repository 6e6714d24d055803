import { isAisError } from '../../errors/ais-error.ts'
import { checksumElement, checksumHeader, type S3Checksum } from '../../s3/checksum-algorithms.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import {
  chooseParts,
  compositeEtag,
  objectChecksum,
  parseParts,
} from '../../s3/object/complete-upload.ts'
import { quoted } from '../../s3/object/s3-etag.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { noSuchUpload, s3Upload, uploadIdOf } from '../../s3/object/s3-uploads.ts'
import { checksumPairs } from '../../s3/object/store-object.ts'
import { withContent } from '../../s3/object/stored-metadata.ts'
import { readUploadChecksum, withoutUploadChecksum } from '../../s3/object/upload-checksum.ts'
import { writeConditions } from '../../s3/object/write-conditions.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'
import { completeWith } from '../../target/multipart.ts'

/** 10,000 parts, each with an ETag and checksums. */
const bodyBytesMax = 8 * 1024 * 1024

/** POST with `uploadId`: the named parts become the object. Nothing is copied; the tag and checksum follow from the parts'. */
export const completeMultipartUpload = s3Operation({
  name: 'CompleteMultipartUpload',
  method: 'POST',
  on: 'object',
  query: ['uploadId'],
  access: 'PUT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'PUT'),
  async target(s3, target) {
    const place = await s3Place(s3, target, 'PUT')
    const { platform } = target
    const { headers } = s3.call
    const id = uploadIdOf(s3)
    s3Upload(target, place, id)
    const root = await verifiedXml(s3, platform, bodyBytesMax, 'CompleteMultipartUpload')
    const named = parseParts(root)
    const check = writeConditions(headers, s3.key)
    const stated = headers.get('x-amz-mp-object-size')
    let etag = ''
    let checksum: S3Checksum | undefined
    let type = ''
    try {
      await completeWith(target, place, id, (upload, have, existing) => {
        check(existing)
        const chosen = chooseParts(
          named,
          have,
          target.settings.current().s3.semantics === 'aistore',
        )
        const size = chosen.reduce((sum, chunk) => sum + chunk.sizeBytes, 0)
        if (stated !== undefined && stated !== String(size)) {
          throw new S3Error('InvalidRequest', {
            message: 'The provided x-amz-mp-object-size does not match the size of the parts.',
          })
        }
        etag = compositeEtag(platform, chosen)
        const wanted = readUploadChecksum(upload.custom)
        if (wanted !== undefined) {
          const { algorithm } = wanted
          type = wanted.type
          checksum = { algorithm, value: objectChecksum(platform, wanted, chosen) }
          const given = headers.get(checksumHeader(algorithm))
          if (given !== undefined && given !== checksum.value) throw new S3Error('BadDigest')
        }
        const custom = withContent(
          withoutUploadChecksum(upload.custom),
          etag,
          checksumPairs(checksum, type),
        )
        return { numbers: chosen.map(({ partNumber }) => partNumber), custom }
      })
    } catch (error) {
      const isGone = isAisError(error, 'ErrNotFound') && !(error instanceof S3Error)
      throw isGone ? noSuchUpload(id) : error
    }
    const host = s3.call.headers.get('host') ?? ''
    return xmlReply([
      'CompleteMultipartUploadResult',
      [
        ['Location', `http://${host}/${s3.bucket}/${s3.key}`],
        ['Bucket', s3.bucket],
        ['Key', s3.key],
        ['ETag', quoted(etag)],
        ...(checksum === undefined
          ? []
          : [
              [checksumElement(checksum.algorithm), checksum.value] as const,
              ['ChecksumType', type] as const,
            ]),
      ],
    ])
  },
})
