import type { FileStat } from '@aistore-ts/core/ports/file-system.ts'
import type { BucketRef, SmallObject } from '@aistore-ts/core/ports/mountpath.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import type { MountpathContext } from '../context.ts'
import { KeptObject } from './kept-object.ts'
import { loadMeta } from './load-object.ts'
import { objectPath } from './object-path.ts'

/** Objects up to this size are kept whole, bytes. */
export const smallBytesMax = 65_536

/** Bytes of kept objects of one mountpath, their bookkeeping aside. */
const keptBytesMax = 16 * 1024 * 1024

/** What a kept object costs beside its bytes, about. */
const entryBytes = 512

/** Small objects that were read more than once, whole. The oldest goes first. */
export interface SmallObjects {
  find(row: ObjectRow): KeptObject | undefined
  /** Notes a read; `true` when there was one before: the object is worth keeping. */
  isAsked(row: ObjectRow): boolean
  keep(row: ObjectRow, kept: KeptObject): void
}

/** Keyed by the row itself: a commit, a removal, a rename or a rescan makes another row, and forgets its content. */
export function createSmallObjects(): SmallObjects {
  const asked = new WeakSet<ObjectRow>()
  const objects = new Map<ObjectRow, KeptObject>()
  let keptBytes = 0
  return {
    find: (row) => objects.get(row),
    isAsked: (row) => {
      if (asked.has(row)) return true
      asked.add(row)
      return false
    },
    keep: (row, kept) => {
      objects.set(row, kept)
      keptBytes += kept.bytes.byteLength + entryBytes
      for (const [oldest, object] of objects) {
        if (keptBytes <= keptBytesMax) break
        objects.delete(oldest)
        keptBytes -= object.bytes.byteLength + entryBytes
        object.forget()
      }
    },
  }
}

/**
 * `Mountpath.readSmall`. The content comes from memory while its row is the one in force: no change of ours is missed. What
 * somebody else does to the file shows within `lookMs`, by inode, size, time of content and time of change: for a hot
 * object that look would cost as much as all else.
 */
export function readSmall(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
): SmallObject | undefined {
  context.gate.check()
  const bucket = context.buckets.find(bucketRef.bid)
  if (bucket === undefined || context.installing.find(bucketRef.bid, name) !== undefined) return
  const row = context.catalog.objects.load(bucket.bid, name)
  if (row === undefined || row.sizeBytes > smallBytesMax) return undefined
  const { small, files, inline } = context
  if (row.body !== 0) {
    const body = inline.find(row.body)
    const meta = loadMeta(context, bucket, name, row)
    return body && { meta, bytes: body.bytes, isCurrent: () => false }
  }
  const kept = small.find(row)
  if (kept !== undefined) {
    if (!kept.wasSeen()) {
      const stat = files.lstatSync(kept.path)
      if (!kept.isOf(stat) || !isContentOf(stat, row)) return undefined
      kept.see()
    }
    kept.confirm()
    return kept
  }
  if (row.upload !== '' || row.damaged || row.sizeBytes === 0 || !small.isAsked(row)) return
  const path = `${bucket.root}/${objectPath(name, row.escaped)}`
  const read = readFile(context, path, row)
  if (read === undefined) return undefined
  const found = new KeptObject(context, loadMeta(context, bucket, name, row), path, read)
  small.keep(row, found)
  return found
}

/** The whole file; `undefined` when anything is out of the ordinary, which `open` then tells. */
function readFile(
  { files }: MountpathContext,
  path: string,
  row: ObjectRow,
): { readonly bytes: Uint8Array; readonly stat: FileStat } | undefined {
  let fd: number | undefined
  try {
    fd = files.openSync(path, 'read')
    const stat = files.fstatSync(fd)
    if (!isContentOf(stat, row)) return undefined
    const bytes = new Uint8Array(row.sizeBytes)
    return files.readSync(fd, bytes, 0) === row.sizeBytes ? { bytes, stat } : undefined
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) files.closeSync(fd)
  }
}

function isContentOf(stat: FileStat | undefined, row: ObjectRow): boolean {
  return stat?.kind === 'file' && stat.sizeBytes === row.sizeBytes && stat.mtimeNs === row.mtimeNs
}
