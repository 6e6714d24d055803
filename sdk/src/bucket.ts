import { type Bck, bckCname, bckUname } from '@aistore-ts/core/bucket/bck.ts'
import { action } from './action.ts'
import { BucketSummaryQuery } from './bucket-summary.ts'
import type { ApiCall, Connection } from './connection.ts'
import { type Fields, isFields, parseJson, undecodable } from './decode.ts'
import { isStatus } from './errors/ais-client-error.ts'
import { type ListEntry, type ListOptions, type ListPage, listPages } from './list-objects.ts'
import { bckQuery, type QueryPair } from './names/bck-query.ts'
import { bucketPath } from './names/object-path.ts'
import { ObjectHandle } from './object-handle.ts'
import { type ShardSummary, ShardSummaryQuery } from './shard-summary.ts'

/** Names of many objects: a list, or a template such as `shard-{000..099}.tar`. */
export type Selection = { readonly objnames: readonly string[] } | { readonly template: string }

/** How objects are to lie on their disks. */
export interface ChunkLayout {
  readonly objsizeLimitBytes: number
  readonly chunkBytes: number
  readonly prefix?: string | undefined
}

export interface IndexOptions {
  readonly prefix?: string | undefined
  /** Shards at once, at each target; 0: as the target has it. */
  readonly workers?: number | undefined
  /** Pass over shards that have an index, whatever it is worth. */
  readonly skipVerify?: boolean | undefined
}

export interface ArchiveOptions {
  /** Names in the shard begin with that of the bucket. */
  readonly includeBucket?: boolean | undefined
  /** To the shard, where there is one. */
  readonly append?: boolean | undefined
  readonly continueOnError?: boolean | undefined
  readonly nonRecursive?: boolean | undefined
}

export interface PromoteOptions {
  /** Name of the one object, or what the names of all begin with. */
  readonly objectName?: string | undefined
  readonly recursive?: boolean | undefined
  readonly overwrite?: boolean | undefined
  readonly deleteSource?: boolean | undefined
  /** The folder is no share that all targets see. */
  readonly notFileShare?: boolean | undefined
  readonly targetId?: string | undefined
}

/** One bucket by name: it need not exist. Every method throws AisClientError. */
export class Bucket {
  readonly bck: Bck
  readonly #connection: Connection

  constructor(connection: Connection, bck: Bck) {
    this.#connection = connection
    this.bck = bck
  }

  /** Display name, `ais://bucket`. */
  get cname(): string {
    return bckCname(this.bck)
  }

  object(name: string): ObjectHandle {
    return new ObjectHandle(this.#connection, this.bck, name)
  }

  /** @param props settings that differ from the cluster's, in AIStore's JSON shape */
  async create(
    options: {
      readonly props?: Fields | undefined
      readonly dontHeadRemote?: boolean | undefined
      readonly signal?: AbortSignal | undefined
    } = {},
  ): Promise<void> {
    const query: QueryPair[] =
      options.dontHeadRemote === true ? [['dont_head_remote_bck', 'true']] : []
    const json = action('create-bck', options.props ?? null)
    await this.#connection.headers({ ...this.#call('POST', query, options.signal), json })
  }

  /** Destroys the bucket with all that is in it. */
  async delete(signal?: AbortSignal): Promise<void> {
    const json = action('destroy-bck')
    await this.#connection.headers({ ...this.#call('DELETE', [], signal), json })
  }

