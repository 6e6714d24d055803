import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type {
  BucketRef,
  Durability,
  NewObject,
  ObjectMeta,
} from '@aistore-ts/core/ports/mountpath.ts'
import { encodeCustom, encodeSuperseded, type ObjectRow } from '../../catalog/object-row.ts'
import type { PartRow } from '../../catalog/upload-table.ts'
import type { MountpathContext } from '../context.ts'
import { superseded, uploadPath } from '../journal/superseded.ts'
import { loadMeta } from '../objects/load-object.ts'
import { nameForm } from '../objects/object-name.ts'
import { findReplaceable, supersedingGeneration } from '../versions/stamps.ts'
import { storeManifest } from './manifest.ts'
import { assertUpload } from './uploads.ts'

/**
 * `Mountpath.uploadComplete`: the row that names the upload is the manifest and the commit point. No byte is copied
 * and no file is moved; parts that were not named go when the change is settled.
 * @throws AisError `ErrNotFound` unknown upload; `ErrBadRequest` unknown part, or not in ascending order
 */
export async function completeUpload(
  context: MountpathContext,
  bucketRef: BucketRef,
  id: string,
  partNumbers: readonly number[],
  object: NewObject & { readonly name?: string | undefined },
  durability: Durability,
): Promise<ObjectMeta> {
  const { buckets, catalog, gate, journal, pins, settler, files } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  const upload = assertUpload(context, bucket, id)
  const name = object.name ?? upload.name
  nameForm(name)
  await context.writeOut.finish(bucket, name)
  const done = await journal.submit({
    durability,
    frees: false,
    apply: () => {
      buckets.get(bucketRef)
      assertUpload(context, bucket, id)
      const { chosen, dropped } = choose(catalog.uploads.parts(bucket.bid, id), partNumbers)
      const before = findReplaceable(context, bucket, name)
      const generation = supersedingGeneration(context, name, before, object)
      const row = chunkedRow(context, id, chosen, object, generation)
      const seq = context.nextIntent()
      for (const part of dropped) catalog.uploads.removePart(bucket.bid, id, part.partNumber)
      catalog.uploads.remove(bucket.bid, id)
      catalog.objects.store(bucket.bid, name, row)
      catalog.intents.add({
        seq,
        bid: bucket.bid,
        name,
        kind: 'manifest',
        source: '',
        target: '',
        synced: true,
        file: row,
        superseded: encodeSuperseded(before.old),
      })
      return { row, before, seq, dropped }
    },
    finish: async ({ row, before, seq, dropped }) => {
      context.crashPoint('manifest-written')
      await storeManifest(context, bucket, name, row)
      const cleanOld = superseded(context, bucket, name, before, '')
      settler.add(seq, () => {
        cleanOld?.()
        for (const { file } of dropped) {
          pins.whenFree(id, () => files.unlinkSync(`${uploadPath(bucket, id)}/${file}`))
        }
      })
    },
  })
  return loadMeta(context, bucket, name, done.row)
}

function choose(
  parts: readonly PartRow[],
  partNumbers: readonly number[],
): { readonly chosen: readonly PartRow[]; readonly dropped: readonly PartRow[] } {
  const byNumber = new Map(parts.map((part) => [part.partNumber, part]))
  let last = Number.NEGATIVE_INFINITY
  const chosen = partNumbers.map((number) => {
    const part = byNumber.get(number)
    if (part === undefined) throw new AisError('ErrBadRequest', `part ${number} does not exist`)
    if (number <= last) {
      throw new AisError('ErrBadRequest', `part ${number} is not in ascending order`)
    }
    last = number
    byNumber.delete(number)
    return part
  })
  if (chosen.length === 0) throw new AisError('ErrBadRequest', 'no parts are named')
  return { chosen, dropped: [...byNumber.values()] }
}

function chunkedRow(
  context: MountpathContext,
  upload: string,
  parts: readonly PartRow[],
  object: NewObject,
  generation: string,
): ObjectRow {
  return {
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    checksumType: object.checksum.type,
    checksumValue: object.checksum.value,
    version: object.version,
    atimeNs: object.atimeNs,
    mtimeNs: context.clock.nowNs(),
    generation,
    inode: 0,
    escaped: false,
    upload,
    custom: encodeCustom(object.custom),
    blocks: 0,
    damaged: false,
    body: 0,
  }
}
