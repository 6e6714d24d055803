import { type Bck, findProvider } from '@aistore-ts/core/bucket/bck.ts'
import { action } from './action.ts'
import { type BatchEntry, type BatchItem, type BatchOptions, readBatch } from './batch.ts'
import { Bucket } from './bucket.ts'
import { type BucketSummary, BucketSummaryQuery, type SummaryRequest } from './bucket-summary.ts'
import { Cluster } from './cluster.ts'
import { Connection } from './connection.ts'
import { Credentials } from './credentials.ts'
import { isFields, parseJson, textOf, undecodable } from './decode.ts'
import { Downloads } from './jobs/downloads.ts'
import { Jobs } from './jobs/jobs.ts'
import { checkBucketName, parseBckUri } from './names/bck-uri.ts'
import type { ClientOptions } from './options.ts'

/**
 * A client of one cluster.
 *
 * ```ts
 * const client = new Client('http://127.0.0.1:8080')
 * const bucket = client.bucket('ais://photos')
 * await bucket.object('2026/cat.jpg').put(bytes)
 * for await (const entry of bucket.list({ prefix: '2026/' })) console.log(entry.name, entry.sizeBytes)
 * ```
 *
 * Holds its connections and nothing else; any number of clients may live side by side.
 */
export class Client {
  readonly connection: Connection
  readonly cluster: Cluster
  readonly jobs: Jobs
  readonly downloads: Downloads
  /** Users and access keys of S3. */
  readonly credentials: Credentials

  /** @throws AisClientError when `endpoint` is no http(s) URL */
  constructor(endpoint: string, options: ClientOptions = {}) {
    this.connection = new Connection(endpoint, options)
    this.cluster = new Cluster(this.connection)
    this.jobs = new Jobs(this.connection)
    this.downloads = new Downloads(this.connection)
    this.credentials = new Credentials(this.connection)
  }

  /** @param bck a bucket, or its URI: `ais://b`, `s3://b`, `b` @throws AisClientError for a bad name */
  bucket(bck: Bck | string): Bucket {
    if (typeof bck !== 'string') return new Bucket(this.connection, bck)
    const uri = parseBckUri(bck)
    checkBucketName(uri.bck.name, bck)
    return new Bucket(this.connection, uri.bck)
  }

  /** The buckets of one provider, or of all. `present`: only those the cluster knows. */
  async listBuckets(
    options: {
      readonly provider?: string | undefined
      readonly namespace?: string | undefined
      readonly present?: boolean | undefined
      readonly signal?: AbortSignal | undefined
    } = {},
  ): Promise<readonly Bck[]> {
    const query: [string, string][] = []
    if (options.provider !== undefined) query.push(['provider', options.provider])
    if (options.namespace !== undefined) query.push(['namespace', options.namespace])
    if (options.present === true) query.push(['presence', presentOnly])
    const text = await this.connection.text({
      method: 'GET',
      path: 'buckets',
      query,
      json: action('list'),
      signal: options.signal,
    })
    const data = parseJson(text, 'list buckets')
    if (data === null) return []
    if (!Array.isArray(data)) throw undecodable('list buckets')
    return data.map(parseBck)
  }

  /** Counts and sizes of many buckets. */
  summary(request: SummaryRequest = {}): Promise<readonly BucketSummary[]> {
    return new BucketSummaryQuery(this.connection).run(request)
  }

  /**
   * Many objects, files in shards, and ranges of both, in one request and in its order.
   *
   * ```ts
   * for await (const item of client.batch(entries, { bck, continueOnError: true })) {
   *   if (!item.isMissing) use(item.entry.name, await item.bytes())
   * }
   * ```
   */
  batch(entries: readonly BatchEntry[], options: BatchOptions = {}): AsyncGenerator<BatchItem> {
    return readBatch(this.connection, entries, options)
  }

  /** Closes idle connections; calls under way go on. */
  close(): void {
    this.connection.close()
  }
}

/** `presence` value for "present in the cluster". @see AIStore apc.FltPresent */
const presentOnly = '2'

function parseBck(data: unknown): Bck {
  if (!isFields(data)) throw undecodable('list buckets')
  const provider = findProvider(textOf(data.provider))
  if (provider === undefined) throw undecodable('list buckets')
  const namespace = isFields(data.namespace) ? data.namespace : {}
  return {
    name: textOf(data.name),
    provider,
    namespace: { uuid: textOf(namespace.uuid), name: textOf(namespace.name) },
  }
}
