import type { Answer } from '../../ports/call.ts'
import { belongingsPairs } from '../../s3/access/written-object.ts'
import {
  checksumAlgorithmNames,
  checksumElement,
  checksumHeader,
  parseAlgorithm,
} from '../../s3/checksum-algorithms.ts'
import { withSource } from '../../s3/gateway/authorize-source.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { withBelongings } from '../../s3/gateway/with-belongings.ts'
import { tagsHeader } from '../../s3/inner-headers.ts'
import { checkLockHeaders } from '../../s3/lock/governance-bypass.ts'
import { lockPairsOf } from '../../s3/lock/object-lock.ts'
import { copySourceOf, openSource } from '../../s3/object/copy-source.ts'
import { quoted, s3Etag } from '../../s3/object/s3-etag.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { storeObject } from '../../s3/object/store-object.ts'
import { metadataOf, type Pairs, pairOf } from '../../s3/object/stored-metadata.ts'
import { tagsKey } from '../../s3/object/tags.ts'
import { writeConditions } from '../../s3/object/write-conditions.ts'
import { s3Operation } from '../../s3/operation.ts'
import type { S3Call } from '../../s3/s3-call.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { isoTime, xmlReply } from '../../s3/s3-replies.ts'
import { newVersionLines } from '../../target/versions.ts'

type Directive = 'COPY' | 'REPLACE'

/** @throws S3Error `InvalidArgument` */
function directiveOf({ call }: S3Call, header: string): Directive {
  const text = call.headers.get(header) ?? 'COPY'
  if (text === 'COPY' || text === 'REPLACE') return text
  throw new S3Error('InvalidArgument', {
    message: `Unknown directive "${text}".`,
    fields: [['ArgumentName', header]],
  })
}

/** Metadata of the copy: the source's or the request's, tags by a directive of their own. */
function copiedMetadata(s3: S3Call, source: Answer): Pairs {
  const own = metadataOf(s3.call.headers)
  const base =
    directiveOf(s3, 'x-amz-metadata-directive') === 'REPLACE' ? own : metadataOf(source.headers)
  const isReplaced = directiveOf(s3, 'x-amz-tagging-directive') === 'REPLACE'
  const tags = isReplaced ? pairOf(own, tagsKey) : source.headers.get(tagsHeader)
  const rest = [...base.filter(([key]) => key !== tagsKey), ...belongingsPairs(s3.call)]
  return tags === undefined || tags === '' ? rest : [...rest, [tagsKey, tags]]
}

/** PUT with `x-amz-copy-source`: the owner of the copy fetches the source, and stores it as any other body. */
export const copyObject = s3Operation({
  name: 'CopyObject',
  method: 'PUT',
  on: 'object',
  header: 'x-amz-copy-source',
  access: 'PUT',
  async proxy(s3, proxy) {
    await checkLockHeaders(s3, proxy)
    const allowed = await withSource(s3, proxy)
    return relayToOwner(await withBelongings(allowed, proxy), proxy, 'PUT')
  },
  async target(s3, target) {
    const place = await s3Place(s3, target, 'PUT')
    const from = copySourceOf(s3)
    const isSelf = from.bucket === s3.bucket && from.key === s3.key && from.versionId === undefined
    if (isSelf && directiveOf(s3, 'x-amz-metadata-directive') === 'COPY') {
      throw new S3Error('InvalidRequest', {
        message:
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      })
    }
    const { headers } = s3.call
    const named = headers.get('x-amz-checksum-algorithm')
    const asked =
      named === undefined ? undefined : parseAlgorithm(named, 'x-amz-checksum-algorithm')
    const check = writeConditions(headers, s3.key)
    const lock = lockPairsOf(headers, place.bucket.props, target.platform.clock.now())
    const source = await openSource(target, s3, from)
    try {
      const kept = checksumAlgorithmNames.find(
        (algorithm) => source.headers.get(checksumHeader(algorithm)) !== undefined,
      )
      const payload = { kind: 'unsigned' } as const
      const { body } = source
      const incoming = { body, lengthBytes: body.lengthBytes, payload, headers: source.headers }
      const meta = await storeObject(target, place, incoming, {
        stated: {
          md5: undefined,
          sha256: undefined,
          checksum: undefined,
          algorithm: asked ?? kept,
          inTrailer: false,
        },
        metadata: [...copiedMetadata(s3, source), ...lock],
        check,
      })
      const sourceVersion = source.headers.get('x-amz-version-id')
      const algorithm = asked ?? kept
      const value = algorithm && pairOf(meta.custom, checksumHeader(algorithm))
      return xmlReply(
        [
          'CopyObjectResult',
          [
            ['LastModified', isoTime(meta.mtimeNs)],
            ['ETag', quoted(s3Etag(meta))],
            ...(algorithm && value
              ? [
                  [checksumElement(algorithm), value] as const,
                  ['ChecksumType', 'FULL_OBJECT'] as const,
                ]
              : []),
          ],
        ],
        [
          ...newVersionLines(place, meta),
          ...(sourceVersion === undefined
            ? []
            : ([['x-amz-copy-source-version-id', sourceVersion]] as const)),
        ],
      )
    } catch (error) {
      source.discard()
      throw error
    }
  },
})
