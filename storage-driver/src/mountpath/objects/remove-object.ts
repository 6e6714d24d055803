import type { BucketRef, Durability, RemoveOptions } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeSuperseded, type ObjectRow } from '../../catalog/object-row.ts'
import type { MountpathContext } from '../context.ts'
import { rowOnDisk } from '../inline/inline-bodies.ts'
import { supersededContent } from '../journal/superseded.ts'
import { newerOf } from '../versions/generations.ts'
import { nameForm } from './object-name.ts'
import { objectPath, plainFolder } from './object-path.ts'
import { fileFailure } from './work-file.ts'

/** `Mountpath.remove`. */
export function removeObject(
  context: MountpathContext,
  bucket: BucketRef,
  name: string,
  durability: Durability,
  { expect, moved, unseen }: RemoveOptions = {},
): Promise<boolean> {
  return takeOut(context, bucket, name, durability, (old, buried) => {
    if (old === undefined && unseen === true) {
      return { removes: false, tombstone: context.nextGeneration(buried) }
    }
    if (old === undefined) return keep
    if (expect !== undefined && expect.generation !== old.generation) return keep
    if (moved === true) return { removes: true }
    return { removes: true, tombstone: context.nextGeneration(newerOf(old.generation, buried)) }
  })
}

/** `Mountpath.bury`. */
export async function buryObject(
  context: MountpathContext,
  bucket: BucketRef,
  name: string,
  generation: string,
  durability: Durability,
): Promise<void> {
  await takeOut(context, bucket, name, durability, (old, buried) => {
    const known = newerOf(old?.generation, buried)
    if (known !== undefined && known >= generation) return keep
    return { removes: old !== undefined, tombstone: generation }
  })
}

interface Verdict {
  readonly removes: boolean
  /** Generation of the tombstone that stays. */
  readonly tombstone?: string
}

const keep: Verdict = { removes: false }

/**
 * Row out, tombstone and intent in, then unlink; the intent stays until the unlink is on the disk.
 * @param judge of the row and the generation of the tombstone that there are
 */
async function takeOut(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  durability: Durability,
  judge: (old: ObjectRow | undefined, buried: string | undefined) => Verdict,
): Promise<boolean> {
  const { catalog, journal, settler, gate, buckets, files, directories, inline } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  nameForm(name)
  const removed = await journal.submit({
    durability,
    frees: true,
    apply: () => {
      const old = catalog.objects.load(bucket.bid, name)
      const { removes, tombstone } = judge(old, catalog.tombstones.find(bucket.bid, name))
      if (tombstone !== undefined) {
        catalog.tombstones.store(bucket.bid, name, tombstone, context.clock.now())
      }
      if (old === undefined || !removes) return undefined
      const seq = context.nextIntent()
      const target = old.upload === '' ? objectPath(name, old.escaped) : ''
      const left = rowOnDisk(inline, old)
      catalog.objects.remove(bucket.bid, name)
      catalog.bodies.drop(old.body)
      catalog.shardIndexes.remove(bucket.bid, name)
      catalog.intents.add({
        seq,
        bid: bucket.bid,
        name,
        kind: 'remove',
        source: '',
        target,
        synced: true,
        file: old,
        superseded: encodeSuperseded(left),
      })
      return { seq, body: old.body, left, target }
    },
    finish: (done) => {
      if (done === undefined) return
      const { seq, body, left, target } = done
      const path = `${bucket.root}/${target}`
      inline.drop(body)
      try {
        // What had no file yet may find another object's folder where its file was to be.
        const isOurs = body === 0 || files.lstatSync(path)?.kind === 'file'
        if (target !== '' && isOurs && files.unlinkSync(path)) {
          directories.touchParent(path)
          directories.prune(path, `${bucket.root}/${plainFolder}`)
        }
      } catch (error) {
        throw fileFailure(context, 'a file could not be removed', error)
      }
      context.crashPoint('unlinked')
      settler.add(seq, supersededContent(context, bucket, name, left, target))
    },
  })
  return removed !== undefined
}
