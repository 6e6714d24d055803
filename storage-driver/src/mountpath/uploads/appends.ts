import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type {
  AppendHandle,
  BucketRef,
  Draft,
  OpenObject,
} from '@aistore-ts/core/ports/mountpath.ts'
import type { AppendRow } from '../../catalog/append-table.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { nameForm } from '../objects/object-name.ts'
import { createWorkFile, fileFailure, workPath } from '../objects/work-file.ts'
import { cutFile } from '../recovery/clear-leftovers.ts'

/** `Mountpath.appendBegin`: the row is what makes the work file outlive the request and the process. */
export async function beginAppend(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  from?: OpenObject,
): Promise<AppendHandle> {
  const { buckets, gate } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  nameForm(name)
  context.space.check()
  const work = createWorkFile(context, bucket, workPath(context, name), {
    hints: { checksumType: 'none' },
  })
  try {
    if (from !== undefined) {
      for await (const chunk of from.read()) await work.write(chunk)
    }
    const { sizeBytes } = await work.seal()
    const row = { bid: bucket.bid, id: context.nextWorkId(), name, work: work.source, sizeBytes }
    await storeAppend(context, row)
    work.release()
    return { id: row.id, sizeBytes }
  } catch (error) {
    await work.discard()
    throw error
  }
}

/**
 * `Mountpath.appendWrite`: all of `chunks`, or none of them.
 * @throws AisError `ErrNotFound` unknown append; `ErrObjDefunct` its file is not as long as what was acknowledged
 */
export async function writeAppend(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  id: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<AppendHandle> {
  context.gate.check()
  const bucket = context.buckets.get(bucketRef)
  const row = findAppend(context, bucket, name, id)
  context.uses.touch(id)
  assertLength(context, bucket, row)
  context.space.check()
  const path = `${bucket.root}/${row.work}`
  let sizeBytes = row.sizeBytes
  try {
    const fd = context.files.openSync(path, 'update')
    try {
      for await (const chunk of chunks) {
        await context.files.write(fd, chunk, sizeBytes)
        sizeBytes += chunk.byteLength
        context.space.add(chunk.byteLength)
      }
    } finally {
      context.files.closeSync(fd)
    }
    context.crashPoint('append-written')
    await storeAppend(context, { ...row, sizeBytes })
  } catch (error) {
    cutFile(context, path, row.sizeBytes)
    throw fileFailure(context, 'an append could not be written', error)
  }
  return { id, sizeBytes }
}

/** `Mountpath.appendDraft`. Its commit drops the append's row in the same transaction. */
export async function draftAppend(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  id: string,
): Promise<Draft & { read(): AsyncIterable<Uint8Array> }> {
  context.gate.check()
  const bucket = context.buckets.get(bucketRef)
  const row = findAppend(context, bucket, name, id)
  context.uses.touch(id)
  assertLength(context, bucket, row)
  const existing = {
    sizeBytes: row.sizeBytes,
    appendId: id,
    forget: () =>
      context.journal.submit({
        durability: 'process',
        frees: true,
        apply: () => context.catalog.appends.remove(bucket.bid, id),
      }),
  }
  return createWorkFile(context, bucket, row.work, { existing })
}

function findAppend(
  { catalog }: MountpathContext,
  bucket: LocalBucket,
  name: string,
  id: string,
): AppendRow {
  const row = catalog.appends.find(bucket.bid, id)
  if (row === undefined || row.name !== name) {
    throw new AisError('ErrNotFound', `append handle ${id} of object ${name} does not exist`)
  }
  return row
}

function assertLength({ files }: MountpathContext, bucket: LocalBucket, row: AppendRow): void {
  const stat = files.lstatSync(`${bucket.root}/${row.work}`)
  if (stat?.sizeBytes === row.sizeBytes) return
  throw new AisError(
    'ErrObjDefunct',
    `append handle ${row.id} is defunct: its file has ${stat?.sizeBytes ?? 'no'} bytes, not ${row.sizeBytes}`,
  )
}

function storeAppend(context: MountpathContext, row: AppendRow): Promise<void> {
  return context.journal.submit({
    durability: 'process',
    frees: false,
    apply: () => context.catalog.appends.store(row),
  })
}
