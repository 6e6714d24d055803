import type {
  BucketRef,
  Draft,
  Durability,
  NewObject,
  ObjectMeta,
} from '@aistore-ts/core/ports/mountpath.ts'
import { encodeSuperseded, objectMeta } from '../../catalog/object-row.ts'
import type { MountpathContext } from '../context.ts'
import { commitInline } from '../inline/commit-inline.ts'
import { parentOf } from '../journal/directories.ts'
import { installFile } from '../journal/install-file.ts'
import { isConflict } from '../journal/place-file.ts'
import { superseded } from '../journal/superseded.ts'
import { findReplaceable, supersedingGeneration } from '../versions/stamps.ts'
import { assertExpected, type Expectation, keepsPath, newRow } from './next-row.ts'
import { nameForm } from './object-name.ts'
import { objectPath } from './object-path.ts'
import { fileFailure, workFileOf } from './work-file.ts'

/** `Mountpath.commit`: steps 1 to 6 of the redo-intent commit; the settler does step 7. Small bodies: `commitInline`. */
export async function commitObject(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  draft: Draft,
  object: NewObject,
  durability: Durability,
  expect: Expectation,
): Promise<ObjectMeta> {
  const { catalog, journal, gate, buckets } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  const form = nameForm(name)
  const work = workFileOf(draft, bucket)
  const bytes = durability === 'disk' ? work.bytes?.() : undefined
  if (bytes !== undefined) {
    const row = await commitInline(context, bucket, name, work, bytes, object, expect)
    return objectMeta(name, row, undefined)
  }
  const writing = context.writeOut.finish(bucket, name)
  if (writing !== undefined) await writing
  const sealed = durability === 'disk' ? work.sealSynced() : work.seal()
  const file = sealed instanceof Promise ? await sealed : sealed
  const sums = work.blockSums()
  const blocked = form === 'escaped' || !prepareFolder(context, bucket.root, name)

  const submitted = journal.submit({
    durability,
    frees: false,
    apply: () => {
      buckets.get(bucketRef)
      const before = findReplaceable(context, bucket, name)
      const { old } = before
      assertExpected(name, old, expect)
      const generation = supersedingGeneration(context, name, before, object)
      const blocks = sums === undefined ? 0 : catalog.blocks.add(bucket.bid, sums)
      const escaped = keepsPath(old) ? old.escaped : blocked
      const row = newRow(object, generation, file, escaped, blocks)
      const intent = {
        seq: context.nextIntent(),
        bid: bucket.bid,
        name,
        kind: 'put',
        source: work.source,
        target: objectPath(name, row.escaped),
        synced: durability === 'disk',
        file,
        superseded: encodeSuperseded(old),
      } as const
      catalog.objects.store(bucket.bid, name, row)
      catalog.intents.add(intent)
      if (work.appendId !== undefined) catalog.appends.remove(bucket.bid, work.appendId)
      if (durability === 'disk') context.installing.add(bucketRef.bid, name, submitted)
      return { row, before, intent }
    },
    finish: ({ row, before, intent }) => {
      const { old } = before
      // Not before: a transaction that was rolled back leaves the file to the draft, and to its `discard`.
      work.release()
      return installFile(context, bucket, { name, row, old, intent, durability }, (target) =>
        superseded(context, bucket, name, before, target),
      )
    },
  })
  const { row } = await submitted
  return objectMeta(name, row, undefined)
}

/** Makes the folder of a plain name; `false` when a file is in the way. @throws AisError `ErrCapExceeded` */
export function prepareFolder(
  context: Pick<MountpathContext, 'directories' | 'gate' | 'path'>,
  root: string,
  name: string,
): boolean {
  try {
    context.directories.ensure(parentOf(`${root}/${objectPath(name, false)}`))
    return true
  } catch (error) {
    if (isConflict(error)) return false
    throw fileFailure(context, 'a folder could not be made', error)
  }
}
