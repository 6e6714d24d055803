import { compareUtf8 } from '../../algorithms/utf8.ts'
import type { ListEntry } from '../../object/list-entry.ts'
import { listEntry, listPage, type TargetListQuery } from '../list-page.ts'
import { placeObject, type TargetBucket, type TargetNode } from '../target.ts'
import { newestStamp } from './take-in.ts'

/** What one target knows of a name while objects are on the move. */
export interface MovingEntry {
  readonly name: string
  readonly generation: string
  /** Absent when the newest that is known here is that it was deleted. */
  readonly entry?: ListEntry | undefined
}

/** A target's part of a listing while objects are on the move: its names and its tombstones, in one order. */
export interface MovingPage {
  readonly entries: readonly MovingEntry[]
  /** Nothing is left after these. */
  readonly end: boolean
}

function gravesOf(target: TargetNode, bucket: TargetBucket, query: TargetListQuery): string[] {
  const names = new Set<string>()
  for (const mountpath of target.mountpaths()) {
    for (const { name } of mountpath.tombstones(bucket, query.after, query.limit)) names.add(name)
  }
  return [...names].filter((name) => name.startsWith(query.prefix)).sort(compareUtf8)
}

/**
 * One page, every row below the prefix by itself: directories are the gateway's work, which knows all targets' names, and so are
 * versions.
 * Objects that left while the page was made, or shortly before, are still on it.
 */
export async function movingPage(
  target: TargetNode,
  bucket: TargetBucket,
  query: TargetListQuery,
): Promise<MovingPage> {
  const page = await listPage(target, bucket, { ...query, recursive: true, rows: true })
  const graves = gravesOf(target, bucket, query)
  const sent = target.sent.of(bucket)
  const rows = new Map(page.entries.map((entry) => [entry.name, entry]))
  // Past the last row of a page that is not the last, tombstones may be missing a row beside them.
  const last = page.end ? undefined : page.entries.at(-1)?.name
  const isInPage = (name: string) =>
    name.startsWith(query.prefix) &&
    compareUtf8(name, query.after) > 0 &&
    (last === undefined || compareUtf8(name, last) <= 0)
  const gone = [...sent.keys()].filter(isInPage)
  const names = [...new Set([...rows.keys(), ...graves, ...gone])].sort(compareUtf8)
  const entries: MovingEntry[] = []
  for (const name of names.slice(0, query.limit)) {
    if (!isInPage(name)) break
    const stamp = newestStamp(target, placeObject(target, bucket, name))
    const left = sent.get(name)
    if (left && (stamp === undefined || stamp.generation < left.meta.generation)) {
      const entry = listEntry(target, left.mountpath, bucket, left.meta, query)
      entries.push({ name, generation: left.meta.generation, entry })
    } else if (stamp !== undefined) {
      const { generation, deleted, mountpath } = stamp
      const meta = deleted ? undefined : mountpath.load(bucket, name)
      const entry = meta && (rows.get(name) ?? listEntry(target, mountpath, bucket, meta, query))
      entries.push({ name, generation, entry })
    }
  }
  const end = page.end && names.length <= query.limit && graves.length < query.limit
  return { entries, end }
}
