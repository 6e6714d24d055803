import { isAisError } from '../../errors/ais-error.ts'
import type { HeaderLine, Reply } from '../../ports/call.ts'
import type { ObjectMeta } from '../../ports/mountpath.ts'
import type { Tls } from '../../ports/tls.ts'
import {
  checksumAlgorithmNames,
  checksumElement,
  checksumHeader,
  type S3Checksum,
} from '../../s3/checksum-algorithms.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import {
  chooseParts,
  compositeEtag,
  objectChecksum,
  parseParts,
} from '../../s3/object/complete-upload.ts'
import { quoted, s3Etag } from '../../s3/object/s3-etag.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { noSuchUpload, s3Upload, uploadIdOf } from '../../s3/object/s3-uploads.ts'
import { checksumPairs } from '../../s3/object/store-object.ts'
import { pairOf, uploadIdKey, withContent } from '../../s3/object/stored-metadata.ts'
import { readUploadChecksum, withoutUploadChecksum } from '../../s3/object/upload-checksum.ts'
import { writeConditions } from '../../s3/object/write-conditions.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownLocation } from '../../s3/own-location.ts'
import type { S3Call } from '../../s3/s3-call.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'
import { completeWith } from '../../target/multipart.ts'
import { findObject } from '../../target/target.ts'
import { newVersionLines } from '../../target/versions.ts'

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
    /** The answer of a completion that was before this one: its own got lost, or somebody else was faster. */
    const answerBefore = (): Reply | undefined => {
      const made = findObject(target, place)?.meta
      if (made === undefined || pairOf(made.custom, uploadIdKey) !== id) return undefined
      const reply = resultOf(s3, target, s3Etag(made), keptChecksum(made))
      return withLines(reply, newVersionLines(place, made))
    }
    const before = answerBefore()
    if (before === undefined) s3Upload(target, place, id)
    const root = await verifiedXml(
      s3,
      platform,
      bodyBytesMax,
      'CompleteMultipartUpload',
      'of the object',
    )
    const named = parseParts(root)
    if (before !== undefined) return before
    const check = writeConditions(headers, s3.key)
    const stated = headers.get('x-amz-mp-object-size')
    let etag = ''
    let checksum: S3Checksum | undefined
    let type = ''
    let stored: ObjectMeta
    try {
      stored = await completeWith(target, place, id, (upload, have, existing) => {
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
          // A composite one may come without the number of parts.
          const plain = checksum.value.replace(/-\d+$/, '')
          if (given !== undefined && given !== checksum.value && given !== plain) {
            throw new S3Error('BadDigest')
          }
        }
        const custom = withContent(
          [...withoutUploadChecksum(upload.custom), [uploadIdKey, id]],
          etag,
          checksumPairs(checksum, type),
        )
        return { numbers: chosen.map(({ partNumber }) => partNumber), custom }
      })
    } catch (error) {
      const isGone = isAisError(error, 'ErrNotFound') && !(error instanceof S3Error)
      if (!isGone) throw error
      const meanwhile = answerBefore()
      if (meanwhile === undefined) throw noSuchUpload(id)
      return meanwhile
    }
    const reply = resultOf(s3, target, etag, checksum && { ...checksum, type })
    return withLines(reply, newVersionLines(place, stored))
  },
})

function withLines(reply: Reply, lines: readonly HeaderLine[]): Reply {
  return { ...reply, headers: [...reply.headers, ...lines] }
}

type KeptChecksum = S3Checksum & { readonly type: string }

function keptChecksum({ custom }: ObjectMeta): KeptChecksum | undefined {
  for (const algorithm of checksumAlgorithmNames) {
    const value = pairOf(custom, checksumHeader(algorithm))
    const type = pairOf(custom, 'x-amz-checksum-type') ?? ''
    if (value !== undefined) return { algorithm, value, type }
  }
  return undefined
}

function resultOf(
  { call, bucket, key }: S3Call,
  node: { readonly tls?: Tls | undefined },
  etag: string,
  checksum?: KeptChecksum,
): Reply {
  return xmlReply([
    'CompleteMultipartUploadResult',
    [
      ['Location', ownLocation(call, `/${bucket}/${key}`, node)],
      ['Bucket', bucket],
      ['Key', key],
      ['ETag', quoted(etag)],
      ...(checksum === undefined
        ? []
        : [
            [checksumElement(checksum.algorithm), checksum.value] as const,
            ['ChecksumType', checksum.type] as const,
          ]),
    ],
  ])
}
