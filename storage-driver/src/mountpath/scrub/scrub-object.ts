import { type AisError, isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { OpenObject } from '@aistore-ts/core/ports/mountpath.ts'
import { sameFile } from '../../catalog/intent-table.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { fileErrorCode } from '../disk/file-error.ts'
import { loadMeta } from '../objects/load-object.ts'
import { objectPath } from '../objects/object-path.ts'
import { defunct, openFile, openPlain } from '../objects/open-object.ts'
import { openChunks } from '../uploads/open-chunks.ts'
import type { Pace } from './pace.ts'

/**
 * What the scrub made of an object. `mended`: its row follows the file again. `damaged`: found now. `known`: found
 * earlier. `skipped`: it is being changed.
 */
export type Finding = 'sound' | 'mended' | 'damaged' | 'known' | 'skipped'

/** Compares an object's files with its row, byte for byte, and writes into the row what came out. */
export async function scrubObject(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  row: ObjectRow,
  pace: Pace,
): Promise<Finding> {
  if (row.body !== 0 || context.catalog.intents.has(bucket.bid, name)) return 'skipped'
  try {
    const { open, file } = await openContent(context, bucket, name, row)
    try {
      await verifyContent(context, open, file.mtimeNs === row.mtimeNs, pace)
    } finally {
      open.close()
    }
    if (file.mtimeNs === row.mtimeNs && !row.damaged) return 'sound'
    const { mtimeNs, inode } = file
    return await change(context, bucket, name, row, { mtimeNs, inode, damaged: false })
  } catch (error) {
    if (!isAisError(error) || !tellsDamage(error)) throw error
    const finding = await change(context, bucket, name, row, { damaged: true })
    if (finding === 'damaged') {
      context.log.error('the scrub found a damaged object', {
        mountpath: context.path,
        bucket: bucket.root,
        name,
        why: error.message,
      })
    }
    return finding
  }
}

/** Opens what the row speaks of, damaged or not. @throws AisError `ErrObjDefunct` when it is not there, or of another size */
async function openContent(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  row: ObjectRow,
): Promise<{ open: OpenObject; file: { mtimeNs: bigint; inode: number } }> {
  const meta = loadMeta(context, bucket, name, row)
  if (row.upload !== '') {
    return { open: await openChunks(context, bucket, row.upload, meta), file: row }
  }
  const fd = openFile(context, `${bucket.root}/${objectPath(name, row.escaped)}`, name)
  const file = context.files.fstatSync(fd)
  const open = openPlain(context, fd, meta, row.blocks)
  if (file.kind === 'file' && file.sizeBytes === row.sizeBytes) return { open, file }
  open.close()
  throw defunct(name, `its file has ${file.sizeBytes} bytes, not ${row.sizeBytes}`)
}

/** @throws AisError `ErrObjDefunct` when the bytes are not those that were stored */
async function verifyContent(
  context: MountpathContext,
  open: OpenObject,
  unchanged: boolean,
  pace: Pace,
): Promise<void> {
  const { checksum, name } = open.meta
  if (checksum.type === 'none') {
    if (!unchanged) throw defunct(name, 'its file was changed')
    return
  }
  const hasher = context.createHasher(checksum.type)
  for await (const chunk of open.read()) {
    hasher.update(chunk)
    await pace.spend(chunk.byteLength)
  }
  const actual = hasher.digestHex()
  if (actual === checksum.value) return
  throw defunct(name, `its ${checksum.type} is ${actual}, not ${checksum.value}`)
}

/** A file that is gone, of another size or content, or that the disk cannot read. */
function tellsDamage(error: AisError): boolean {
  return error.code === 'ErrObjDefunct' || fileErrorCode(error.cause) === 'EIO'
}

/** Changes the row unless it speaks of newer content by now. */
function change(
  { catalog, journal }: MountpathContext,
  bucket: LocalBucket,
  name: string,
  row: ObjectRow,
  to: Partial<ObjectRow> & Pick<ObjectRow, 'damaged'>,
): Promise<Finding> {
  return journal.submit({
    durability: 'process',
    frees: false,
    apply: (): Finding => {
      const now = catalog.objects.load(bucket.bid, name)
      if (now === undefined || !sameFile(now, row) || now.upload !== row.upload) return 'skipped'
      if (catalog.intents.has(bucket.bid, name)) return 'skipped'
      if (to.damaged && now.damaged) return 'known'
      catalog.objects.store(bucket.bid, name, { ...now, ...to })
      return to.damaged ? 'damaged' : 'mended'
    },
  })
}
