import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import type { ListEntry as WireEntry } from '@aistore-ts/core/object/list-entry.ts'
import { decodeListPage } from '@aistore-ts/core/wire/msgpack.ts'
import { action } from './action.ts'
import type { Connection } from './connection.ts'
import { isFields, numberOf, readFields, textOf, undecodable } from './decode.ts'
import { bckQuery } from './names/bck-query.ts'
import { bucketPath } from './names/object-path.ts'
import { type HttpResponse, readBytes } from './transport/http-transport.ts'

/** Bits of `flags` in a list request. @see AIStore api/apc/lsmsg.go */
export const listFlags = {
  cached: 1,
  missing: 2,
  archiveDir: 8,
  nameOnly: 16,
  nameSize: 32,
  bucketPresent: 64,
  dontHeadRemote: 128,
  dontAddRemote: 256,
  notCached: 512,
  onlyRemoteProps: 1024,
  noRecursion: 2048,
  diff: 4096,
  noDirs: 8192,
  inventory: 32_768,
} as const

/** Bits of an entry's `flags`; the lowest five are its status. */
export const entryFlags = {
  statusMask: 31,
  cached: 64,
  inArchive: 128,
  directory: 256,
  archive: 512,
  versionChanged: 1024,
  versionRemoved: 2048,
  headFailed: 4096,
  chunked: 8192,
} as const

export interface ListOptions {
  readonly prefix?: string | undefined
  /** Names greater than this one only; ais:// buckets. */
  readonly startAfter?: string | undefined
  /** Names of properties: `name size version checksum atime cached status copies ec custom location`. */
  readonly props?: readonly string[] | undefined
  /** Entries a page; 0 lets the cluster choose. */
  readonly pageSize?: number | undefined
  /** Any of `listFlags`, added up. */
  readonly flags?: number | undefined
  /** Layout of `atime`, as Go writes it; RFC 822 by default. */
  readonly timeFormat?: string | undefined
  readonly inventoryName?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ListEntry {
  readonly name: string
  readonly sizeBytes: number
  readonly checksum: string
  readonly atime: string
  readonly version: string
  readonly location: string
  readonly custom: string
  readonly copies: number
  /** See `entryFlags`. */
  readonly flags: number
}

export interface ListPage {
  readonly uuid: string
  /** Empty on the last page. */
  readonly continuationToken: string
  readonly entries: readonly ListEntry[]
  /** Some nodes were moving objects: names may be missing. */
  readonly incomplete: boolean
}

/** Where to go on: `uuid` and `continuationToken` of the page before. */
export type ListCursor = Pick<ListPage, 'uuid' | 'continuationToken'>

/** One page, msgpack on the wire. @throws AisClientError */
export async function listPage(
  connection: Connection,
  bck: Bck,
  options: ListOptions = {},
  cursor: ListCursor = { uuid: '', continuationToken: '' },
): Promise<ListPage> {
  const value = {
    uuid: cursor.uuid,
    props: (options.props ?? []).join(','),
    time_format: options.timeFormat ?? '',
    prefix: options.prefix ?? '',
    start_after: options.startAfter ?? '',
    continuation_token: cursor.continuationToken,
    flags: String(options.flags ?? 0),
    pagesize: options.pageSize ?? 0,
  }
  const response = await connection.call({
    method: 'GET',
    path: bucketPath(bck.name),
    query: bckQuery(bck),
    headers: [
      ['Accept', 'application/msgpack'],
      ...(options.inventoryName === undefined
        ? []
        : [['Ais-Inv-Name', options.inventoryName] as const]),
    ],
    json: action('list', value),
    signal: options.signal,
    idleMs: listIdleMs,
  })
  return readPage(response)
}

/** Flag of a page: a rebalance or resilver runs, so something may be missing. */
const pageIncomplete = 1

/** A first page may take as long as upstream's `client.list_timeout`, ms. */
const listIdleMs = 300_000

/** All pages, asked for one at a time as the caller goes on. */
export async function* listPages(
  connection: Connection,
  bck: Bck,
  options: ListOptions = {},
): AsyncGenerator<ListPage> {
  let cursor: ListCursor | undefined
  do {
    const page = await listPage(connection, bck, options, cursor)
    yield page
    cursor = page
  } while (cursor.continuationToken !== '')
}

async function readPage(response: HttpResponse): Promise<ListPage> {
  if (response.headers.get('content-type') === 'application/msgpack') {
    const bytes = await readBytes(response)
    try {
      const page = decodeListPage(bytes)
      return pageOf(page.uuid, page.token, page.flags, page.entries.map(fullEntry))
    } catch (cause) {
      throw undecodable('list objects', cause)
    }
  }
  const data = await readFields(response, 'list objects')
  const entries = data.entries ?? []
  if (!Array.isArray(entries)) throw undecodable('list objects')
  const token = textOf(data.continuation_token)
  return pageOf(textOf(data.uuid), token, numberOf(data.flags), entries.map(parseEntry))
}

function pageOf(
  uuid: string,
  continuationToken: string,
  flags: number,
  entries: readonly ListEntry[],
): ListPage {
  return { uuid, continuationToken, entries, incomplete: (flags & pageIncomplete) !== 0 }
}

function fullEntry(entry: WireEntry): ListEntry {
  return {
    name: entry.name,
    sizeBytes: entry.sizeBytes ?? 0,
    checksum: entry.checksum ?? '',
    atime: entry.atime ?? '',
    version: entry.version ?? '',
    location: entry.location ?? '',
    custom: entry.custom ?? '',
    copies: entry.copies ?? 0,
    flags: entry.flags,
  }
}

function parseEntry(data: unknown): ListEntry {
  if (!isFields(data)) throw undecodable('list objects')
  return {
    name: textOf(data.name),
    sizeBytes: numberOf(data.size),
    checksum: textOf(data.checksum),
    atime: textOf(data.atime),
    version: textOf(data.version),
    location: textOf(data.location),
    custom: textOf(data['custom-md']),
    copies: numberOf(data.copies),
    flags: numberOf(data.flags),
  }
}
