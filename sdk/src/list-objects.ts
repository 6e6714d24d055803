import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import { action } from './action.ts'
import type { Connection } from './connection.ts'
import { isFields, numberOf, readData, textOf, undecodable } from './decode.ts'
import { bckQuery } from './names/bck-query.ts'
import { bucketPath } from './names/object-path.ts'

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
  return parsePage(await readData(response, 'list objects'))
}

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

function parsePage(data: unknown): ListPage {
  if (!isFields(data)) throw undecodable('list objects')
  const entries = data.Entries ?? data.entries ?? []
  if (!Array.isArray(entries)) throw undecodable('list objects')
  return {
    uuid: textOf(data.UUID ?? data.uuid),
    continuationToken: textOf(data.ContinuationToken ?? data.continuation_token),
    incomplete: (numberOf(data.Flags ?? data.flags) & 1) !== 0,
    entries: entries.map(parseEntry),
  }
}

function parseEntry(data: unknown): ListEntry {
  if (!isFields(data)) throw undecodable('list objects')
  return {
    name: textOf(data.n ?? data.name),
    sizeBytes: numberOf(data.s ?? data.size),
    checksum: textOf(data.cs ?? data.checksum),
    atime: textOf(data.a ?? data.atime),
    version: textOf(data.v ?? data.version),
    location: textOf(data.t ?? data.location),
    custom: textOf(data.m ?? data['custom-md']),
    copies: numberOf(data.c ?? data.copies),
    flags: numberOf(data.f ?? data.flags),
  }
}
