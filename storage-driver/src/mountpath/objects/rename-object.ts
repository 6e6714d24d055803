import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { BucketRef, Durability, ObjectMeta } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeSuperseded, type ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { installFile } from '../journal/install-file.ts'
import { superseded } from '../journal/superseded.ts'
import { storeManifest } from '../uploads/manifest.ts'
import { findReplaceable, supersedingGeneration } from '../versions/stamps.ts'
import { prepareFolder } from './commit-object.ts'
import { loadMeta } from './load-object.ts'
import { keepsPath } from './next-row.ts'
import { nameForm } from './object-name.ts'
import { objectPath, plainFolder } from './object-path.ts'

/**
 * `Mountpath.rename`: one transaction takes the old name's row away and writes the new one's, with an intent for
 * each. Parts of a chunked object stay where they are.
 */
export async function renameObject(
  context: MountpathContext,
  bucketRef: BucketRef,
  from: string,
  to: string,
  durability: Durability,
): Promise<ObjectMeta> {
  const { catalog, journal, settler, gate, buckets, directories } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  nameForm(from)
  const form = nameForm(to)
  const blocked = form === 'escaped' || !prepareFolder(context, bucket.root, to)
  await context.writeOut.finish(bucket, from)
  await context.writeOut.finish(bucket, to)
  if (durability === 'disk') await syncContent(context, bucket, from)

  const submitted = journal.submit({
    durability,
    frees: false,
    apply: () => {
      const sourceBefore = findReplaceable(context, bucket, from)
      const { old: source } = sourceBefore
      if (source === undefined) throw new AisError('ErrNotFound', `object ${from} does not exist`)
      if (from === to) return { row: source, tail: undefined }
      const before = findReplaceable(context, bucket, to)
      const { old } = before
      const escaped = keepsPath(old) ? old.escaped : blocked
      const row = { ...source, escaped, generation: supersedingGeneration(context, to, before) }
      const buried = supersedingGeneration(context, from, sourceBefore)
      const move = recordMove(context, bucket, from, to, source, old, row)
      catalog.tombstones.store(bucket.bid, from, buried, context.clock.now())
      if (durability === 'disk') context.installing.add(bucketRef.bid, to, submitted)
      return { row, tail: { ...move, before, buried } }
    },
    finish: ({ row, tail }) => {
      if (tail === undefined) return
      const { intent, gone, before, buried, source } = tail
      const cleanUpFor = (target: string) => superseded(context, bucket, to, before, target)
      if (intent.kind === 'manifest') {
        // The intents wait for the manifest: a catalog lost in between must not know the object by its old name.
        return storeManifest(context, bucket, to, row).then(() => {
          settler.add(intent.seq, cleanUpFor(''))
          settler.add(gone)
        })
      }
      const sourcePath = `${bucket.root}/${intent.source}`
      const undo = (): void => {
        catalog.objects.store(bucket.bid, from, source)
        catalog.tombstones.remove(bucket.bid, from, buried)
        catalog.intents.drop(gone, gone)
      }
      const settleSource = (): void => {
        directories.touchParent(sourcePath)
        directories.prune(sourcePath, `${bucket.root}/${plainFolder}`)
        settler.add(gone)
      }
      const change = { name: to, row, old: before.old, intent, durability, undo }
      const work = installFile(context, bucket, change, cleanUpFor)
      if (work !== undefined) return work.then(settleSource)
      settleSource()
    },
  })
  const { row } = await submitted
  return loadMeta(context, bucket, to, row)
}

/** The content may have been committed at `process`; its new name must not outlive it. */
async function syncContent(
  { catalog, files, gate, path }: MountpathContext,
  bucket: LocalBucket,
  name: string,
): Promise<void> {
  const row = catalog.objects.load(bucket.bid, name)
  if (row === undefined || row.upload !== '') return
  let fd: number
  try {
    fd = files.openSync(`${bucket.root}/${objectPath(name, row.escaped)}`, 'read')
  } catch (cause) {
    throw new AisError('ErrObjDefunct', `object ${name} has no file on mountpath ${path}`, {
      cause,
    })
  }
  try {
    await files.fsync(fd)
  } catch (error) {
    throw gate.raise('an object could not be synced', error)
  } finally {
    files.closeSync(fd)
  }
}

function recordMove(
  context: MountpathContext,
  bucket: LocalBucket,
  from: string,
  to: string,
  source: ObjectRow,
  old: ObjectRow | undefined,
  row: ObjectRow,
) {
  const { catalog } = context
  const chunked = source.upload !== ''
  const sourcePath = chunked ? '' : objectPath(from, source.escaped)
  const common = { bid: bucket.bid, synced: true, file: source }
  const gone = context.nextIntent()
  const intent = {
    ...common,
    seq: context.nextIntent(),
    name: to,
    kind: chunked ? 'manifest' : 'move',
    source: sourcePath,
    target: chunked ? '' : objectPath(to, row.escaped),
    superseded: encodeSuperseded(old),
  } as const
  catalog.objects.remove(bucket.bid, from)
  catalog.objects.store(bucket.bid, to, row)
  catalog.intents.add({
    ...common,
    seq: gone,
    name: from,
    kind: 'remove',
    source: '',
    target: sourcePath,
    superseded: encodeSuperseded(source),
  })
  catalog.intents.add(intent)
  return { intent, gone, source }
}
