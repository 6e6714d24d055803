import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { FileSlice } from '@aistore-ts/core/ports/call.ts'
import type { FileStat } from '@aistore-ts/core/ports/file-system.ts'
import type { BucketRef, ObjectMeta, OpenObject } from '@aistore-ts/core/ports/mountpath.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { fileErrorCode } from '../disk/file-error.ts'
import { openInline } from '../inline/open-inline.ts'
import { openChunks } from '../uploads/open-chunks.ts'
import { hashFile } from './hash-file.ts'
import { loadMeta } from './load-object.ts'
import { objectPath } from './object-path.ts'
import { createPinnedFile, type PinnedFile } from './pinned-file.ts'
import { verifyBlocks } from './verify-range.ts'

/** `Mountpath.open`. */
export function openObject(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
): OpenObject | Promise<OpenObject> {
  const { gate, buckets, catalog, files } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  const installing = context.installing.find(bucketRef.bid, name)
  if (installing !== undefined) return installing.then(() => openObject(context, bucketRef, name))
  const row = catalog.objects.load(bucket.bid, name)
  if (row === undefined) throw new AisError('ErrNotFound', `object ${name} does not exist`)
  const meta = loadMeta(context, bucket, name, row)
  if (row.body !== 0) {
    const body = context.inline.find(row.body)
    if (body === undefined) throw defunct(name, 'its bytes are gone')
    return openInline(meta, body.bytes)
  }
  if (row.upload !== '') {
    if (row.damaged) throw defunct(name, 'its bytes are damaged')
    return openChunks(context, bucket, row.upload, meta)
  }

  const fd = openFile(context, `${bucket.root}/${objectPath(name, row.escaped)}`, name)
  const stat = files.fstatSync(fd)
  if (stat.sizeBytes !== row.sizeBytes || stat.kind !== 'file') {
    files.closeSync(fd)
    throw defunct(name, `its file has ${stat.sizeBytes} bytes, not ${row.sizeBytes}`)
  }
  if (stat.mtimeNs === row.mtimeNs) {
    if (!row.damaged) return openPlain(context, fd, meta, row.blocks)
    files.closeSync(fd)
    throw defunct(name, 'its bytes are damaged')
  }
  return mend(context, bucket, name, row, fd, stat)
}

/** The object's content is not what its row says. */
export function defunct(name: string, why: string, cause?: unknown): AisError {
  return new AisError('ErrObjDefunct', `object ${name} is defunct: ${why}`, { cause })
}

/** Opens an object's file. @throws AisError `ErrObjDefunct` when there is none, `ErrInternal` */
export function openFile({ files }: MountpathContext, path: string, name: string): number {
  try {
    return files.openSync(path, 'read')
  } catch (error) {
    const code = fileErrorCode(error)
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) {
      throw defunct(name, 'its file is gone', error)
    }
    throw new AisError('ErrInternal', `object ${name} could not be opened: ${code}`, {
      cause: error,
    })
  }
}

/** Only the time differs: the checksum decides, and the row follows the file when it is equal. */
async function mend(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  row: ObjectRow,
  fd: number,
  stat: FileStat,
): Promise<OpenObject> {
  const { catalog, files, journal, log } = context
  try {
    if (row.checksumType === 'none') throw defunct(name, 'its file was changed')
    const sum = await hashFile(context, fd, row.sizeBytes, row.checksumType)
    if (sum !== row.checksumValue) throw defunct(name, 'its file was changed')
    const mended = { ...row, mtimeNs: stat.mtimeNs, inode: stat.inode, damaged: false }
    await journal.submit({
      durability: 'process',
      frees: false,
      apply: () => {
        const now = catalog.objects.load(bucket.bid, name)
        if (now?.generation === row.generation && !catalog.intents.has(bucket.bid, name)) {
          catalog.objects.store(bucket.bid, name, mended)
        }
      },
    })
    log.info('a row was mended: its file has another time, and the same checksum', { name })
    return openPlain(context, fd, loadMeta(context, bucket, name, mended), row.blocks)
  } catch (error) {
    files.closeSync(fd)
    throw error
  }
}

/** An object that is one file, open as `fd`; `blocks` names its list of block checksums. */
export function openPlain(
  context: MountpathContext,
  fd: number,
  meta: ObjectMeta,
  blocks: number,
): OpenObject {
  const file = createPinnedFile(
    context.files,
    () => fd,
    () => {},
  )
  // The descriptor is open already: the pinned file must close it even when nobody asks for it.
  void file.fd
  const read = (offset: number, length: number): AsyncIterable<Uint8Array> => {
    assertInside(meta, offset, length)
    return readSlices(context, meta.name, length === 0 ? [] : [{ file, offset, length }])
  }
  return {
    meta,
    body: (offset, length) => {
      assertInside(meta, offset, length)
      return { kind: 'files', slices: length === 0 ? [] : [{ file, offset, length }] }
    },
    read: (offset = 0, length = meta.sizeBytes - offset) => read(offset, length),
    verifyRange: async (offset, length) => {
      assertInside(meta, offset, length)
      const sums = context.catalog.blocks.load(blocks)
      if (sums === undefined) return 'unknown'
      return verifyBlocks(context, sums, meta.sizeBytes, read, offset, length)
    },
    close: file.close,
  }
}

/** A range outside the content is a broken promise of the caller's. */
export function assertInside(meta: ObjectMeta, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > meta.sizeBytes) {
    throw new RangeError(`bytes ${offset} + ${length} are not inside of ${meta.sizeBytes}`)
  }
}

/** The bytes of `slices` in order, a new buffer each. @throws AisError `ErrObjDefunct` when a file ends early */
export async function* readSlices(
  { limits }: MountpathContext,
  name: string,
  slices: Iterable<FileSlice & { readonly file: PinnedFile }>,
): AsyncGenerator<Uint8Array> {
  for (const { file, offset, length } of slices) {
    for (let done = 0; done < length; ) {
      const buffer = new Uint8Array(Math.min(limits.readBytes, length - done))
      let count: number
      try {
        count = await file.read(buffer, offset + done)
      } catch (error) {
        if (fileErrorCode(error) !== 'EIO') throw error
        throw new AisError('ErrInternal', `object ${name} could not be read`, { cause: error })
      }
      if (count === 0) throw defunct(name, 'its file ended early')
      done += count
      yield buffer.subarray(0, count)
    }
  }
}
