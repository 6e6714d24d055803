import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type {
  BucketRef,
  Chunk,
  Draft,
  Durability,
  Upload,
} from '@aistore-ts/core/ports/mountpath.ts'
import type { PartRow } from '../../catalog/upload-table.ts'
import { chunkFolder } from '../buckets/bucket-folder.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { placeFile } from '../journal/place-file.ts'
import { removeUploadFiles, uploadPath } from '../journal/superseded.ts'
import { nameForm } from '../objects/object-name.ts'
import { fileFailure, workFileOf } from '../objects/work-file.ts'

/** What an upload ID may be, since a folder is named for it. */
const idPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/

/** `Mountpath.uploadBegin`. @throws AisError `ErrBadRequest`, `ErrAlreadyExists` */
export async function beginUpload(
  context: MountpathContext,
  bucketRef: BucketRef,
  upload: Upload,
  durability: Durability,
): Promise<void> {
  const { buckets, catalog, gate, journal } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  nameForm(upload.name)
  if (!idPattern.test(upload.id)) {
    throw new AisError('ErrBadRequest', `upload ID ${JSON.stringify(upload.id)} is invalid`)
  }
  await journal.submit({
    durability,
    frees: false,
    apply: () => {
      const { uploads } = catalog
      // Parts without an upload belong to an object that was made of them.
      const used = uploads.find(bucket.bid, upload.id) ?? uploads.parts(bucket.bid, upload.id)[0]
      if (used !== undefined) {
        throw new AisError('ErrAlreadyExists', `upload ${upload.id} exists already`)
      }
      uploads.store(bucket.bid, upload)
    },
  })
}

/** `Mountpath.uploadFind`. */
export function findUpload(
  { buckets, catalog, gate }: MountpathContext,
  { bid }: BucketRef,
  id: string,
): Upload | undefined {
  gate.check()
  const bucket = buckets.find(bid)
  return bucket === undefined ? undefined : catalog.uploads.find(bucket.bid, id)
}

/** `Mountpath.uploads`. */
export function listUploads(
  { buckets, catalog, gate }: MountpathContext,
  { bid }: BucketRef,
): readonly Upload[] {
  gate.check()
  const bucket = buckets.find(bid)
  return bucket === undefined ? [] : catalog.uploads.all(bucket.bid)
}

/** `Mountpath.uploadParts`. */
export function listParts(
  context: MountpathContext,
  bucketRef: BucketRef,
  id: string,
): readonly Chunk[] {
  if (findUpload(context, bucketRef, id) === undefined) return []
  const bucket = context.buckets.get(bucketRef)
  return context.catalog.uploads
    .parts(bucket.bid, id)
    .map(({ partNumber, sizeBytes, checksum, md5 }) => ({ partNumber, sizeBytes, checksum, md5 }))
}

/** `Mountpath.uploadPart`: every sending of a part has a file of its own; the row names the one that counts. */
export async function storePart(
  context: MountpathContext,
  bucketRef: BucketRef,
  id: string,
  draft: Draft,
  chunk: Chunk,
  durability: Durability,
): Promise<void> {
  const { buckets, catalog, directories, gate, journal } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  assertUpload(context, bucket, id)
  const work = workFileOf(draft, bucket)
  const file = durability === 'disk' ? await work.sealSynced() : await work.seal()
  const sums = work.blockSums()
  const part = {
    partNumber: chunk.partNumber,
    sizeBytes: file.sizeBytes,
    checksum: chunk.checksum,
    md5: chunk.md5,
    file: `${chunk.partNumber}.${context.nextWorkId()}`,
  }
  try {
    directories.ensure(uploadPath(bucket, id))
  } catch (error) {
    throw fileFailure(context, 'a folder for parts could not be made', error)
  }
  await journal.submit({
    durability,
    frees: false,
    apply: () => {
      buckets.get(bucketRef)
      assertUpload(context, bucket, id)
      const former = catalog.uploads.findPart(bucket.bid, id, part.partNumber)
      const intent = {
        seq: context.nextIntent(),
        bid: bucket.bid,
        name: id,
        kind: 'part',
        source: work.source,
        target: `${chunkFolder}/${id}/${part.file}`,
        synced: durability === 'disk',
        file,
        superseded: null,
      } as const
      const blocks = sums === undefined ? 0 : catalog.blocks.add(bucket.bid, sums)
      catalog.uploads.storePart(bucket.bid, id, { ...part, blocks })
      catalog.intents.add(intent)
      return { former, seq: intent.seq, source: intent.source, target: intent.target }
    },
    finish: ({ former, seq, source, target }) => {
      work.release()
      try {
        placeFile(context, `${bucket.root}/${source}`, `${bucket.root}/${target}`)
      } catch (error) {
        undoPart(context, bucket, id, part, former, seq)
        context.files.unlinkSync(`${bucket.root}/${source}`)
        throw fileFailure(context, 'a part could not be placed', error)
      }
      context.crashPoint('part-renamed')
      context.settler.add(seq, former === undefined ? undefined : () => removePart(former))
    },
  })

  function removePart({ file }: Pick<PartRow, 'file'>): void {
    context.pins.whenFree(id, () => context.files.unlinkSync(`${uploadPath(bucket, id)}/${file}`))
  }
}

function undoPart(
  { catalog }: MountpathContext,
  bucket: LocalBucket,
  id: string,
  part: Pick<PartRow, 'partNumber'>,
  former: PartRow | undefined,
  seq: number,
): void {
  catalog.transaction(() => {
    if (former === undefined) catalog.uploads.removePart(bucket.bid, id, part.partNumber)
    else catalog.uploads.storePart(bucket.bid, id, former)
    catalog.intents.drop(seq, seq)
  })
}

/** `Mountpath.uploadAbort`. */
export async function abortUpload(
  context: MountpathContext,
  bucketRef: BucketRef,
  id: string,
): Promise<boolean> {
  const { buckets, gate } = context
  gate.check()
  return dropUpload(context, buckets.get(bucketRef), id, () => true)
}

/** Removes an upload in progress and its parts while `holds`; `false` when it is unknown, or not to go any more. */
export function dropUpload(
  context: MountpathContext,
  bucket: LocalBucket,
  id: string,
  holds: () => boolean,
): Promise<boolean> {
  const { catalog, journal } = context
  return journal.submit({
    durability: 'process',
    frees: true,
    apply: () => {
      if (catalog.uploads.find(bucket.bid, id) === undefined || !holds()) return false
      catalog.uploads.remove(bucket.bid, id)
      catalog.uploads.removeParts(bucket.bid, id)
      return true
    },
    finish: (found) => {
      context.crashPoint('upload-dropped')
      if (found) removeUploadFiles(context, bucket, id)
    },
  })
}

/** @throws AisError `ErrNotFound` */
export function assertUpload(
  { catalog }: MountpathContext,
  bucket: LocalBucket,
  id: string,
): Upload {
  const upload = catalog.uploads.find(bucket.bid, id)
  if (upload !== undefined) return upload
  throw new AisError('ErrNotFound', `upload ${id} does not exist`)
}
