import { compareUtf8 } from '../algorithms/utf8.ts'
import type { Bck } from '../bucket/bck.ts'
import type { Snode } from '../cluster/snode.ts'
import type { ListEntry, ListPage } from '../object/list-entry.ts'
import type { Clock } from '../ports/clock.ts'

/** What stays the same over all pages of one listing. */
export interface Listing {
  readonly bck: Bck
  readonly bid: bigint
  readonly prefix: string
  readonly startAfter: string
  readonly recursive: boolean
  readonly dirs: boolean
  readonly props: readonly string[]
  readonly timeFormat: string
}

/** Asks one target for `limit` entries after `after`. */
export type AskTarget = (
  target: Snode,
  listing: Listing,
  after: string,
  limit: number,
) => Promise<{ readonly entries: readonly ListEntry[]; readonly end: boolean }>

/** Listings in progress: what targets sent beyond a page is kept for the next one. */
export interface ListSessions {
  /** The page after `token` (empty: the first). Any gateway can answer; a session only saves asking again. */
  page(
    uuid: string,
    listing: Listing,
    token: string,
    size: number,
    targets: readonly Snode[],
  ): Promise<ListPage>
}

/** Names are spread evenly, so a target is asked for its share of a page and a little more. */
const shareFactor = 1.25
const shareExtra = 16

interface Tail {
  readonly target: Snode
  entries: readonly ListEntry[]
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

function nextOf(tails: readonly Tail[]): Tail | undefined {
  let least: Tail | undefined
  let name = ''
  for (const tail of tails) {
    const entry = tail.entries[tail.at]
    if (entry && (least === undefined || compareUtf8(entry.name, name) < 0)) {
      least = tail
      name = entry.name
    }
  }
  return least
}

function listingKey(listing: Listing): string {
  const { bid, prefix, startAfter, recursive, dirs, props, timeFormat } = listing
  return JSON.stringify([String(bid), prefix, startAfter, recursive, dirs, props, timeFormat])
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

  async function refill(tail: Tail, listing: Listing, size: number): Promise<void> {
    if (tail.end || tail.at < tail.entries.length) return
    const { entries, end } = await ask(tail.target, listing, tail.after, size)
    tail.entries = entries
    tail.at = 0
    tail.end = end
    const last = entries.at(-1)
    if (last) tail.after = last.name
    else tail.end = true
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
        : targets.map((target) => ({ target, entries: [], at: 0, end: false, after: from }))
      const entries: ListEntry[] = []
      // A directory comes from every target: the one that ended the last page must not open this one.
      let last = token
      const share = Math.min(size, Math.ceil((size * shareFactor) / targets.length) + shareExtra)
      while (entries.length < size) {
        await Promise.all(tails.map((tail) => refill(tail, listing, share)))
        // Until one tail runs dry, the least of the heads is the least of all.
        for (;;) {
          const tail = nextOf(tails)
          if (tail === undefined) break
          const entry = tail.entries[tail.at]
          tail.at += 1
          if (entry && entry.name !== last) {
            entries.push(entry)
            last = entry.name
          }
          if (entries.length >= size) break
          if (tail.at >= tail.entries.length && !tail.end) break
        }
        if (tails.every((tail) => tail.end && tail.at >= tail.entries.length)) break
      }
      const full = entries.length >= size
      if (full) sessions.set(uuid, { key, token: last, tails, usedAt: clock.monotonic() })
      return { uuid, token: full ? last : '', entries, flags: 0 }
    },
  }
}
