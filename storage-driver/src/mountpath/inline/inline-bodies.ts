import { decodeUint64 } from '../../catalog/encoding.ts'
import { decodeSuperseded, type ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathBasis } from '../context.ts'
import type { Backlog } from './backlog.ts'

/** The content of an object that has no file yet. */
export interface InlineBody {
  /** What the object's row names it by. */
  readonly seq: number
  readonly bucket: LocalBucket
  readonly name: string
  readonly bytes: Uint8Array
  /** What lies on the disk under the name: an older version, superseded by this one. */
  readonly left: ObjectRow | undefined
}

/** Small bodies of one mountpath, from their commit until their file is on the disk: what the catalog keeps, in memory. */
export interface InlineBodies {
  /** From here on it can be read; `settled` or `drop` follows. Its room in the backlog was taken. */
  add(body: InlineBody): void
  /** It is safe on the disk: it may be written out. Before, that would destroy what a power cut goes back to. */
  settled(seq: number): void
  /** It is no content any more, or has its file. 0 names no body. */
  drop(seq: number): void
  dropBucket(bucket: LocalBucket): void
  find(seq: number): InlineBody | undefined
  /** Those that may be written out: the ones called `first`, then the oldest. */
  due(first: Iterable<number>): Iterable<InlineBody>
  readonly dueCount: number
}

export function createInlineBodies(backlog: Backlog): InlineBodies {
  const bodies = new Map<number, InlineBody>()
  const due = new Map<number, InlineBody>()

  const drop = (seq: number): void => {
    const body = bodies.get(seq)
    if (body === undefined) return
    bodies.delete(seq)
    due.delete(seq)
    backlog.give(body.bytes.byteLength)
  }

  return {
    add: (body) => {
      bodies.set(body.seq, body)
    },
    settled: (seq) => {
      const body = bodies.get(seq)
      if (body !== undefined) due.set(seq, body)
    },
    drop,
    dropBucket: (bucket) => {
      for (const body of bodies.values()) if (body.bucket === bucket) drop(body.seq)
    },
    find: (seq) => bodies.get(seq),
    *due(first) {
      for (const seq of first) {
        const body = due.get(seq)
        if (body !== undefined) yield body
      }
      yield* due.values()
    },
    get dueCount() {
      return due.size
    },
  }
}

/** The row of what lies on the disk where `row` is, or is to be: of a body without a file what was there before. */
export function rowOnDisk(
  inline: Pick<InlineBodies, 'find'>,
  row: ObjectRow | undefined,
): ObjectRow | undefined {
  return row === undefined || row.body === 0 ? row : inline.find(row.body)?.left
}

/** At the start: the bodies that the catalog holds, safe on the disk. What no row names is dropped. Their number. */
export async function loadBodies({
  backlog,
  buckets,
  catalog,
  inline,
}: MountpathBasis): Promise<number> {
  let count = 0
  for (const { seq, bid, name, superseded, bytes } of catalog.bodies.all()) {
    const bucket = buckets.find(decodeUint64(bid))
    if (bucket === undefined || catalog.objects.load(bid, name)?.body !== seq) {
      catalog.bodies.drop(seq)
      continue
    }
    backlog.count(bytes.byteLength)
    inline.add({ seq, bucket, name, bytes, left: decodeSuperseded(superseded) })
    inline.settled(seq)
    count++
  }
  // The last process may have been killed before the log was synced.
  if (count > 0) await catalog.sync()
  return count
}
