import { ArchiveGuard, archiveLimits } from '@aistore-ts/core/archive/archive-guard.ts'
import { ByteSource } from '@aistore-ts/core/archive/byte-source.ts'
import type { Member } from '@aistore-ts/core/archive/member.ts'
import { TarReader } from '@aistore-ts/core/archive/read-tar.ts'
import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import type { Connection } from './connection.ts'
import { undecodable } from './decode.ts'
import { bckQuery, type QueryPair } from './names/bck-query.ts'
import type { HttpResponse } from './transport/http-transport.ts'

/** Where the empty members are found that stand for what is missing. */
const missingFolder = '__404__/'

/** One thing asked for: an object, a file in a shard, or a range of either. */
export interface BatchEntry {
  readonly name: string
  /** Absent: the bucket of the batch. */
  readonly bck?: Bck | undefined
  readonly archivePath?: string | undefined
  readonly start?: number | undefined
  /** Bytes from `start` on; -1: to the end. */
  readonly length?: number | undefined
}

/** The packing of a batch that is taken as a file. */
export type BatchFormat = '.tar' | '.tgz' | '.zip' | '.tar.lz4'

export interface BatchOptions {
  /** Of entries that name no bucket. */
  readonly bck?: Bck | undefined
  /** What is missing is told as such; otherwise the batch fails. */
  readonly continueOnError?: boolean | undefined
  /** Names in the archive without those of the buckets. */
  readonly onlyObjectName?: boolean | undefined
  /** The target that holds most of the entries puts them together. */
  readonly colocated?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** What came for an entry. Its content is read before the next one is asked for, or passed over. */
export interface BatchItem {
  readonly entry: BatchEntry
  /** In the archive: `bucket/name` or `bucket/shard/file`. */
  readonly name: string
  readonly sizeBytes: number
  readonly isMissing: boolean
  content(): AsyncIterable<Uint8Array>
  bytes(): Promise<Uint8Array>
}

function entryJson({ name, bck, archivePath, start, length }: BatchEntry) {
  return {
    objname: name,
    ...(bck === undefined ? {} : { bucket: bck.name, provider: bck.provider }),
    ...(archivePath === undefined ? {} : { archpath: archivePath }),
    ...(start === undefined ? {} : { start }),
    ...(length === undefined ? {} : { length }),
  }
}

/**
 * The answer to a batch as one archive, streamed; the caller reads or discards it.
 * @throws AisClientError something is missing (without `continueOnError`), may not be read, or has no such range
 */
export function fetchBatch(
  connection: Connection,
  entries: readonly BatchEntry[],
  format: BatchFormat,
  options: BatchOptions = {},
): Promise<HttpResponse> {
  const { bck } = options
  const json = {
    in: entries.map(entryJson),
    mime: format,
    coer: options.continueOnError === true,
    onob: options.onlyObjectName === true,
    strm: true,
  }
  const query: QueryPair[] = bck === undefined ? [] : bckQuery(bck)
  if (options.colocated === true) query.push(['coloc', '1'])
  const path = bck === undefined ? 'ml/moss' : `ml/moss/${encodeURIComponent(bck.name)}`
  return connection.call({ method: 'GET', path, query, json, signal: options.signal })
}

async function bytesOf(member: Member): Promise<Uint8Array> {
  const whole = new Uint8Array(member.sizeBytes)
  let at = 0
  for await (const chunk of member.content()) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

function itemOf(entry: BatchEntry, member: Member): BatchItem {
  const isMissing = member.name.startsWith(missingFolder) && member.sizeBytes === 0
  return {
    entry,
    name: isMissing ? member.name.slice(missingFolder.length) : member.name,
    sizeBytes: member.sizeBytes,
    isMissing,
    content: () => member.content(),
    bytes: () => bytesOf(member),
  }
}

/**
 * The entries in the order they were asked for, as they come: the cluster sends no faster than they are read, and leaving
 * the loop drops the connection.
 * @throws AisClientError as `fetchBatch`; NetworkError or AisError when the answer is cut short
 */
export async function* readBatch(
  connection: Connection,
  entries: readonly BatchEntry[],
  options: BatchOptions = {},
): AsyncGenerator<BatchItem> {
  const response = await fetchBatch(connection, entries, '.tar', options)
  const guard = new ArchiveGuard({
    limits: { ...archiveLimits, scanBytesMax: Number.POSITIVE_INFINITY },
    signal: options.signal ?? new AbortController().signal,
    monotonic: () => performance.now(),
    afterTurn: () => connection.sleep(0, options.signal),
  })
  const source = new ByteSource(() => response.chunks(), false, guard)
  const reader = new TarReader(source, guard)
  try {
    for (const entry of entries) {
      const member = await reader.next()
      if (member === undefined) throw undecodable('get-batch')
      yield itemOf(entry, member)
    }
    if ((await reader.next()) !== undefined) throw undecodable('get-batch')
  } finally {
    await reader.close()
  }
}
