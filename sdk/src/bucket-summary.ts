import { type Bck, findProvider } from '@aistore-ts/core/bucket/bck.ts'
import { action } from './action.ts'
import type { Connection } from './connection.ts'
import { type Fields, isFields, numberOf, parseJson, textOf, undecodable } from './decode.ts'
import { pollPauseMs } from './jobs/poll-pause.ts'
import { bckQuery, type QueryPair } from './names/bck-query.ts'
import { bucketPath } from './names/object-path.ts'
import { readText } from './transport/http-transport.ts'

export interface SummaryRequest {
  /** Absent: all buckets, of `provider` when that is given. */
  readonly bck?: Bck | undefined
  readonly provider?: string | undefined
  readonly prefix?: string | undefined
  /** Count cached objects of remote buckets only. */
  readonly cached?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export interface BucketSummary {
  readonly bck: Bck
  readonly present: boolean
  readonly objectsPresent: number
  readonly objectsRemote: number
  readonly sizeMinBytes: number
  readonly sizeAvgBytes: number
  readonly sizeMaxBytes: number
  /** Space taken on disk, metadata and copies included. */
  readonly onDiskBytes: number
  readonly presentBytes: number
  readonly remoteBytes: number
  readonly usedPercent: number
}

/** Asks the cluster to count, and waits for the figures. */
export class BucketSummaryQuery {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @throws AisClientError */
  async run(request: SummaryRequest): Promise<readonly BucketSummary[]> {
    const path = request.bck === undefined ? 'buckets' : bucketPath(request.bck.name)
    const query: readonly QueryPair[] =
      request.bck === undefined
        ? request.provider === undefined
          ? []
          : [['provider', request.provider]]
        : bckQuery(request.bck)
    let uuid = ''
    for (let round = 0; ; round++) {
      const value = {
        uuid,
        prefix: request.prefix ?? '',
        cached: request.cached ?? true,
        present: true,
      }
      const json = action('summary-bck', value)
      const { signal } = request
      const response = await this.#connection.call({ method: 'GET', path, query, json, signal })
      const text = await readText(response)
      if (response.status === 200) return parseSummaries(parseJson(text, 'bucket summary'))
      if (uuid === '') uuid = text.trim()
      await this.#connection.sleep(pollPauseMs(round), signal)
    }
  }
}

function parseSummaries(data: unknown): readonly BucketSummary[] {
  if (data === null) return []
  if (!Array.isArray(data)) throw undecodable('bucket summary')
  return data.map((item: unknown) => {
    if (!isFields(item)) throw undecodable('bucket summary')
    const count = fieldsOf(item.ObjCount)
    const sizes = fieldsOf(item.ObjSize)
    const total = fieldsOf(item.TotalSize)
    const namespace = fieldsOf(item.namespace)
    return {
      bck: {
        name: textOf(item.name),
        provider: findProvider(textOf(item.provider)) ?? 'ais',
        namespace: { uuid: textOf(namespace.uuid), name: textOf(namespace.name) },
      },
      present: item.is_present === true,
      objectsPresent: numberOf(count.obj_count_present),
      objectsRemote: numberOf(count.obj_count_remote),
      sizeMinBytes: numberOf(sizes.obj_min_size),
      sizeAvgBytes: numberOf(sizes.obj_avg_size),
      sizeMaxBytes: numberOf(sizes.obj_max_size),
      onDiskBytes: numberOf(total.size_on_disk),
      presentBytes: numberOf(total.size_all_present_objs),
      remoteBytes: numberOf(total.size_all_remote_objs),
      usedPercent: numberOf(item.used_pct),
    }
  })
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}
