import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareUtf8 } from '../algorithms/utf8.ts'
import { createSnode, netInfo, type Snode } from '../cluster/snode.ts'
import type { ListEntry } from '../object/list-entry.ts'
import type { Clock } from '../ports/clock.ts'
import { entryFlag } from '../wire/lso.ts'
import { encodeListPage } from '../wire/msgpack.ts'
import { cutListPage, readRuns } from '../wire/raw-entries.ts'
import { createListSessions, type Listing } from './list-sessions.ts'

const listing: Listing = {
  bck: { name: 'b', provider: 'ais', namespace: { uuid: '', name: '' } },
  bid: 1n,
  prefix: '',
  startAfter: '',
  recursive: true,
  dirs: true,
  props: [],
  timeFormat: '',
}

function stillClock(): Clock & { at: number } {
  return {
    at: 0,
    now: () => 0,
    nowNs: () => 0n,
    monotonic() {
      return this.at
    },
    sleep: async () => undefined,
  }
}

function node(index: number): Snode {
  const net = netInfo('127.0.0.1', 9000 + index)
  return createSnode({
    daemonId: `target${index}x`,
    daemonType: 'target',
    publicNet: net,
    controlNet: net,
    dataNet: net,
  })
}

/** Targets that hold `parts`, and how often each page size was asked of them. */
function cluster(parts: readonly (readonly ListEntry[])[]) {
  const targets = parts.map((_, i) => node(i))
  let asked = 0
  const ask = async (
    target: Snode,
    _uuid: string,
    _listing: Listing,
    after: string,
    limit: number,
  ) => {
    asked += 1
    const own = parts[targets.indexOf(target)] ?? []
    const rest = own.filter((entry) => compareUtf8(entry.name, after) > 0)
    const entries = rest.slice(0, limit)
    const bytes = encodeListPage({ uuid: '', token: '', entries, flags: 0 })
    return { entries: cutListPage(bytes).entries, end: rest.length <= limit }
  }
  return { targets, ask, asked: () => asked }
}

const byName = (a: ListEntry, b: ListEntry) => compareUtf8(a.name, b.name)

describe('list sessions', () => {
  it('gives every name once, in order, whatever the page size and the spread', async () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }), {
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        async (all, size, count) => {
          const parts: ListEntry[][] = Array.from({ length: count }, () => [])
          for (const [i, name] of all.entries()) parts[(i * 7) % count]?.push({ name, flags: 64 })
          for (const part of parts) part.sort(byName)
          const { targets, ask } = cluster(parts)
          const lists = createListSessions(stillClock(), () => 20_000, ask)
          const seen: string[] = []
          let token = ''
          do {
            const page = await lists.page('session', listing, token, size, targets)
            expect(readRuns(page.runs).length).toBeLessThanOrEqual(size)
            seen.push(...readRuns(page.runs).map((entry) => entry.name))
            token = page.token
          } while (token !== '')
          expect(seen).toEqual([...all].sort(compareUtf8))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('shows a directory of several targets once, also across a page border', async () => {
    const dir = { name: 'd/', flags: entryFlag.directory }
    const { targets, ask } = cluster([
      [{ name: 'a', flags: 64 }, dir],
      [dir, { name: 'e', flags: 64 }],
    ])
    const lists = createListSessions(stillClock(), () => 20_000, ask)
    const first = await lists.page('s', listing, '', 2, targets)
    expect(readRuns(first.runs).map((entry) => entry.name)).toEqual(['a', 'd/'])
    const second = await lists.page('s', listing, first.token, 2, targets)
    expect(readRuns(second.runs).map((entry) => entry.name)).toEqual(['e'])
  })

  it('keeps the order of a target of which a page has left nothing but the directory that ended it', async () => {
    const dir = { name: 'b/', flags: entryFlag.directory }
    const object = (name: string) => ({ name, flags: 64 })
    const { targets, ask } = cluster([
      [dir, object('d')],
      [object('a'), dir, object('c')],
    ])
    // As small a share as that of a page of 10,000 among many targets.
    const few: typeof ask = (target, uuid, of, after, limit) =>
      ask(target, uuid, of, after, Math.min(limit, 2))
    const lists = createListSessions(stillClock(), () => 20_000, few)
    const first = await lists.page('s', listing, '', 2, targets)
    expect(readRuns(first.runs).map((entry) => entry.name)).toEqual(['a', 'b/'])
    const second = await lists.page('s', listing, first.token, 2, targets)
    expect(readRuns(second.runs).map((entry) => entry.name)).toEqual(['c', 'd'])
  })

  it('rebuilds a session that is gone from its token', async () => {
    const entries = Array.from({ length: 50 }, (_, i) => ({
      name: `o${String(i).padStart(2, '0')}`,
      flags: 64,
    }))
    const { targets, ask } = cluster([entries])
    const clock = stillClock()
    const lists = createListSessions(clock, () => 20_000, ask)
    const first = await lists.page('s', listing, '', 10, targets)
    clock.at = 30_000
    const second = await lists.page('s', listing, first.token, 10, targets)
    expect(readRuns(second.runs)[0]?.name).toBe('o10')
    const elsewhere = createListSessions(clock, () => 20_000, ask)
    const third = await elsewhere.page('s', listing, second.token, 10, targets)
    expect(readRuns(third.runs)[0]?.name).toBe('o20')
  })
})
