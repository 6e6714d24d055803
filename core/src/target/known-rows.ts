import { isNull, keyOf, parseVersionRow } from '../object/version-name.ts'
import type { BucketRef, Mountpath } from '../ports/mountpath.ts'
import { newestStampOn } from './mountpaths/newest-stamp.ts'

/** What is known of a row of a key: its newest generation, or that it was deleted. */
export interface KnownRow {
  readonly name: string
  readonly generation: string
  readonly deleted: boolean
}

/** Rows read at once. */
const stepRows = 1_000

/** Names of the rows and tombstones that a disk has of a key, but for that of the key itself. */
function* namesOn(mountpath: Mountpath, bucket: BucketRef, key: string): Generator<string> {
  const prefix = `${key}\0`
  for (let after = ''; ; ) {
    const rows = mountpath.listBrief(bucket, { prefix, after, limit: stepRows })
    for (const { name } of rows) yield name
    const last = rows.at(-1)
    if (last === undefined || rows.length < stepRows) break
    after = last.name
  }
  for (let after = prefix; ; ) {
    const graves = mountpath.tombstones(bucket, after, stepRows)
    for (const { name } of graves) {
      if (!name.startsWith(prefix)) return
      yield name
    }
    const last = graves.at(-1)
    if (last === undefined || graves.length < stepRows) break
    after = last.name
  }
}

/** All that these disks know of a key whose bucket keeps versions. */
export function knownRows(
  mountpaths: readonly Mountpath[],
  { bucket, name: key }: { readonly bucket: BucketRef; readonly name: string },
): KnownRow[] {
  const names = new Set([key])
  for (const mountpath of mountpaths) {
    for (const name of namesOn(mountpath, bucket, key)) names.add(name)
  }
  return [...names].flatMap((name) => {
    const stamp = newestStampOn(mountpaths, bucket, name)
    return stamp ? [{ name, generation: stamp.generation, deleted: stamp.deleted }] : []
  })
}

/**
 * Whether one of `rows` supersedes the row `name`: of the `null` versions of a key the newest counts, even when it was deleted since.
 * The others were away when that was said.
 */
export function hasNewerNull(name: string, rows: readonly KnownRow[]): boolean {
  const version = parseVersionRow(name)
  if (version !== undefined && !isNull(version)) return false
  return rows.some((other) => {
    const newer = other.name === name ? undefined : parseVersionRow(other.name)
    if (newer === undefined || !isNull(newer)) return false
    return version === undefined || newer.order > version.order
  })
}

/** As `hasNewerNull`, of all that these disks know of its key. */
export function isFormerNull(
  mountpaths: readonly Mountpath[],
  bucket: BucketRef,
  name: string,
): boolean {
  const version = parseVersionRow(name)
  if (version !== undefined && !isNull(version)) return false
  return hasNewerNull(name, knownRows(mountpaths, { bucket, name: keyOf(name) }))
}
