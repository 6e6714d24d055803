import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import { action } from './action.ts'
import type { Connection } from './connection.ts'
import { isFields, numberOf, parseJson, undecodable } from './decode.ts'
import { pollPauseMs } from './jobs/poll-pause.ts'
import { bckQuery } from './names/bck-query.ts'
import { bucketPath } from './names/object-path.ts'
import { readText } from './transport/http-transport.ts'

/** TAR shards of a bucket, and how far they have indexes. */
export interface ShardSummary {
  readonly tarObjects: number
  readonly tarBytes: number
  /** Those with an index that is good, their size, and the files in them. */
  readonly indexedShards: number
  readonly indexedBytes: number
  readonly archivedFiles: number
  /** Those whose index is of another version, or cannot be read. */
  readonly staleIndexes: number
  readonly invalidIndexes: number
}

/** Asks the cluster to count shards. */
export class ShardSummaryQuery {
  readonly #connection: Connection
  readonly #bck: Bck
  readonly #prefix: string

  constructor(connection: Connection, bck: Bck, prefix: string) {
    this.#connection = connection
    this.#bck = bck
    this.#prefix = prefix
  }

  /** Starts the count; its ID. @throws AisClientError */
  async start(signal?: AbortSignal): Promise<string> {
    return (await readText(await this.#ask('', signal))).trim()
  }

  /** The result; `undefined` while it is counted. @throws AisClientError no such ID */
  async find(uuid: string, signal?: AbortSignal): Promise<ShardSummary | undefined> {
    const response = await this.#ask(uuid, signal)
    const text = await readText(response)
    return response.status === 200 ? parseShardSummary(text) : undefined
  }

  /** @throws AisClientError */
  async run(signal?: AbortSignal): Promise<ShardSummary> {
    const uuid = await this.start(signal)
    for (let round = 0; ; round++) {
      const found = await this.find(uuid, signal)
      if (found !== undefined) return found
      await this.#connection.sleep(pollPauseMs(round), signal)
    }
  }

  #ask(uuid: string, signal: AbortSignal | undefined) {
    const json = action('summary-shard', { uuid, prefix: this.#prefix })
    const [path, query] = [bucketPath(this.#bck.name), bckQuery(this.#bck)]
    return this.#connection.call({ method: 'GET', path, query, json, signal })
  }
}

function parseShardSummary(text: string): ShardSummary {
  const data = parseJson(text, 'shard summary')
  if (!isFields(data)) throw undecodable('shard summary')
  return {
    tarObjects: numberOf(data['tar-objs']),
    tarBytes: numberOf(data['tar-size']),
    indexedShards: numberOf(data.shards),
    indexedBytes: numberOf(data['shard-size']),
    archivedFiles: numberOf(data['archived-objs']),
    staleIndexes: numberOf(data['stale-indexes']),
    invalidIndexes: numberOf(data['invalid-indexes']),
  }
}
