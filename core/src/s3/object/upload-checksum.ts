import type { HeaderBlock } from '../../ports/call.ts'
import {
  type ChecksumAlgorithm,
  checksumAlgorithms,
  parseAlgorithm,
} from '../checksum-algorithms.ts'
import { S3Error } from '../s3-error.ts'
import { type Pairs, pairOf } from './stored-metadata.ts'

export type UploadChecksumType = 'COMPOSITE' | 'FULL_OBJECT'

/** How the object of an upload is to be checked. */
export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: UploadChecksumType
}

/** Kept with the upload; not part of the object. */
const uploadKey = 'x-amz-upload-checksum'

/** @throws S3Error `InvalidRequest` */
export function uploadChecksumOf(headers: HeaderBlock): UploadChecksum | undefined {
  const name = headers.get('x-amz-checksum-algorithm')
  const wish = headers.get('x-amz-checksum-type')?.toUpperCase()
  if (name === undefined) {
    if (wish === undefined) return undefined
    throw new S3Error('InvalidRequest', {
      message:
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    })
  }
  const algorithm = parseAlgorithm(name, 'x-amz-checksum-algorithm')
  const usual: UploadChecksumType = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'
  const type = wish ?? usual
  if (type === 'COMPOSITE' && algorithm !== 'CRC64NVME') return { algorithm, type }
  if (type === 'FULL_OBJECT' && checksumAlgorithms[algorithm].combines) return { algorithm, type }
  throw new S3Error('InvalidRequest', {
    message: `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  })
}

export function withUploadChecksum(pairs: Pairs, checksum: UploadChecksum | undefined): Pairs {
  if (checksum === undefined) return pairs
  return [...pairs, [uploadKey, `${checksum.algorithm} ${checksum.type}`]]
}

/** What `withUploadChecksum` kept. */
export function readUploadChecksum(pairs: Pairs): UploadChecksum | undefined {
  const text = pairOf(pairs, uploadKey)
  if (text === undefined) return undefined
  const [name = '', type] = text.split(' ')
  return {
    algorithm: parseAlgorithm(name, uploadKey),
    type: type === 'FULL_OBJECT' ? type : 'COMPOSITE',
  }
}

/** The object's own metadata. */
export function withoutUploadChecksum(pairs: Pairs): Pairs {
  return pairs.filter(([key]) => key !== uploadKey)
}
