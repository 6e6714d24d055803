import type { ByteRange } from '../../object/range.ts'
import type { HeaderBlock } from '../../ports/call.ts'
import type { ObjectMeta } from '../../ports/mountpath.ts'
import { checkConditions, rangeApplies, type Validators } from '../../target/conditions.ts'
import type { S3Checksum } from '../checksum-algorithms.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { partDigestOf } from './part-digest.ts'
import { s3Etag } from './s3-etag.ts'

/** What of an object is asked for. */
export interface Wanted {
  readonly range: ByteRange | 'whole'
  /** Parts that the object was made of; only where one of them was asked for. */
  readonly partsCount?: number | undefined
  /** The checksum of that part, where it has one. */
  readonly checksum?: S3Checksum | undefined
}

export function validators(meta: ObjectMeta): Validators {
  return { etag: s3Etag(meta), modifiedSeconds: Number(meta.mtimeNs / 1_000_000_000n) }
}

function unsatisfiable(asked: string, sizeBytes: number): S3Error {
  return new S3Error('InvalidRange', {
    fields: [
      ['RangeRequested', asked],
      ['ActualObjectSize', String(sizeBytes)],
    ],
    headers: [['Content-Range', `bytes */${sizeBytes}`]],
  })
}

/**
 * One range of bytes. What is no such range is as if it were not there (RFC 9110 14.2), and so are several.
 * @throws S3Error `InvalidRange` nothing of it exists
 */
export function s3Range(text: string | undefined, sizeBytes: number): ByteRange | 'whole' {
  const [, first, last] = /^bytes=(\d{0,18})-(\d{0,18})$/.exec(text?.trim() ?? '') ?? []
  if (text === undefined || first === undefined || last === undefined) return 'whole'
  if (first === '' && last === '') return 'whole'
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    if (length === 0) throw unsatisfiable(text, sizeBytes)
    return { offset: sizeBytes - length, length }
  }
  const offset = Number(first)
  if (last !== '' && Number(last) < offset) return 'whole'
  if (offset >= sizeBytes) throw unsatisfiable(text, sizeBytes)
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  return { offset, length: end - offset + 1 }
}

/** Where part `number` lies. An object in one piece has one. @throws S3Error `InvalidPart` */
function partOf(number: number, { chunks, sizeBytes }: ObjectMeta): Wanted {
  if (chunks === undefined) {
    if (number !== 1) throw new S3Error('InvalidPart')
    return { range: sizeBytes === 0 ? 'whole' : { offset: 0, length: sizeBytes } }
  }
  let offset = 0
  for (const chunk of chunks) {
    if (chunk.partNumber === number) {
      const { checksum } = partDigestOf(chunk)
      return { range: { offset, length: chunk.sizeBytes }, partsCount: chunks.length, checksum }
    }
    offset += chunk.sizeBytes
  }
  throw new S3Error('InvalidPart')
}

/** @throws S3Error `InvalidArgument` */
function partNumberOf({ query }: S3Call, headers: HeaderBlock): number | undefined {
  const text = query.get('partNumber')
  if (text === undefined) return undefined
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 10_000) {
    throw new S3Error('InvalidArgument', {
      message: 'Part number must be an integer between 1 and 10000, inclusive',
    })
  }
  if (headers.get('range') !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Cannot specify both Range header and partNumber query parameter',
    })
  }
  return number
}

/**
 * What the call asks of this version.
 * @throws S3Error `InvalidRange`, `InvalidPart`, `InvalidArgument`; AisError with 412
 */
export function wantedOf(s3: S3Call, meta: ObjectMeta): Wanted | 'not-modified' {
  const { headers } = s3.call
  const partNumber = partNumberOf(s3, headers)
  const now = validators(meta)
  if (checkConditions(headers, now) === 'not-modified') return 'not-modified'
  if (partNumber !== undefined) return partOf(partNumber, meta)
  const text = rangeApplies(headers, now) ? headers.get('range') : undefined
  return { range: s3Range(text, meta.sizeBytes) }
}
