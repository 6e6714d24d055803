import { compareUtf8 } from '../algorithms/utf8.ts'
import type { ListEntry } from '../object/list-entry.ts'
import { behind, createVersionFilter, startAfter, type Told } from '../object/version-filter.ts'
import { keyOf, pastVersions } from '../object/version-name.ts'
import { directoryOf } from '../object/virtual-directory.ts'
import type { Mountpath } from '../ports/mountpath.ts'
import { entryFlag } from '../wire/lso.ts'
import { afterTurn, Cursor, type Row, stepRows } from './list-cursor.ts'
import { listEntry, pastDirectory, type TargetListPage, type TargetListQuery } from './list-page.ts'
import type { TargetBucket, TargetNode } from './target.ts'
import { allVersions } from './version-rows.ts'

/** A row and the disk it is on. */
interface Found {
  readonly row: Row
  readonly mountpath: Mountpath
}

/** What is told of a key whose versions were told up to `query.after`. */
function restOf(
  target: TargetNode,
  bucket: TargetBucket,
  query: TargetListQuery,
  key: string,
): readonly Told<Found>[] {
  const filter = createVersionFilter<Found>(query.versions === true)
  const rows = allVersions(target.mountpaths(), { bucket, name: key })
  const told = [...rows]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, mountpath }) => {
      const row = mountpath.load(bucket, name)
      return row === undefined ? [] : filter.take(name, { row, mountpath })
    })
  return behind(query.after, [...told, ...filter.finish()])
}

/**
 * `listPage` of a bucket that keeps versions: its current objects by their keys, or every version and delete marker by the names
 * that listings of versions give them (`listedRow`).
 */
export async function listVersioned(
  target: TargetNode,
  bucket: TargetBucket,
  query: TargetListQuery,
): Promise<TargetListPage> {
  const all = query.versions === true
  const cursors = target.mountpaths().map((mountpath) => new Cursor(mountpath, bucket, query))
  const filter = createVersionFilter<Found>(all)
  const start = startAfter(query.after, all)
  const entries: ListEntry[] = []
  let after = start.from
  let sinceYield = 0
  /** The last one that was told. */
  let dir: string | undefined

  const skipPast = (name: string) => {
    if (compareUtf8(name, after) > 0) after = name
    for (const cursor of cursors) cursor.skipPast(name)
  }

  /** Whether all of `told` are on the page. */
  function put(told: readonly Told<Found>[]): boolean {
    for (const { name, row: found } of told) {
      const key = keyOf(name)
      if (dir !== undefined && key.startsWith(dir)) continue
      if (entries.length >= query.limit) return false
      dir = query.recursive ? undefined : directoryOf(key, query.prefix, query.delimiter)
      if (dir === undefined) {
        entries.push({ ...listEntry(target, found.mountpath, bucket, found.row, query), name })
        continue
      }
      if (query.dirs && compareUtf8(dir, query.after) > 0) {
        entries.push({ name: dir, flags: entryFlag.directory })
      }
      skipPast(pastDirectory(dir))
    }
    return true
  }

  if (start.key !== undefined && !put(restOf(target, bucket, query, start.key))) {
    return { entries, end: false }
  }
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
    if (least === undefined || owner === undefined) {
      return { entries, end: put(filter.finish()) }
    }
    after = least.name
    owner.next()
    if (!put(filter.take(least.name, { row: least, mountpath: owner.mountpath }))) {
      return { entries, end: false }
    }
    const skippable = filter.skippable()
    if (skippable !== undefined && after < pastVersions(keyOf(after))) skipPast(skippable)
    sinceYield += 1
    if (sinceYield >= stepRows) {
      sinceYield = 0
      await afterTurn(target)
    }
  }
}
