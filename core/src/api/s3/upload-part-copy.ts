import { checksumElement } from '../../s3/checksum-algorithms.ts'
import { withSource } from '../../s3/gateway/authorize-source.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { copySourceOf, openSource } from '../../s3/object/copy-source.ts'
import { quoted } from '../../s3/object/s3-etag.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { partNumberOf, s3Upload, storePart, uploadIdOf } from '../../s3/object/s3-uploads.ts'
import { readUploadChecksum } from '../../s3/object/upload-checksum.ts'
import { s3Operation } from '../../s3/operation.ts'
import type { S3Call } from '../../s3/s3-call.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { isoTime, xmlReply } from '../../s3/s3-replies.ts'

/** @throws S3Error `InvalidArgument` anything but `bytes=first-last` */
function rangeOf({ call }: S3Call): string | undefined {
  const text = call.headers.get('x-amz-copy-source-range')
  if (text === undefined) return undefined
  const [, first, last] = /^bytes=(\d{1,18})-(\d{1,18})$/.exec(text) ?? []
  if (first !== undefined && last !== undefined && Number(first) <= Number(last)) return text
  throw new S3Error('InvalidArgument', {
    message:
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    fields: [
      ['ArgumentName', 'x-amz-copy-source-range'],
      ['ArgumentValue', text],
    ],
  })
}

/** The whole range must be there: Amazon clamps no end of a copy. */
function checkWhole(range: string | undefined, contentRange: string | undefined): void {
  if (range === undefined) return
  const asked = range.slice('bytes='.length)
  if (contentRange?.startsWith(`bytes ${asked}/`)) return
  throw new S3Error('InvalidRange', { fields: [['RangeRequested', range]] })
}

/** PUT of a part with `x-amz-copy-source`: the part is fetched from its owner. */
export const uploadPartCopy = s3Operation({
  name: 'UploadPartCopy',
  method: 'PUT',
  on: 'object',
  query: ['uploadId', 'partNumber'],
  header: 'x-amz-copy-source',
  access: 'PUT',
  async proxy(s3, proxy) {
    return relayToOwner(await withSource(s3, proxy), proxy, 'PUT')
  },
  async target(s3, target) {
    const place = await s3Place(s3, target, 'PUT')
    const number = partNumberOf(s3)
    const id = uploadIdOf(s3)
    const { upload } = s3Upload(target, place, id)
    const range = rangeOf(s3)
    const source = await openSource(target, s3, copySourceOf(s3), range)
    try {
      checkWhole(range, source.headers.get('content-range'))
      const { body, headers } = source
      const payload = { kind: 'unsigned' } as const
      const digest = await storePart(
        target,
        place,
        id,
        number,
        { body, lengthBytes: body.lengthBytes, payload, headers },
        {
          md5: undefined,
          sha256: undefined,
          checksum: undefined,
          algorithm: readUploadChecksum(upload.custom)?.algorithm,
          inTrailer: false,
        },
      )
      const { checksum } = digest
      return xmlReply([
        'CopyPartResult',
        [
          ['LastModified', isoTime(target.platform.clock.nowNs())],
          ['ETag', quoted(digest.md5)],
          ...(checksum ? [[checksumElement(checksum.algorithm), checksum.value] as const] : []),
        ],
      ])
    } catch (error) {
      source.discard()
      throw error
    }
  },
})
