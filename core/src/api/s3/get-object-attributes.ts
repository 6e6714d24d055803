import type { Chunk, ObjectMeta } from '../../ports/mountpath.ts'
import {
  checksumAlgorithmNames,
  checksumElement,
  checksumHeader,
} from '../../s3/checksum-algorithms.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { partDigestOf } from '../../s3/object/part-digest.ts'
import { lastModified, loadS3Object } from '../../s3/object/read-s3-object.ts'
import { s3Etag } from '../../s3/object/s3-etag.ts'
import { pairOf } from '../../s3/object/stored-metadata.ts'
import { versionPlace } from '../../s3/object/version-place.ts'
import { s3Operation } from '../../s3/operation.ts'
import { pageLimit } from '../../s3/page-limit.ts'
import type { S3Call } from '../../s3/s3-call.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import type { XmlContent, XmlNode } from '../../s3/xml-writer.ts'
import { versionIdLines } from '../../target/versions.ts'

const names = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']
const partsPerPage = 1_000

/** @throws S3Error `InvalidArgument` nothing, or something unknown, is asked for */
function wantedAttributes({ call }: S3Call): ReadonlySet<string> {
  const wanted = call.headers
    .all('x-amz-object-attributes')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (wanted.length > 0 && wanted.every((name) => names.includes(name))) return new Set(wanted)
  throw new S3Error('InvalidArgument', {
    message: 'Invalid attribute name specified.',
    fields: [['ArgumentName', 'x-amz-object-attributes']],
  })
}

function checksumNodes({ custom }: ObjectMeta): XmlContent {
  const nodes = checksumAlgorithmNames.flatMap((algorithm): XmlNode[] => {
    const value = pairOf(custom, checksumHeader(algorithm))
    return value === undefined ? [] : [[checksumElement(algorithm), value]]
  })
  if (nodes.length === 0) return undefined
  return [...nodes, ['ChecksumType', pairOf(custom, 'x-amz-checksum-type')]]
}

function partNodes({ call }: S3Call, chunks: readonly Chunk[]): XmlContent {
  const limit = pageLimit(call.headers.get('x-amz-max-parts'), 'max-parts', partsPerPage)
  const marker = call.headers.get('x-amz-part-number-marker') ?? '0'
  const after = pageLimit(marker, 'part-number-marker', 10_000)
  const left = chunks.filter(({ partNumber }) => partNumber > after)
  const page = left.slice(0, limit)
  const withSums = page.some((chunk) => partDigestOf(chunk).checksum !== undefined)
  const parts = page.map((chunk): XmlNode => {
    const { checksum } = partDigestOf(chunk)
    return [
      'Part',
      [
        ['PartNumber', chunk.partNumber],
        ['Size', chunk.sizeBytes],
        ...(checksum ? [[checksumElement(checksum.algorithm), checksum.value] as const] : []),
      ],
    ]
  })
  return [
    ['PartsCount', chunks.length],
    ['PartNumberMarker', after],
    ['NextPartNumberMarker', page.at(-1)?.partNumber ?? 0],
    ['MaxParts', limit],
    ['IsTruncated', left.length > page.length],
    // As Amazon: parts are told one by one only where they have checksums.
    ...(withSums ? parts : []),
  ]
}

/** GET with `attributes`: what is known of an object, without its bytes. */
export const getObjectAttributes = s3Operation({
  name: 'GetObjectAttributes',
  method: 'GET',
  on: 'object',
  query: ['attributes'],
  takes: ['versionId'],
  access: 'HEAD-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'HEAD-OBJECT'),
  async target(s3, target) {
    const wanted = wantedAttributes(s3)
    const place = await versionPlace(s3, target, 'HEAD-OBJECT')
    const { meta } = loadS3Object(target, place, s3)
    const only = (name: string, content: XmlContent): XmlNode => [
      name,
      wanted.has(name) ? content : undefined,
    ]
    const { chunks } = meta
    return xmlReply(
      [
        'GetObjectAttributesResponse',
        [
          only('ETag', s3Etag(meta)),
          only('Checksum', checksumNodes(meta)),
          only('ObjectParts', chunks === undefined ? undefined : partNodes(s3, chunks)),
          only('StorageClass', 'STANDARD'),
          only('ObjectSize', meta.sizeBytes),
        ],
      ],
      [['Last-Modified', lastModified(meta)], ...versionIdLines(place, meta)],
    )
  },
})
