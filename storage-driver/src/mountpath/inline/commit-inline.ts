import type { NewObject } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeSuperseded, type ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { assertExpected, type Expectation, keepsPath, newRow } from '../objects/next-row.ts'
import { nameForm } from '../objects/object-name.ts'
import type { WorkFile } from '../objects/work-file.ts'
import { findSuperseded, supersedingGeneration } from '../versions/stamps.ts'
import { exactTime } from './exact-time.ts'
import { rowOnDisk } from './inline-bodies.ts'

/**
 * The commit of a small body at `disk`: row and bytes in one transaction, and no file. It never goes back, since the
 * transaction holds all there is to it; so what it supersedes goes at once, but for what lies on the disk: that goes when
 * this body has its file.
 */
export async function commitInline(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  work: WorkFile,
  bytes: Uint8Array,
  object: NewObject,
  expect: Expectation,
): Promise<ObjectRow> {
  const { backlog, buckets, catalog, clock, inline, journal, writeOut } = context
  const waiting = backlog.take(bytes.byteLength)
  if (waiting !== undefined) await waiting
  const seq = context.nextIntent()

  const submitted = journal.submit({
    durability: 'disk',
    frees: false,
    apply: () => {
      buckets.get(bucket.ref)
      const before = findSuperseded(context, bucket, name)
      const { old, buried } = before
      assertExpected(name, old, expect)
      const generation = supersedingGeneration(context, name, before, object)
      const file = {
        sizeBytes: bytes.byteLength,
        inode: 0,
        mtimeNs: exactTime(clock.nowNs()),
      }
      const escaped = keepsPath(old) ? old.escaped : nameForm(name) === 'escaped'
      const row = { ...newRow(object, generation, file, escaped, 0), body: seq }
      const left = rowOnDisk(inline, old)
      catalog.objects.store(bucket.bid, name, row)
      catalog.bodies.drop(old?.body ?? 0)
      catalog.bodies.add({ seq, bid: bucket.bid, name, superseded: encodeSuperseded(left), bytes })
      if (buried !== undefined) catalog.tombstones.remove(bucket.bid, name, buried)
      inline.add({ seq, bucket, name, bytes, left })
      context.installing.add(bucket.ref.bid, name, submitted)
      return { row, replaced: old?.body ?? 0 }
    },
    finish: ({ replaced }) => {
      work.release()
      context.space.add(bytes.byteLength)
      inline.drop(replaced)
      inline.settled(seq)
      writeOut.wake()
    },
  })
  try {
    return (await submitted).row
  } catch (error) {
    if (inline.find(seq) === undefined) backlog.give(bytes.byteLength)
    else inline.drop(seq)
    throw error
  }
}
