import { type FileIdentity, sameFile } from '../../catalog/intent-table.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import { chunkFolder } from '../buckets/bucket-folder.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathBasis, MountpathContext } from '../context.ts'
import { objectPath } from '../objects/object-path.ts'
import type { Superseded } from '../versions/stamps.ts'

/**
 * As `supersededContent`, and the tombstone that the new version took the place of. Not before: a recovery may go back
 * to it.
 */
export function superseded(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  { old, buried }: Superseded,
  target: string,
): (() => void) | undefined {
  const clean = supersededContent(context, bucket, name, old, target)
  if (buried === undefined) return clean
  return () => {
    clean?.()
    context.catalog.tombstones.remove(bucket.bid, name, buried)
  }
}

/**
 * What is to be removed once the change that replaced `old` is settled: its file, when the new content does not lie
 * at `target` in its place, or its parts; and its block checksums. `undefined` when there is nothing.
 */
export function supersededContent(
  context: MountpathBasis,
  bucket: LocalBucket,
  name: string,
  old: ObjectRow | undefined,
  target: string,
): (() => void) | undefined {
  if (old === undefined) return undefined
  if (old.upload !== '') return () => removeUploadFiles(context, bucket, old.upload)
  const path = objectPath(name, old.escaped)
  if (path === target && old.blocks === 0) return undefined
  return () => {
    context.catalog.blocks.remove(old.blocks)
    if (path !== target) removeOldFile(context, `${bucket.root}/${path}`, old)
  }
}

/** By the time of settling the path may hold newer content, or a directory: only the old file itself goes. */
function removeOldFile(
  { directories, files, log }: MountpathBasis,
  path: string,
  old: FileIdentity,
): void {
  try {
    const stat = files.lstatSync(path)
    if (stat?.kind !== 'file' || !sameFile(stat, old)) return
    files.unlinkSync(path)
    directories.touchParent(path)
  } catch (error) {
    log.warn('a superseded file could not be removed', { path, cause: String(error) })
  }
}

/** Deletes the rows of an upload's parts now, and its folder when its last reader is gone. */
export function removeUploadFiles(
  context: MountpathBasis,
  bucket: LocalBucket,
  upload: string,
): void {
  context.catalog.uploads.removeParts(bucket.bid, upload)
  context.pins.whenFree(upload, () => {
    context.files.removeTree(uploadPath(bucket, upload)).catch((error: unknown) => {
      context.log.warn('parts could not be removed', { upload, cause: String(error) })
    })
  })
}

/** Folder of an upload's parts. */
export function uploadPath(bucket: LocalBucket, upload: string): string {
  return `${bucket.root}/${chunkFolder}/${upload}`
}
