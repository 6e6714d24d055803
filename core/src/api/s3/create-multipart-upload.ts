import type { HeaderLine } from '../../ports/call.ts'
import { belongingsPairs } from '../../s3/access/written-object.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { withBelongings } from '../../s3/gateway/with-belongings.ts'
import { checkLockHeaders } from '../../s3/lock/governance-bypass.ts'
import { lockPairsOf } from '../../s3/lock/object-lock.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { metadataOf } from '../../s3/object/stored-metadata.ts'
import { uploadChecksumOf, withUploadChecksum } from '../../s3/object/upload-checksum.ts'
import { s3Operation } from '../../s3/operation.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { beginUpload } from '../../target/multipart.ts'

/** POST with `uploads`: what the headers say of the object is kept until it is complete. */
export const createMultipartUpload = s3Operation({
  name: 'CreateMultipartUpload',
  method: 'POST',
  on: 'object',
  query: ['uploads'],
  access: 'PUT',
  async proxy(s3, proxy) {
    await checkLockHeaders(s3, proxy)
    return relayToOwner(await withBelongings(s3, proxy), proxy, 'PUT')
  },
  async target(s3, target) {
    const place = await s3Place(s3, target, 'PUT')
    const { headers } = s3.call
    const checksum = uploadChecksumOf(headers)
    const metadata = [
      ...metadataOf(headers),
      ...belongingsPairs(s3.call),
      ...lockPairsOf(headers, place.bucket.props, target.platform.clock.now()),
    ]
    const custom = withUploadChecksum(metadata, checksum)
    const id = await beginUpload(target, place, custom)
    const lines: HeaderLine[] =
      checksum === undefined
        ? []
        : [
            ['x-amz-checksum-algorithm', checksum.algorithm],
            ['x-amz-checksum-type', checksum.type],
          ]
    return xmlReply(
      [
        'InitiateMultipartUploadResult',
        [
          ['Bucket', s3.bucket],
          ['Key', s3.key],
          ['UploadId', id],
        ],
      ],
      lines,
    )
  },
})
