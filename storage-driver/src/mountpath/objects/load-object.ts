import type {
  BucketRef,
  ListQuery,
  ObjectBrief,
  ObjectMeta,
  ObjectSums,
} from '@aistore-ts/core/ports/mountpath.ts'
import { type ObjectRow, objectMeta } from '../../catalog/object-row.ts'
import type { NameRange } from '../../catalog/object-table.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { compareUtf8, prefixEnd } from './object-name.ts'

/** Rows of one `list` call. */
export const listRowsMax = 1_000

/** `Mountpath.load`: a bucket that is not here has no objects. */
export function loadObject(
  context: MountpathContext,
  { bid }: BucketRef,
  name: string,
): ObjectMeta | undefined {
  context.gate.check()
  const bucket = context.buckets.find(bid)
  if (bucket === undefined) return undefined
  const row = context.catalog.objects.load(bucket.bid, name)
  return row === undefined ? undefined : loadMeta(context, bucket, name, row)
}

/** The row with its chunks, if it has any. */
export function loadMeta(
  { catalog }: MountpathContext,
  bucket: LocalBucket,
  name: string,
  row: ObjectRow,
): ObjectMeta {
  if (row.upload === '') return objectMeta(name, row, undefined)
  const chunks = catalog.uploads
    .parts(bucket.bid, row.upload)
    .map(({ partNumber, sizeBytes, checksum, md5 }) => ({ partNumber, sizeBytes, checksum, md5 }))
  return objectMeta(name, row, chunks)
}

/** `Mountpath.list`. */
export function listObjects(
  context: MountpathContext,
  { bid }: BucketRef,
  query: ListQuery,
): readonly ObjectMeta[] {
  context.gate.check()
  const bucket = context.buckets.find(bid)
  if (bucket === undefined) return []
  const limit = Math.max(1, Math.min(query.limit, listRowsMax))
  return context.catalog.objects
    .list(bucket.bid, nameRange(query.prefix, query.after), limit)
    .map(({ name, row }) => {
      if (query.full) return loadMeta(context, bucket, name, row)
      return objectMeta(name, { ...row, custom: '' }, undefined)
    })
}

/** `Mountpath.listBrief`. */
export function listBriefly(
  context: MountpathContext,
  { bid }: BucketRef,
  query: Omit<ListQuery, 'full'>,
): readonly ObjectBrief[] {
  context.gate.check()
  const bucket = context.buckets.find(bid)
  if (bucket === undefined) return []
  const limit = Math.max(1, Math.min(query.limit, listRowsMax))
  return context.catalog.objects.listBrief(bucket.bid, nameRange(query.prefix, query.after), limit)
}

/** `Mountpath.summary`. */
export function summarizeObjects(
  context: MountpathContext,
  { bid }: BucketRef,
  { prefix, after, limit }: Omit<ListQuery, 'full'>,
): ObjectSums {
  context.gate.check()
  const bucket = context.buckets.find(bid)
  if (bucket === undefined) return { objects: 0, sizeBytes: 0n, min: 0, max: 0, last: undefined }
  return context.catalog.objects.summary(bucket.bid, nameRange(prefix, after), limit)
}

function nameRange(prefix: string, after: string): NameRange {
  const exclusive = after !== '' && compareUtf8(after, prefix) >= 0
  return { from: exclusive ? after : prefix, exclusive, to: prefixEnd(prefix) }
}
