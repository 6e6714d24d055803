import { compareUtf8 } from '../algorithms/utf8.ts'
import { deriveEtag } from '../object/etag.ts'
import type { ListEntry } from '../object/list-entry.ts'
import { directoryOf } from '../object/virtual-directory.ts'
import type { Mountpath, ObjectMeta } from '../ports/mountpath.ts'
import { ownerKey } from '../s3/object/stored-metadata.ts'
import { formatGoTime } from '../wire/go-time.ts'
import { entryFlag } from '../wire/lso.ts'
import { locationOf } from './head-object.ts'
import { afterTurn, Cursor, type Row, stepRows } from './list-cursor.ts'
import { listVersioned } from './list-versioned.ts'
import type { TargetBucket, TargetNode } from './target.ts'
import { isVersioned } from './version-rows.ts'

/** What a gateway asks a target for: `limit` entries after `after`. */
export interface TargetListQuery {
  readonly prefix: string
  readonly after: string
  readonly limit: number
  readonly recursive: boolean
  /** Ends a virtual directory; absent: a slash. */
  readonly delimiter?: string | undefined
  /** In a bucket that keeps versions: all of them and delete markers are told, by the names of their rows. */
  readonly versions?: boolean | undefined
  /** All rows as they are, whether the bucket keeps versions or not. */
  readonly rows?: boolean | undefined
  /** What shards hold is listed behind them. */
  readonly archives?: boolean | undefined
  /** Virtual directories are left out (only with `recursive: false`). */
  readonly dirs: boolean
  readonly props: ReadonlySet<string>
  /** Go layout of `atime`. */
  readonly timeFormat: string
}

export interface TargetListPage {
  /** In UTF-8 byte order; a directory stands where its first member would. */
  readonly entries: readonly ListEntry[]
  /** No names are left after these. */
  readonly end: boolean
}

/**
 * Sorts after every legal name that starts with `dir`: U+10FFFF is the greatest code point in UTF-8 order,
 * and no name has more than 3,000 bytes (750 of them).
 */
export function pastDirectory(dir: string): string {
  return dir + '\u{10FFFF}'.repeat(750)
}

function customText(meta: ObjectMeta): string | undefined {
  if (meta.custom.length === 0) return undefined
  return `[${meta.custom.map(([key, value]) => `${key}:${value}`).join(' ')}]`
}

/** What an S3 listing tells of the content. */
function contentOf(meta: ObjectMeta): Pick<ListEntry, 'etag' | 'mtimeNs' | 'sums' | 'owner'> {
  const sums = meta.custom.flatMap(([key]) =>
    key.startsWith('x-amz-checksum-') && key !== 'x-amz-checksum-type'
      ? [key.slice('x-amz-checksum-'.length)]
      : [],
  )
  const etag = deriveEtag(meta) ?? meta.generation
  const owner = meta.custom.find(([key]) => key === ownerKey)?.[1]
  return { etag, mtimeNs: String(meta.mtimeNs), sums: sums.join(','), owner }
}

/** How a listing tells of an object. */
export function listEntry(
  target: TargetNode,
  mountpath: Mountpath,
  bucket: TargetBucket,
  meta: Row,
  query: TargetListQuery,
): ListEntry {
  const { props } = query
  if (!('custom' in meta)) {
    const { name, sizeBytes, isChunked } = meta
    const flags = isChunked ? entryFlag.cached | entryFlag.chunked : entryFlag.cached
    return props.has('size') ? { name, flags, sizeBytes } : { name, flags }
  }
  const chunked = meta.chunks === undefined ? 0 : entryFlag.chunked
  const atimeNs = props.has('atime')
    ? (target.atimes.find(bucket, meta.name) ?? meta.atimeNs)
    : undefined
  return {
    name: meta.name,
    flags: entryFlag.cached | chunked,
    sizeBytes: props.has('size') ? meta.sizeBytes : undefined,
    version: props.has('version') ? meta.version : undefined,
    checksum: props.has('checksum') ? meta.checksum.value : undefined,
    atime: atimeNs === undefined ? undefined : formatGoTime(atimeNs, query.timeFormat),
    copies: props.has('copies') ? 1 : undefined,
    location: props.has('location') ? locationOf(target, mountpath) : undefined,
    custom: props.has('custom') ? customText(meta) : undefined,
    ...(props.has('etag') ? contentOf(meta) : {}),
  }
}

/**
 * One page of this target's names in UTF-8 byte order, merged over its catalogs. Yields to others between steps; so all
 * catalogs are read on together, or an object that moves from one disk to another meanwhile would be missed.
 */
export async function listPage(
  target: TargetNode,
  bucket: TargetBucket,
  query: TargetListQuery,
): Promise<TargetListPage> {
  if (isVersioned({ bucket }) && query.rows !== true) return listVersioned(target, bucket, query)
  const cursors = target.mountpaths().map((mountpath) => new Cursor(mountpath, bucket, query))
  const entries: ListEntry[] = []
  let after = query.after
  let sinceYield = 0
  for (;;) {
    if (cursors.some((cursor) => cursor.isDry)) for (const cursor of cursors) cursor.load(after)
    let least: Row | undefined
    let owner: Cursor | undefined
    for (const cursor of cursors) {
      const row = cursor.peek()
      if (row && (least === undefined || compareUtf8(row.name, least.name) < 0)) {
        least = row
        owner = cursor
      }
    }
    if (least === undefined || owner === undefined) return { entries, end: true }
    if (entries.length >= query.limit) return { entries, end: false }
    const dir = query.recursive ? undefined : directoryOf(least.name, query.prefix, query.delimiter)
    if (dir === undefined) {
      after = least.name
      if (entries.at(-1)?.name !== after) {
        entries.push(listEntry(target, owner.mountpath, bucket, least, query))
      }
      owner.next()
    } else {
      if (query.dirs && compareUtf8(dir, query.after) > 0) {
        entries.push({ name: dir, flags: entryFlag.directory })
      }
      after = pastDirectory(dir)
      for (const cursor of cursors) cursor.skipPast(after)
    }
    sinceYield += 1
    if (sinceYield >= stepRows) {
      sinceYield = 0
      await afterTurn(target)
    }
  }
}
