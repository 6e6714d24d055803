import { compareUtf8 } from '../algorithms/utf8.ts'
import { deriveEtag } from '../object/etag.ts'
import type { ListEntry } from '../object/list-entry.ts'
import { isMarker, keyOf, parseVersionRow } from '../object/version-name.ts'
import { directoryOf } from '../object/virtual-directory.ts'
import type { Mountpath, ObjectBrief, ObjectMeta } from '../ports/mountpath.ts'
import { ownerKey } from '../s3/object/stored-metadata.ts'
import { formatGoTime } from '../wire/go-time.ts'
import { entryFlag } from '../wire/lso.ts'
import { locationOf } from './head-object.ts'
import type { TargetBucket, TargetNode } from './target.ts'
import { versionIdKey } from './versions.ts'

/** What a gateway asks a target for: `limit` entries after `after`. */
export interface TargetListQuery {
  readonly prefix: string
  readonly after: string
  readonly limit: number
  readonly recursive: boolean
  /** Ends a virtual directory; absent: a slash. */
  readonly delimiter?: string | undefined
  /** Former versions and delete markers are told as well, by the names of their rows. */
  readonly versions?: boolean | undefined
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

/** What a brief row can answer. */
const briefProps: ReadonlySet<string> = new Set(['name', 'size', 'cached', 'status', 'ec'])

/** Rows asked of a catalog per step, after which the loop is given back. */
const stepRows = 1_000
/** The same just behind a virtual directory: the next name may well lead into another one. */
const firstStepRows = 16
const stepGrowth = 4

/**
 * Sorts after every legal name that starts with `dir`: U+10FFFF is the greatest code point in UTF-8 order,
 * and no name has more than 3,000 bytes (750 of them).
 */
function pastDirectory(dir: string): string {
  return dir + '\u{10FFFF}'.repeat(750)
}

function customText(meta: ObjectMeta): string | undefined {
  if (meta.custom.length === 0) return undefined
  return `[${meta.custom.map(([key, value]) => `${key}:${value}`).join(' ')}]`
}

/** What an S3 listing tells of the content. */
function contentOf(
  meta: ObjectMeta,
): Pick<ListEntry, 'etag' | 'mtimeNs' | 'sums' | 'owner' | 'versionId'> {
  const sums = meta.custom.flatMap(([key]) =>
    key.startsWith('x-amz-checksum-') && key !== 'x-amz-checksum-type'
      ? [key.slice('x-amz-checksum-'.length)]
      : [],
  )
  const etag = deriveEtag(meta) ?? meta.generation
  const owner = meta.custom.find(([key]) => key === ownerKey)?.[1]
  const versionId = meta.custom.find(([key]) => key === versionIdKey)?.[1]
  return { versionId, etag, mtimeNs: String(meta.mtimeNs), sums: sums.join(','), owner }
}

/** A row of a catalog: the whole of it, or name and size where no more was asked for. */
type Row = ObjectMeta | ObjectBrief

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
    const { name, sizeBytes } = meta
    return props.has('size')
      ? { name, flags: entryFlag.cached, sizeBytes }
      : { name, flags: entryFlag.cached }
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

/** A cursor over one catalog, which it reads in steps. */
class Cursor {
  readonly mountpath: Mountpath
  readonly #bucket: TargetBucket
  readonly #query: TargetListQuery
  readonly #brief: boolean
  #rows: readonly Row[] = []
  #at = 0
  #end = false
  #step: number

  constructor(mountpath: Mountpath, bucket: TargetBucket, query: TargetListQuery) {
    this.mountpath = mountpath
    this.#bucket = bucket
    this.#query = query
    this.#brief = [...query.props].every((prop) => briefProps.has(prop))
    this.#step = query.recursive ? stepRows : firstStepRows
  }

  /** It must be read on before it can tell what comes next. */
  get isDry(): boolean {
    return this.#at === this.#rows.length && !this.#end
  }

  /** Reads on behind `after`. */
  load(after: string): void {
    const { prefix, props } = this.#query
    const page = { prefix, after, limit: Math.min(this.#step, this.#query.limit + 1) }
    this.#step = Math.min(this.#step * stepGrowth, stepRows)
    const full = props.has('custom') || props.has('chunked') || props.has('etag')
    this.#rows = this.#brief
      ? this.mountpath.listBrief(this.#bucket, page)
      : this.mountpath.list(this.#bucket, { ...page, full })
    this.#at = 0
    this.#end = this.#rows.length < page.limit
  }

  peek(): Row | undefined {
    return this.#rows[this.#at]
  }

  next(): void {
    this.#at += 1
  }

  /** Skips everything up to and including `name` of what was read. */
  skipPast(name: string): void {
    for (let row = this.peek(); row && compareUtf8(row.name, name) <= 0; row = this.peek()) {
      this.#at += 1
    }
    if (this.isDry) this.#step = firstStepRows
  }
}

/** Lets others have their turn: a timer would rest a millisecond each time. */
function afterTurn({ platform }: TargetNode): Promise<void> {
  const { files, clock } = platform
  return files === undefined ? clock.sleep(0) : new Promise((resolve) => files.afterTurn(resolve))
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
  const cursors = target.mountpaths().map((mountpath) => new Cursor(mountpath, bucket, query))
  const entries: ListEntry[] = []
  let after = query.after
  let sinceYield = 0
  // The key whose newest version was seen.
  let key = keyOf(query.after)
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
    const kept = parseVersionRow(least.name)
    const isNewest = keyOf(least.name) !== key
    if (kept !== undefined && !query.versions) {
      after = least.name
      key = kept.key
      owner.next()
      sinceYield += 1
      if (sinceYield >= stepRows) {
        sinceYield = 0
        await afterTurn(target)
      }
      if (!isNewest || isMarker(kept)) continue
      // A write was cut short before the next one was there.
      least = { ...least, name: kept.key }
    }
    if (entries.length >= query.limit) return { entries, end: false }
    const dir = query.recursive
      ? undefined
      : directoryOf(keyOf(least.name), query.prefix, query.delimiter)
    if (dir === undefined) {
      if (entries.at(-1)?.name !== least.name) {
        entries.push(listEntry(target, owner.mountpath, bucket, least, query))
      }
      if (kept === undefined || query.versions) {
        owner.next()
        after = least.name
        key = keyOf(least.name)
      }
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