  /** The bucket's settings. `dontAdd`: leave an unknown remote bucket unknown. */
  async head(
    options: { readonly dontAdd?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<Fields> {
    const query: QueryPair[] = options.dontAdd === true ? [['dont_add_remote_bck_md', 'true']] : []
    const response = await this.#connection.headers(this.#call('HEAD', query, options.signal))
    const text = response.headers.get('ais-bucket-props')
    const props = text === undefined ? undefined : parseJson(text, 'bucket properties')
    if (!isFields(props)) throw undecodable('bucket properties')
    return props
  }

  async exists(signal?: AbortSignal): Promise<boolean> {
    try {
      await this.#connection.headers(this.#call('HEAD', [], signal))
      return true
    } catch (error) {
      if (isStatus(error, 404)) return false
      throw error
    }
  }

  /** Changes settings; what is left out stays. Returns a job's ID when one was started, or an empty string. */
  setProps(props: Fields, signal?: AbortSignal): Promise<string> {
    const json = action('set-bprops', props)
    return this.#connection.text({ ...this.#call('PATCH', [], signal), json, repeatable: true })
  }

  /** Back to the cluster's settings. Returns as `setProps`. */
  resetProps(signal?: AbortSignal): Promise<string> {
    const json = action('reset-bprops')
    return this.#connection.text({ ...this.#call('PATCH', [], signal), json, repeatable: true })
  }

  /** The objects, in UTF-8 byte order; pages are fetched as the loop goes on. */
  async *list(options: ListOptions = {}): AsyncGenerator<ListEntry> {
    for await (const page of this.listPages(options)) yield* page.entries
  }

  listPages(options: ListOptions = {}): AsyncGenerator<ListPage> {
    return listPages(this.#connection, this.bck, options)
  }

  /** Counts and sizes. */
  summary(prefix = '', signal?: AbortSignal) {
    return new BucketSummaryQuery(this.#connection).run({ bck: this.bck, prefix, signal })
  }

  /** Starts to delete many objects. Returns the job's ID. */
  deleteMany(selection: Selection, signal?: AbortSignal): Promise<string> {
    const json = action('delete-listrange', selection)
    return this.#connection.text({ ...this.#call('DELETE', [], signal), json })
  }

  /** Starts to copy all objects, or those with a prefix. Returns the job's ID. */
  copyTo(to: Bck, options: Fields = {}, signal?: AbortSignal): Promise<string> {
    const query: QueryPair[] = [['bck_to', bckUname(to)]]
    const json = action('copy-bck', { prepend: '', dry_run: false, force: false, ...options })
    return this.#connection.text({ ...this.#call('POST', query, signal), json })
  }

  /** Starts to copy listed or matching objects. Returns the job's ID. */
  copyMany(
    to: Bck,
    selection: Selection,
    options: Fields = {},
    signal?: AbortSignal,
  ): Promise<string> {
    const json = action('copy-listrange', { ...selection, ...options, tobck: to })
    return this.#connection.text({ ...this.#call('POST', [], signal), json })
  }

  /**
   * Starts to lay objects of at least `objsizeLimitBytes` out in chunks, smaller ones in one piece; with a limit of 0 all
   * of them. Returns the job's ID.
   */
  rechunk(layout: ChunkLayout, signal?: AbortSignal): Promise<string> {
    const { objsizeLimitBytes, chunkBytes, prefix = '' } = layout
    const value = { 'objsize-limit': objsizeLimitBytes, 'chunk-size': chunkBytes, prefix }
    const json = action('rechunk', value)
    return this.#connection.text({ ...this.#call('POST', [], signal), json })
  }

  /** Starts to find out where the files in TAR shards lie, so that one is read without the others. Returns the job's ID. */
  indexShards(options: IndexOptions = {}, signal?: AbortSignal): Promise<string> {
    const { prefix = '', workers = 0, skipVerify = false } = options
    const value = { prefix, 'num-workers': workers, 'skip-verify': skipVerify }
    const json = action('index-shard', value)
    return this.#connection.text({ ...this.#call('POST', [], signal), json })
  }

  /** How many TAR shards there are, and how far they have indexes. */
  shardSummary(prefix = '', signal?: AbortSignal): Promise<ShardSummary> {
    return new ShardSummaryQuery(this.#connection, this.bck, prefix).run(signal)
  }

  /** Starts such a count, and gives its ID; or asks after one. */
  shardSummaryQuery(prefix = ''): ShardSummaryQuery {
    return new ShardSummaryQuery(this.#connection, this.bck, prefix)
  }

  /** Starts to put objects into one shard. Returns the job's ID. */
  archive(
    to: { readonly bck: Bck; readonly name: string },
    selection: Selection | { readonly prefix: string },
    options: ArchiveOptions = {},
    signal?: AbortSignal,
  ): Promise<string> {
    const chosen = 'prefix' in selection ? { template: selection.prefix } : selection
    const value = {
      ...chosen,
      tobck: to.bck,
      archname: to.name,
      isbn: options.includeBucket === true,
      aate: options.append === true,
      coer: options.continueOnError === true,
      'non-recurs': options.nonRecursive === true,
    }
    const json = action('archive', value)
    return this.#connection.text({ ...this.#call('PUT', [], signal), json })
  }

  /**
   * Makes objects of files that lie below the promote root of the targets. Returns the job's ID; empty when it is done
   * already.
   */
  promote(source: string, options: PromoteOptions = {}, signal?: AbortSignal): Promise<string> {
    const value = {
      src: source,
      tid: options.targetId ?? '',
      obj: options.objectName ?? '',
      rcr: options.recursive === true,
      ovw: options.overwrite === true,
      dls: options.deleteSource === true,
      notshr: options.notFileShare === true,
    }
    const json = action('promote', value, source)
    const path = `objects/${encodeURIComponent(this.bck.name)}`
    return this.#connection.text({ ...this.#call('POST', [], signal), path, json })
  }

  /** Starts to bring objects of a remote bucket here. Returns the job's ID. */
  prefetch(
    selection: Selection | { readonly prefix: string },
    options: Fields = {},
    signal?: AbortSignal,
  ): Promise<string> {
    const chosen = 'prefix' in selection ? { template: selection.prefix } : selection
    const json = action('prefetch-listrange', { ...chosen, ...options })
    return this.#connection.text({ ...this.#call('POST', [], signal), json })
  }

  /** Starts to drop what is here of objects of a remote bucket. Returns the job's ID. */
  evictMany(
    selection: Selection | { readonly prefix: string },
    options: Fields = {},
    signal?: AbortSignal,
  ): Promise<string> {
    const chosen = 'prefix' in selection ? { template: selection.prefix } : selection
    const json = action('evict-listrange', { ...chosen, ...options })
    return this.#connection.text({ ...this.#call('DELETE', [], signal), json })
  }

  /** Drops all that is here of a remote bucket; `keepMetadata`: but not the bucket itself. */
  async evict(options: { readonly keepMetadata?: boolean; readonly signal?: AbortSignal } = {}) {
    const query: QueryPair[] = options.keepMetadata === true ? [['keep_bck_md', 'true']] : []
    const json = action('evict-remote-bck')
    await this.#connection.headers({ ...this.#call('DELETE', query, options.signal), json })
  }

  /** Starts to give the bucket another name. Returns the job's ID. */
  rename(to: Bck, signal?: AbortSignal): Promise<string> {
    const query: QueryPair[] = [['bck_to', bckUname(to)]]
    const json = action('move-bck')
    return this.#connection.text({ ...this.#call('POST', query, signal), json })
  }

  #call(method: ApiCall['method'], query: readonly QueryPair[], signal?: AbortSignal): ApiCall {
    return { method, path: bucketPath(this.bck.name), query: bckQuery(this.bck, ...query), signal }
  }
}
