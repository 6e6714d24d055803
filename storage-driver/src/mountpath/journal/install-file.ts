import { bckCname } from '@aistore-ts/core/bucket/bck.ts'
import type { Durability } from '@aistore-ts/core/ports/mountpath.ts'
import type { Intent } from '../../catalog/intent-table.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import { bucketNotFound, type LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { fileErrorCode } from '../disk/file-error.ts'
import { objectPath } from '../objects/object-path.ts'
import { fileFailure } from '../objects/work-file.ts'
import { placeFile } from './place-file.ts'

/** A committed change whose file is still to be moved. */
export interface Installation {
  readonly name: string
  readonly row: ObjectRow
  readonly old: ObjectRow | undefined
  readonly intent: Intent
  readonly durability: Durability
  /** Undone together with the row when the file cannot be placed. */
  readonly undo?: (() => void) | undefined
}

/**
 * Step 5: moves the file of a committed change to its final name. When another object is in the way the file goes to
 * the escaped folder, and row and intent follow. When the disk refuses, the change is undone.
 * @param cleanUpFor what to remove once settled, given the path that the file got in the end
 * @throws AisError `ErrCapExceeded`, `ErrMountpathFaulted`, `ErrInternal`
 */
export function installFile(
  context: MountpathContext,
  bucket: LocalBucket,
  change: Installation,
  cleanUpFor: (target: string) => (() => void) | undefined,
): void | Promise<void> {
  const { catalog, settler, crashPoint } = context
  const { intent, name } = change
  const source = `${bucket.root}/${intent.source}`
  try {
    if (placeFile(context, source, `${bucket.root}/${intent.target}`)) {
      crashPoint('renamed')
      settler.add(intent.seq, cleanUpFor(intent.target))
      return
    }
    const target = objectPath(name, true)
    catalog.transaction(() => {
      catalog.objects.store(bucket.bid, name, { ...change.row, escaped: true })
      catalog.intents.retarget(intent.seq, target)
    })
    crashPoint('retargeted')
    const place = (): void => {
      placeFile(context, source, `${bucket.root}/${target}`)
      crashPoint('renamed')
      settler.add(intent.seq, cleanUpFor(target))
    }
    if (change.durability === 'process') return place()
    return catalog.sync().then(place, (error: unknown) => {
      throw context.gate.raise('the catalog log could not be synced', error)
    })
  } catch (error) {
    throw undoInstallation(context, bucket, change, error)
  }
}

function undoInstallation(
  context: MountpathContext,
  bucket: LocalBucket,
  change: Installation,
  error: unknown,
): Error {
  const { catalog, files, buckets } = context
  const { intent, name, old } = change
  if (buckets.find(bucket.ref.bid) !== bucket) return bucketNotFound(bckCname(bucket.ref.bck))
  const failure = fileFailure(context, `${fileErrorCode(error)} on the way to its name`, error)
  if (context.gate.faulted) return failure
  catalog.transaction(() => {
    if (old === undefined) catalog.objects.remove(bucket.bid, name)
    else catalog.objects.store(bucket.bid, name, old)
    catalog.intents.drop(intent.seq, intent.seq)
    if (intent.kind === 'put') catalog.blocks.remove(change.row.blocks)
    change.undo?.()
  })
  if (intent.kind === 'put') files.unlinkSync(`${bucket.root}/${intent.source}`)
  return failure
}
