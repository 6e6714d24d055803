import type { ObjectMeta, OpenObject, Verdict } from '@aistore-ts/core/ports/mountpath.ts'
import type { PartRow } from '../../catalog/upload-table.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { uploadPath } from '../journal/superseded.ts'
import { assertInside, defunct, readSlices } from '../objects/open-object.ts'
import { createPinnedFile, type PinnedFile } from '../objects/pinned-file.ts'
import { verifyPart } from '../objects/verify-range.ts'

/** Parts looked at between two turns of the event loop. */
const partsPerTurn = 256

/**
 * Opens a chunked object. Its parts are pinned as a whole and opened one by one, when their bytes are asked for, so
 * that ten thousand parts do not cost ten thousand descriptors.
 */
export async function openChunks(
  context: MountpathContext,
  bucket: LocalBucket,
  upload: string,
  meta: ObjectMeta,
): Promise<OpenObject> {
  const { catalog, files, pins } = context
  const folder = uploadPath(bucket, upload)
  const parts = catalog.uploads.parts(bucket.bid, upload)
  pins.pin(upload)
  try {
    for (const [index, part] of parts.entries()) {
      const stat = files.lstatSync(`${folder}/${part.file}`)
      if (stat?.kind !== 'file' || stat.sizeBytes !== part.sizeBytes) {
        throw defunct(meta.name, `part ${part.partNumber} is gone or of another size`)
      }
      if (index % partsPerTurn === partsPerTurn - 1) {
        await new Promise<void>((resolve) => files.afterTurn(resolve))
      }
    }
  } catch (error) {
    pins.unpin(upload)
    throw error
  }
  return openParts(context, upload, folder, parts, meta)
}

function openParts(
  context: MountpathContext,
  upload: string,
  folder: string,
  parts: readonly PartRow[],
  meta: ObjectMeta,
): OpenObject {
  const handed = new Map<PartRow, PinnedFile>()
  let openCount = 0
  let unpinned = false

  const unpin = (): void => {
    if (unpinned) return
    unpinned = true
    context.pins.unpin(upload)
  }

  const fileOf = (part: PartRow): PinnedFile => {
    const known = handed.get(part)
    if (known !== undefined) return known
    if (unpinned) throw new Error('an object was used after its close')
    openCount++
    const file = createPinnedFile(
      context.files,
      () => context.files.openSync(`${folder}/${part.file}`, 'read'),
      () => {
        if (--openCount === 0) unpin()
      },
    )
    handed.set(part, file)
    return file
  }

  const slicesOf = (offset: number, length: number) => {
    assertInside(meta, offset, length)
    const slices: { part: PartRow; file: PinnedFile; offset: number; length: number }[] = []
    let start = 0
    for (const part of parts) {
      const from = Math.max(offset, start)
      const to = Math.min(offset + length, start + part.sizeBytes)
      if (from < to) {
        slices.push({ part, file: fileOf(part), offset: from - start, length: to - from })
      }
      start += part.sizeBytes
    }
    return slices
  }

  const verifyRange = async (from: number, total: number): Promise<Verdict> => {
    for (const { part, file, offset, length } of slicesOf(from, total)) {
      const read = (at: number, bytes: number) =>
        readSlices(context, meta.name, [{ file, offset: at, length: bytes }])
      const verdict = await verifyPart(context, part, read, offset, length)
      if (verdict !== 'sound') return verdict
    }
    return 'sound'
  }

  return {
    meta,
    body: (offset, length) => ({ kind: 'files', slices: slicesOf(offset, length) }),
    read: (offset = 0, length = meta.sizeBytes - offset) =>
      readSlices(context, meta.name, slicesOf(offset, length)),
    verifyRange,
    close: () => {
      for (const file of handed.values()) file.close()
      if (openCount === 0) unpin()
    },
  }
}
