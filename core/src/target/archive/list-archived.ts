import { compareUtf8 } from '../../algorithms/utf8.ts'
import { formatOfName, splitAtExtension } from '../../archive/formats.ts'
import { isAisError } from '../../errors/ais-error.ts'
import type { ListEntry } from '../../object/list-entry.ts'
import { entryFlag } from '../../wire/lso.ts'
import { listPage, type TargetListPage, type TargetListQuery } from '../list-page.ts'
import { findObject, placeObject, type TargetBucket, type TargetNode } from '../target.ts'
import { createGuard, openShard } from './open-shard.ts'

/** What a page of a listing with archives is made from. */
interface Listing {
  readonly target: TargetNode
  readonly bucket: TargetBucket
  readonly query: TargetListQuery
  readonly signal: AbortSignal
}

const byName = (a: ListEntry, b: ListEntry) => compareUtf8(a.name, b.name)

/** Keeps the least `limit` entries, in order. */
class LeastEntries {
  readonly #limit: number
  #entries: ListEntry[] = []
  /** Something was left out. */
  #cut = false

  constructor(limit: number) {
    this.#limit = limit
  }

  add(entry: ListEntry): void {
    this.#entries.push(entry)
    if (this.#entries.length >= 2 * this.#limit) this.sorted()
  }

  sorted(): readonly ListEntry[] {
    this.#entries.sort(byName)
    if (this.#entries.length > this.#limit) {
      this.#entries.length = this.#limit
      this.#cut = true
    }
    return this.#entries
  }

  get cut(): boolean {
    return this.#cut
  }

  /** Nothing behind `name` can come onto the page any more. */
  isFullBefore(name: string): boolean {
    if (this.#entries.length < this.#limit) return false
    const last = this.sorted().at(-1)
    return last !== undefined && compareUtf8(last.name, name) < 0
  }
}

/**
 * Shards whose members may be on the page although they themselves are not: `after` begins with their names, or the prefix
 * reaches inside.
 */
function shardsBefore({ target, bucket, query: { after, prefix } }: Listing): Set<string> {
  const names = new Set<string>()
  for (let end = 1; end <= after.length; end++) names.add(after.slice(0, end))
  const { shard } = splitAtExtension(prefix)
  if (shard !== prefix) names.add(shard)
  for (const name of names) {
    const isShard = formatOfName(name) !== undefined
    if (!isShard || findObject(target, placeObject(target, bucket, name)) === undefined) {
      names.delete(name)
    }
  }
  return names
}

/** @returns `false` when the shard cannot be read */
async function addMembers(
  listing: Listing,
  name: string,
  flags: number,
  into: LeastEntries,
): Promise<boolean> {
  const { target, bucket, query, signal } = listing
  const place = placeObject(target, bucket, name)
  try {
    const shard = await openShard(target, place, '', createGuard(target, signal))
    const reader = shard.members()
    try {
      for (let member = await reader.next(); member; member = await reader.next()) {
        const full = `${name}/${member.name.replace(/^(?:\.\/)+/, '')}`
        if (!full.startsWith(query.prefix) || compareUtf8(full, query.after) <= 0) continue
        const sizeBytes = query.props.has('size') ? member.sizeBytes : undefined
        into.add({ name: full, flags: flags | entryFlag.inArchive, sizeBytes })
      }
    } finally {
      await reader.close()
      shard.close()
    }
    return true
  } catch (error) {
    // One damaged shard does not hide the rest of its bucket; who asks for it alone is told.
    const isAskedFor = splitAtExtension(`${query.prefix}/`).shard === name
    const isDamaged = isAisError(error, 'ErrBadRequest') || isAisError(error, 'ErrTooLarge')
    const isGone = isAisError(error, 'ErrNotFound')
    if (!isGone && (isAskedFor || !isDamaged)) throw error
    target.log.warn('a shard cannot be listed', { name, error: String(error) })
    return false
  }
}

/**
 * As `listPage`, with what shards hold: names `shard.tar/inner/path`, in UTF-8 byte order among all others. Shards are told
 * by their extension; nothing nested is opened. A prefix may reach inside of a shard.
 * @throws AisError `ErrBadRequest` the one shard that the prefix names is damaged; `ErrTooLarge` a limit of archives
 */
export async function listArchived(
  target: TargetNode,
  bucket: TargetBucket,
  query: TargetListQuery,
  signal: AbortSignal,
): Promise<TargetListPage> {
  const listing = { target, bucket, query, signal }
  const entries = new LeastEntries(query.limit)
  for (const name of shardsBefore(listing)) {
    await addMembers(listing, name, entryFlag.cached, entries)
  }
  const rows = await listPage(target, bucket, query)
  let isCut = false
  for (const row of rows.entries) {
    if (entries.isFullBefore(row.name)) {
      isCut = true
      break
    }
    const isShard = !(row.flags & entryFlag.directory) && formatOfName(row.name) !== undefined
    const isRead = isShard && (await addMembers(listing, row.name, row.flags, entries))
    const flags = row.flags | (isRead ? entryFlag.archive : 0)
    entries.add({ ...row, flags })
  }
  const page = entries.sorted()
  const last = page.at(-1)
  const behind = rows.end ? undefined : rows.entries.at(-1)
  // Rows that were not asked for yet come behind the last one that was.
  const kept =
    behind === undefined || last === undefined
      ? page
      : page.filter((entry) => compareUtf8(entry.name, behind.name) <= 0)
  return { entries: kept, end: rows.end && !isCut && !entries.cut }
}
