import type { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { FileStat } from '@aistore-ts/core/ports/file-system.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import type { MountpathBasis } from '../context.ts'
import { placeFile } from '../journal/place-file.ts'
import { supersededContent } from '../journal/superseded.ts'
import { prepareFolder } from '../objects/commit-object.ts'
import { objectPath } from '../objects/object-path.ts'
import { fileFailure, workPath } from '../objects/work-file.ts'
import type { InlineBody } from './inline-bodies.ts'

/** A small body whose file is at its final path, and perhaps not yet on the disk. */
export interface PlacedBody {
  readonly body: InlineBody
  /** Path below the bucket's folder. */
  readonly target: string
  readonly file: FileStat
}

/**
 * Gives a body its file: a work file with the time that the row tells, renamed to the final path. The row still names the
 * body, which is what readers get, and what a crash leaves.
 * @returns `undefined` when it is nobody's content any more
 * @throws AisError `ErrCapExceeded`, `ErrMountpathFaulted`, `ErrInternal`: there is no work file then
 */
export async function placeBody(
  context: MountpathBasis,
  body: InlineBody,
): Promise<PlacedBody | undefined> {
  const { bucket, name } = body
  const row = currentRow(context, body)
  if (row === undefined) return undefined
  const source = workPath(context, name)
  // The bucket's folder may get another name in any turn: nobody keeps its path.
  const pathOf = (path: string): string => `${bucket.root}/${path}`
  try {
    const file = writeFile(context, pathOf(source), body.bytes, row.mtimeNs)
    context.crashPoint('body-written')
    // Whether the row is current and the rename go together: no other change comes in between.
    const plain = objectPath(name, false)
    if (!row.escaped && prepareFolder(context, bucket.root, name)) {
      if (placeFile(context, pathOf(source), pathOf(plain))) {
        context.crashPoint('body-placed')
        return { body, target: plain, file }
      }
    }
    if (!row.escaped) await claimEscaped(context, body, row)
    if (currentRow(context, body) === undefined) {
      context.files.unlinkSync(pathOf(source))
      return undefined
    }
    const target = objectPath(name, true)
    placeFile(context, pathOf(source), pathOf(target))
    context.crashPoint('body-placed')
    return { body, target, file }
  } catch (error) {
    throw discard(context, pathOf(source), error)
  }
}

/** In a transaction: a body's file is on the disk, and is the content from now on. */
export function settleBody(context: MountpathBasis, { body, file }: PlacedBody): void {
  const { catalog } = context
  const { bucket, name, seq, left } = body
  const row = currentRow(context, body)
  if (row === undefined) return
  const { inode, mtimeNs } = file
  catalog.objects.store(bucket.bid, name, { ...row, inode, mtimeNs, body: 0 })
  catalog.bodies.drop(seq)
  supersededContent(context, bucket, name, left, objectPath(name, row.escaped))?.()
}

/** The row whose content `body` is. */
function currentRow(
  { buckets, catalog }: MountpathBasis,
  { bucket, name, seq }: InlineBody,
): ObjectRow | undefined {
  if (buckets.find(bucket.ref.bid) !== bucket) return undefined
  const row = catalog.objects.load(bucket.bid, name)
  return row?.body === seq ? row : undefined
}

function writeFile(
  { files, space }: MountpathBasis,
  path: string,
  bytes: Uint8Array,
  mtimeNs: bigint,
): FileStat {
  const fd = files.openSync(path, 'create')
  try {
    if (bytes.byteLength > 0) files.writeSync(fd, bytes, 0)
    space.add(bytes.byteLength)
    files.setMtimeSync(fd, mtimeNs)
    return files.fstatSync(fd)
  } finally {
    files.closeSync(fd)
  }
}

/** Another object is in the way: the row says where the file is to be, on the disk, before it is there. */
async function claimEscaped(
  context: MountpathBasis,
  body: InlineBody,
  row: ObjectRow,
): Promise<void> {
  const { catalog, crashPoint, gate } = context
  catalog.transaction(() => {
    catalog.objects.store(body.bucket.bid, body.name, { ...row, escaped: true })
  })
  crashPoint('body-escaped')
  try {
    await catalog.sync()
  } catch (error) {
    throw gate.raise('the catalog log could not be synced', error)
  }
}

function discard(context: MountpathBasis, source: string, error: unknown): AisError {
  const failure = fileFailure(context, 'a small body could not be written out', error)
  try {
    context.files.unlinkSync(source)
  } catch (cause) {
    context.log.warn('a work file could not be removed', { path: source, cause: String(cause) })
  }
  return failure
}
