import { isAisError } from '../../errors/ais-error.ts'
import type { Chunk, Mountpath, Upload } from '../../ports/mountpath.ts'
import { durabilityOf } from '../../target/durability.ts'
import { findUpload } from '../../target/multipart.ts'
import type { Place, TargetNode } from '../../target/target.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import type { StatedDigests } from './body-digests.ts'
import { formatPartDigest, type PartDigest } from './part-digest.ts'
import { type Incoming, receiveBody } from './receive-body.ts'

/** The error of an upload that is not there. */
export function noSuchUpload(uploadId: string): S3Error {
  return new S3Error('NoSuchUpload', { fields: [['UploadId', uploadId]] })
}

export function uploadIdOf({ query }: S3Call): string {
  return query.get('uploadId') ?? ''
}

/** An upload in progress of this object. @throws S3Error `NoSuchUpload` */
export function s3Upload(
  target: TargetNode,
  place: Place,
  uploadId: string,
): { readonly mountpath: Mountpath; readonly upload: Upload } {
  try {
    return findUpload(target, place, uploadId)
  } catch (error) {
    throw isAisError(error, 'ErrNotFound') ? noSuchUpload(uploadId) : error
  }
}

/** @throws S3Error `InvalidArgument` */
export function partNumberOf({ query }: S3Call): number {
  const text = query.get('partNumber') ?? ''
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= 10_000) return number
  throw new S3Error('InvalidArgument', {
    message: 'Part number must be an integer between 1 and 10000, inclusive',
    fields: [
      ['ArgumentName', 'partNumber'],
      ['ArgumentValue', text],
    ],
  })
}

/**
 * One body becomes a part; sent again, it replaces the former.
 * @throws S3Error `NoSuchUpload`; as `receiveBody`
 */
export async function storePart(
  target: TargetNode,
  place: Place,
  uploadId: string,
  partNumber: number,
  incoming: Incoming,
  stated: StatedDigests,
): Promise<PartDigest> {
  const { mountpath } = s3Upload(target, place, uploadId)
  const there = { ...place, mountpath }
  const { draft, digests } = await receiveBody(target, there, incoming, stated, uploadId)
  const digest: PartDigest = { md5: digests.md5, checksum: digests.stated }
  try {
    const chunk: Chunk = {
      partNumber,
      sizeBytes: draft.sizeBytes,
      checksum: digests.checksum,
      md5: formatPartDigest(digest),
    }
    const durability = durabilityOf(target, place.bucket.props)
    await mountpath.uploadPart(place.bucket, uploadId, draft, chunk, durability)
    target.stats.add('put.n')
    target.stats.add('put.size', chunk.sizeBytes)
    return digest
  } catch (error) {
    await draft.discard()
    throw isAisError(error, 'ErrNotFound') ? noSuchUpload(uploadId) : error
  }
}
