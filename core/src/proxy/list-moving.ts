import { z } from 'zod'
import { toBase36 } from '../algorithms/short-id.ts'
import { compareUtf8 } from '../algorithms/utf8.ts'
import { bckUname } from '../bucket/bck.ts'
import { findNode } from '../cluster/smap.ts'
import type { Snode } from '../cluster/snode.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import type { ListEntry, ListPage } from '../object/list-entry.ts'
import { behind, createVersionFilter, startAfter, type Told } from '../object/version-filter.ts'
import { keyOf, pastVersions } from '../object/version-name.ts'
import { directoryOf } from '../object/virtual-directory.ts'
import type { Transport } from '../ports/transport.ts'
import { movingPageMs } from '../target/rebalance/sent-objects.ts'
import { parseJsonBytes, stringifyJson } from '../wire/json.ts'
import { entryFlag } from '../wire/lso.ts'
import type { Listing } from './list-sessions.ts'
import type { ProxyNode } from './proxy.ts'

const text = z.string().optional()

const pageSchema = z.object({
  end: z.boolean(),
  entries: z.array(
    z.object({
      name: z.string(),
      generation: z.string(),
      entry: z
        .object({
          name: z.string(),
          flags: z.int(),
          sizeBytes: z.int().optional(),
          checksum: text,
          atime: text,
          version: text,
          location: text,
          custom: text,
          copies: z.int().optional(),
          etag: text,
          mtimeNs: text,
          sums: text,
          owner: text,
        })
        .optional(),
    }),
  ),
})

type Part = z.output<typeof pageSchema>

/** Names asked of a target at once. */
const stepMax = 1_000
/** Flag of a page: objects are on the move. @see AIStore cmn/objlist.go */
const movingFlag = 1

async function ask(
  transport: Transport,
  target: Snode,
  listing: Listing,
  prefix: string,
  after: string,
): Promise<Part> {
  const body = stringifyJson({
    bucket: bckUname(listing.bck),
    bid: toBase36(listing.bid),
    prefix,
    after,
    limit: stepMax,
    recursive: true,
    dirs: false,
    props: listing.props,
    timeFormat: listing.timeFormat,
  })
  const call = { method: 'POST', target: '/v1/list/moving', body }
  const bytes = await checkStatus(await transport.call(target, 'data', call, movingPageMs))
  const result = pageSchema.safeParse(parseJsonBytes(bytes))
  if (result.success) return result.data
  throw new AisError('ErrInternal', `target ${target.daemonId}: not a page of a listing`)
}

/** The rows up to which every target has told all it knows, each with its newest version. */
function settle(parts: readonly Part[]): {
  rows: Part['entries']
  upTo: string | undefined
} {
  let upTo: string | undefined
  for (const part of parts) {
    const last = part.entries.at(-1)?.name
    if (part.end || last === undefined) continue
    if (upTo === undefined || compareUtf8(last, upTo) < 0) upTo = last
  }
  const newest = new Map<string, Part['entries'][number]>()
  for (const entry of parts.flatMap(({ entries }) => entries)) {
    if (upTo !== undefined && compareUtf8(entry.name, upTo) > 0) continue
    const known = newest.get(entry.name)
    if (known === undefined || entry.generation > known.generation) newest.set(entry.name, entry)
  }
  return { rows: [...newest.values()].sort((a, b) => compareUtf8(a.name, b.name)), upTo }
}

/** Rows behind `after`, in their order, as all targets of the map know them: those in maintenance too. */
async function* movingRows(
  proxy: ProxyNode,
  listing: Listing,
  prefix: string,
  from: string,
): AsyncGenerator<Part['entries'][number]> {
  const smap = proxy.metadata.smap()
  const targets = [...smap.targets.keys()].flatMap((id) => findNode(smap, id) ?? [])
  if (targets.length === 0)
    throw new AisError('ErrNoNodes', 'no targets: nobody knows what there is')
  for (let after: string | undefined = from; after !== undefined; ) {
    const at: string = after
    const parts = await Promise.all(
      targets.map((target) => ask(proxy.transport, target, listing, prefix, at)),
    )
    const { rows, upTo } = settle(parts)
    yield* rows
    after = upTo
  }
}

/** What a listing tells of these rows: in a bucket without versions each by its name. */
async function* movingEntries(
  proxy: ProxyNode,
  listing: Listing,
  after: string,
): AsyncGenerator<ListEntry> {
  const all = listing.versions === true
  const named = ({ name, row }: Told<ListEntry>): ListEntry => ({ ...row, name })
  const { from, key } = startAfter(after, all)
  const filter = createVersionFilter<ListEntry>(all)
  const tell = ({ name, entry }: Part['entries'][number]) =>
    entry === undefined ? filter.bury(name) : filter.take(name, entry)
  if (key !== undefined) {
    const told: Told<ListEntry>[] = []
    for await (const row of movingRows(proxy, listing, key, '')) {
      if (compareUtf8(row.name, pastVersions(key)) > 0) break
      told.push(...tell(row))
    }
    yield* behind(after, [...told, ...filter.finish()]).map(named)
  }
  for await (const row of movingRows(proxy, listing, listing.prefix, from)) {
    yield* tell(row).map(named)
  }
  yield* filter.finish().map(named)
}

/**
 * One page while objects are on the move: of each row the newest version counts, and one whose newest is its deletion is left out.
 * So the list is exact, each name once.
 */
export async function listMoving(
  proxy: ProxyNode,
  uuid: string,
  listing: Listing,
  token: string,
  size: number,
): Promise<ListPage> {
  const entries: ListEntry[] = []
  const after = token === '' ? listing.startAfter : token
  for await (const entry of movingEntries(proxy, listing, after)) {
    const dir = listing.recursive
      ? undefined
      : directoryOf(keyOf(entry.name), listing.prefix, listing.delimiter)
    if (dir !== undefined) {
      // A directory stands once, where its first member would; the token names it, and is before its members.
      if (!listing.dirs || entries.at(-1)?.name === dir || after === dir) continue
      entries.push({ name: dir, flags: entryFlag.directory })
    } else entries.push(entry)
    if (entries.length >= size) {
      return { uuid, token: entries.at(-1)?.name ?? '', entries, flags: movingFlag }
    }
  }
  return { uuid, token: '', entries, flags: movingFlag }
}
