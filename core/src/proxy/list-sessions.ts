import type { Bck } from '../bucket/bck.ts'
import type { Snode } from '../cluster/snode.ts'
import type { Clock } from '../ports/clock.ts'
import type { EntryRun, RawEntries, RawListPage } from '../wire/raw-entries.ts'

/** What stays the same over all pages of one listing. */
export interface Listing {
  readonly bck: Bck
  readonly bid: bigint
  readonly prefix: string
  readonly startAfter: string
  readonly recursive: boolean
  /** Ends a virtual directory; absent: a slash. */
  readonly delimiter?: string | undefined
  readonly dirs: boolean
  /** With what shards hold. */
  readonly archives?: boolean | undefined
  /** With former versions and delete markers, by the names of their rows. */
  readonly versions?: boolean | undefined
  readonly props: readonly string[]
  readonly timeFormat: string
}

/** Asks one target for `limit` entries after `after`, of the listing `uuid`. */
export type AskTarget = (
  target: Snode,
  uuid: string,
  listing: Listing,
  after: string,
  limit: number,
) => Promise<{ readonly entries: RawEntries; readonly end: boolean }>

/** Listings in progress: what targets sent beyond a page is kept for the next one. */
export interface ListSessions {
  /** The page after `token` (empty: the first). Any gateway can answer; a session only saves asking again. */
  page(
    uuid: string,
    listing: Listing,
    token: string,
    size: number,
    targets: readonly Snode[],
  ): Promise<RawListPage>
}

/** Names are spread evenly, so a target is asked for its share of a page and a little more. */
const shareFactor = 1.25
const shareExtra = 16

interface Tail {
  readonly target: Snode
  /** `undefined` before the target was asked. */
  entries: RawEntries | undefined
  at: number
  end: boolean
  /** Greatest name this target has given. */
  after: string
}

interface Session {
  readonly key: string
  token: string
  tails: Tail[]
  usedAt: number
}

/** Sessions kept at once; past it the oldest is dropped, and rebuilt from its token when asked for again. */
const sessionsMax = 256

/** Entries left in a tail. */
function leftOf({ entries, at }: Tail): number {
  return entries === undefined ? 0 : entries.length - at
}

/** Collects entries in runs: neighbours of one tail stay together. */
class Merge {
  readonly runs: EntryRun[] = []
  count = 0
  /** Where the last entry came from. */
  #entries: RawEntries | undefined
  #from = 0
  #to = 0

  /** Takes the next entry of `tail` unless it is the last one again: a directory comes from every target. */
  take(tail: Tail, entries: RawEntries): void {
    const at = tail.at++
    if (this.#entries !== undefined) {
      if (entries === this.#entries && at === this.#to) {
        this.#to++
        this.count++
        return
      }
      if (entries.compare(at, this.#entries, this.#to - 1) === 0) return
    }
    this.#close()
    this.#entries = entries
    this.#from = at
    this.#to = at + 1
    this.count++
  }

  /** Nothing follows; gives the last name taken. */
  end(): string | undefined {
    this.#close()
    return this.#entries?.nameOf(this.#to - 1)
  }

  #close(): void {
    const entries = this.#entries
    if (entries !== undefined) this.runs.push({ entries, from: this.#from, to: this.#to })
  }
}

/** Takes entries in order until there are `size`, or a tail that may have more runs dry. */
function merge(tails: readonly Tail[], into: Merge, size: number): void {
  while (into.count < size) {
    let least: Tail | undefined
    let entries: RawEntries | undefined
    for (const tail of tails) {
      const own = tail.entries
      if (own === undefined || tail.at >= own.length) continue
      if (
        least === undefined ||
        entries === undefined ||
        own.compare(tail.at, entries, least.at) < 0
      ) {
        least = tail
        entries = own
      }
    }
    if (least === undefined || entries === undefined) return
    into.take(least, entries)
    if (least.at >= entries.length && !least.end) return
  }
}

function listingKey(listing: Listing): string {
  const { bid, prefix, startAfter, recursive, dirs, archives, props, timeFormat } = listing
  const flags = [recursive, dirs, archives === true]
  return JSON.stringify([String(bid), prefix, startAfter, ...flags, props, timeFormat])
}

/** A directory comes from every target: the one that ended the last page must not open this one. */
function dropUpTo(token: string, tails: readonly Tail[]): void {
  if (token === '') return
  for (const tail of tails) {
    const { entries } = tail
    if (entries !== undefined && leftOf(tail) > 0 && entries.nameOf(tail.at) === token) tail.at++
  }
}

/** @param idleMs a session unused for so long is dropped (`lso.idle_time`) */
export function createListSessions(
  clock: Clock,
  idleMs: () => number,
  ask: AskTarget,
): ListSessions {
  const sessions = new Map<string, Session>()

  function sweep(): void {
    const now = clock.monotonic()
    for (const [uuid, session] of sessions) {
      if (now - session.usedAt > idleMs() || sessions.size > sessionsMax) sessions.delete(uuid)
    }
  }

  async function refill(tail: Tail, uuid: string, listing: Listing, size: number): Promise<void> {
    if (tail.end || leftOf(tail) > 0) return
    const { entries, end } = await ask(tail.target, uuid, listing, tail.after, size)
    tail.entries = entries
    tail.at = 0
    tail.end = end || entries.length === 0
    if (entries.length > 0) tail.after = entries.nameOf(entries.length - 1)
  }

  return {
    async page(uuid, listing, token, size, targets) {
      sweep()
      const key = listingKey(listing)
      const from = token === '' ? listing.startAfter : token
      const known = sessions.get(uuid)
      const usable =
        known !== undefined && token !== '' && known.key === key && known.token === token
      // Taken out while in use: two calls for one page must not share tails.
      sessions.delete(uuid)
      const tails: Tail[] = usable
        ? known.tails
        : targets.map((target) => ({ target, entries: undefined, at: 0, end: false, after: from }))
      const into = new Merge()
      const share = Math.min(size, Math.ceil((size * shareFactor) / targets.length) + shareExtra)
      while (into.count < size) {
        await Promise.all(tails.map((tail) => refill(tail, uuid, listing, share)))
        dropUpTo(token, tails)
        // What it dropped may have been all that a tail had: nobody knows that one's least until it is asked again.
        if (tails.some((tail) => !tail.end && leftOf(tail) === 0)) continue
        // Until one tail runs dry, the least of the heads is the least of all.
        merge(tails, into, size)
        if (tails.every((tail) => tail.end && leftOf(tail) === 0)) break
      }
      const last = into.end() ?? token
      // A page that is full by chance and the last says so.
      const more = tails.some((tail) => !tail.end || leftOf(tail) > 0)
      if (more) sessions.set(uuid, { key, token: last, tails, usedAt: clock.monotonic() })
      return { uuid, token: more ? last : '', runs: into.runs, flags: 0 }
    },
  }
}
