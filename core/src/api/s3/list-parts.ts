import { checksumElement } from '../../s3/checksum-algorithms.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { partDigestOf } from '../../s3/object/part-digest.ts'
import { quoted } from '../../s3/object/s3-etag.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { s3Upload, uploadIdOf } from '../../s3/object/s3-uploads.ts'
import { ownerKey, pairOf } from '../../s3/object/stored-metadata.ts'
import { readUploadChecksum } from '../../s3/object/upload-checksum.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownerNode } from '../../s3/owner.ts'
import { pageLimit } from '../../s3/page-limit.ts'
import { isoTime, xmlReply } from '../../s3/s3-replies.ts'
import type { XmlNode } from '../../s3/xml-writer.ts'

const partsPerPage = 1_000

/** GET with `uploadId`: the parts so far, in order of their numbers. */
export const listParts = s3Operation({
  name: 'ListParts',
  method: 'GET',
  on: 'object',
  query: ['uploadId'],
  access: 'GET',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'GET'),
  async target(s3, target) {
    const place = await s3Place(s3, target, 'GET')
    const id = uploadIdOf(s3)
    const { mountpath, upload } = s3Upload(target, place, id)
    const limit = pageLimit(s3.query.get('max-parts'), 'max-parts', partsPerPage)
    const after = pageLimit(s3.query.get('part-number-marker') ?? '0', 'part-number-marker', 10_000)
    const left = mountpath
      .uploadParts(place.bucket, id)
      .filter(({ partNumber }) => partNumber > after)
    const page = left.slice(0, limit)
    const wanted = readUploadChecksum(upload.custom)
    const parts = page.map((chunk): XmlNode => {
      const { md5, checksum } = partDigestOf(chunk)
      const nodes: XmlNode[] = [
        ['PartNumber', chunk.partNumber],
        // The time of a part is not kept: that of its upload is no later.
        ['LastModified', isoTime(upload.createdNs)],
        ['ETag', quoted(md5)],
        ['Size', chunk.sizeBytes],
      ]
      if (checksum) nodes.push([checksumElement(checksum.algorithm), checksum.value])
      return ['Part', nodes]
    })
    const owner = pairOf(upload.custom, ownerKey) ?? place.bucket.props.s3.owner
    const credentials = target.metadata.credentials()
    const isTruncated = left.length > page.length
    return xmlReply([
      'ListPartsResult',
      [
        ['Bucket', s3.bucket],
        ['Key', s3.key],
        ['UploadId', id],
        ['PartNumberMarker', after],
        ['NextPartNumberMarker', isTruncated ? page.at(-1)?.partNumber : undefined],
        ['MaxParts', limit],
        ['IsTruncated', isTruncated],
        ['ChecksumAlgorithm', wanted?.algorithm],
        ['ChecksumType', wanted?.type],
        ...parts,
        ownerNode(owner, credentials, 'Initiator'),
        ownerNode(owner, credentials),
        ['StorageClass', 'STANDARD'],
      ],
    ])
  },
})
