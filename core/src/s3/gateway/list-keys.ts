import { z } from 'zod'
import { toBase36 } from '../../algorithms/short-id.ts'
import { compareUtf8 } from '../../algorithms/utf8.ts'
import { bckUname } from '../../bucket/bck.ts'
import { isRebalancing } from '../../cluster/rmd.ts'
import { activeTargets } from '../../cluster/smap.ts'
import type { Snode } from '../../cluster/snode.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import type { ListEntry } from '../../object/list-entry.ts'
import { listMoving } from '../../proxy/list-moving.ts'
import type { Listing } from '../../proxy/list-sessions.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { parseJsonBytes, stringifyJson } from '../../wire/json.ts'
import type { NamedBucket } from '../find-bucket.ts'

/** What a listing of S3 asks for. */
export interface KeyQuery {
  readonly prefix: string
  /** Empty: no common prefixes. */
  readonly delimiter: string
  /** Keys and common prefixes greater than this in UTF-8 byte order; empty for all. */
  readonly after: string
  readonly limit: number
  /** With former versions and delete markers. */
  readonly versions?: boolean
}

const askTimeoutMs = 60_000
/** Keys are spread evenly, so a target is asked for its share of a page and a little more. */
const shareFactor = 1.25
const shareExtra = 16

const pageSchema = z.object({
  end: z.boolean(),
  entries: z.array(
    z.object({
      name: z.string(),
      flags: z.int(),
      sizeBytes: z.int().optional(),
      etag: z.string().optional(),
      mtimeNs: z.string().optional(),
      sums: z.string().optional(),
      owner: z.string().optional(),
    }),
  ),
})

/** What one target has told and is not in the page yet. */
interface Tail {
  readonly target: Snode
  entries: readonly ListEntry[]
  at: number
  after: string
  end: boolean
}

async function ask(proxy: ProxyNode, listing: Listing, tail: Tail, limit: number): Promise<void> {
  const { bck, bid, ...query } = listing
  const { startAfter: _, ...rest } = query
  const body = stringifyJson({
    ...rest,
    bucket: bckUname(bck),
    bid: toBase36(bid),
    after: tail.after,
    limit,
  })
  const call = { method: 'POST', target: '/v1/list/s3', body }
  const answer = await proxy.transport.call(tail.target, 'data', call, askTimeoutMs)
  const page = pageSchema.safeParse(parseJsonBytes(await checkStatus(answer)))
  if (!page.success) {
    throw new AisError('ErrInternal', `target ${tail.target.daemonId}: not a page of a listing`)
  }
  tail.entries = page.data.entries
  tail.at = 0
  tail.end = page.data.end
  tail.after = page.data.entries.at(-1)?.name ?? tail.after
}

/** The tail with the least entry; `undefined` when one that may have more has none left, or nobody has any. */
function least(tails: readonly Tail[]): Tail | undefined {
  let best: Tail | undefined
  for (const tail of tails) {
    const entry = tail.entries[tail.at]
    if (entry === undefined) {
      if (!tail.end) return undefined
      continue
    }
    const other = best?.entries[best.at]
    if (other === undefined || compareUtf8(entry.name, other.name) < 0) best = tail
  }
  return best
}

function listingOf({ bck, props }: NamedBucket, query: KeyQuery): Listing {
  return {
    bck,
    bid: props.bid,
    prefix: query.prefix,
    startAfter: query.after,
    recursive: query.delimiter === '',
    delimiter: query.delimiter === '' ? undefined : query.delimiter,
    dirs: true,
    ...(query.versions ? { versions: true } : {}),
    props: ['name', 'size', 'etag'],
    timeFormat: '',
  }
}

/**
 * Keys and common prefixes of all targets in UTF-8 byte order, each once; at most `limit`. A target skips what is behind a
 * common prefix, so the cost is that of the answer.
 */
export async function listKeys(
  proxy: ProxyNode,
  named: NamedBucket,
  query: KeyQuery,
): Promise<readonly ListEntry[]> {
  if (query.limit === 0) return []
  const listing = listingOf(named, query)
  if (isRebalancing(proxy.metadata.rmd())) {
    return (await listMoving(proxy, '', listing, '', query.limit)).entries
  }
  const targets = activeTargets(proxy.metadata.smap())
  if (targets.length === 0)
    throw new AisError('ErrNoNodes', 'no targets: nobody knows what there is')
  const share = Math.ceil((query.limit * shareFactor) / Math.max(targets.length, 1)) + shareExtra
  const asked = Math.min(query.limit, share)
  const tails: Tail[] = targets.map((target) => ({
    target,
    entries: [],
    at: 0,
    after: query.after,
    end: false,
  }))
  const found: ListEntry[] = []
  while (found.length < query.limit) {
    const dry = tails.filter((tail) => !tail.end && tail.at >= tail.entries.length)
    await Promise.all(dry.map((tail) => ask(proxy, listing, tail, asked)))
    let tail = least(tails)
    if (tail === undefined) {
      // Somebody's page was empty and not his last; nobody at all has anything: that was all.
      if (tails.every(({ end }) => end)) break
      continue
    }
    for (; tail !== undefined && found.length < query.limit; tail = least(tails)) {
      const entry = tail.entries[tail.at++]
      // A common prefix comes from every target.
      if (entry !== undefined && entry.name !== found.at(-1)?.name) found.push(entry)
    }
  }
  return found
}
