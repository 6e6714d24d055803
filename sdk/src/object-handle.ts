import { type Bck, bckCname, objectUname } from '@aistore-ts/core/bucket/bck.ts'
import type { Checksum } from '@aistore-ts/core/object/checksum.ts'
import { action } from './action.ts'
import { AppendWriter } from './append-writer.ts'
import type { ApiCall, Connection } from './connection.ts'
import { AisClientError, isStatus } from './errors/ais-client-error.ts'
import { MultipartUpload } from './multipart-upload.ts'
import { bckQuery, type QueryPair } from './names/bck-query.ts'
import { objectPath } from './names/object-path.ts'
import { type ObjectAttributes, parseObjectAttributes } from './object-attributes.ts'
import { ObjectReader } from './object-reader.ts'
import { type PutData, requestBody } from './transport/request-body.ts'
import type { HeaderLine } from './transport/response-headers.ts'

/** Bytes of an object: from `start` on, at most `length`; `suffix` counts from the end. */
export type ByteRange =
  | { readonly start: number; readonly length?: number | undefined }
  | { readonly suffix: number }

/** How files inside an archive are chosen by their names. */
export const archiveModes = ['regexp', 'prefix', 'suffix', 'substr', 'wdskey'] as const

export interface ArchiveMatch {
  readonly pattern: string
  readonly mode: (typeof archiveModes)[number]
}

/** What becomes of the shard when a file is put into it: a new one with that file alone, or the one that is there and more. */
export type ShardMode = 'replace' | 'append' | 'append-or-create'

export interface PutIntoShardOptions {
  readonly mode: ShardMode
  readonly lengthBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** As `Ais-Pine` tells it. @see AIStore api/apc/headers.go */
const shardFlags: Readonly<Record<ShardMode, string>> = {
  replace: '0',
  append: '1',
  'append-or-create': '2',
}

export interface GetOptions {
  readonly range?: ByteRange | undefined
  /** Ask a remote backend first whether there is a newer version. */
  readonly latest?: boolean | undefined
  /** One file inside an archive. */
  readonly archivePath?: string | undefined
  /** All files inside it that match, as a tar. */
  readonly archiveMatch?: ArchiveMatch | undefined
  /** Format of the archive, where its name does not tell: `.tar`, `.tgz`, `.zip`, `.tar.lz4`. */
  readonly archiveMime?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PutOptions {
  /** Checked by the server over what arrives; nothing is stored when it differs. */
  readonly checksum?: Checksum | undefined
  readonly custom?: Readonly<Record<string, string>> | undefined
  /** Length of a stream, when known. */
  readonly lengthBytes?: number | undefined
  /** Do not compare with the version that is there. */
  readonly skipVersionCheck?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Properties that a selective HEAD can be asked for. */
export const objectProps = [
  'name',
  'size',
  'checksum',
  'version',
  'atime',
  'custom',
  'last-modified',
  'etag',
  'location',
  'copies',
  'ec',
  'chunked',
] as const

export type ObjectProp = (typeof objectProps)[number]

/** One object by name: it need not exist. Every method takes an AbortSignal and throws AisClientError. */
export class ObjectHandle {
  readonly bck: Bck
  readonly name: string
  readonly #connection: Connection

  constructor(connection: Connection, bck: Bck, name: string) {
    this.#connection = connection
    this.bck = bck
    this.name = name
  }

  /** Display name, `ais://bucket/name`. */
  get cname(): string {
    return `${bckCname(this.bck)}/${this.name}`
  }

  /** Begins to read; the content is in the reader. */
  async get(options: GetOptions = {}): Promise<ObjectReader> {
    const query: QueryPair[] = []
    if (options.latest === true) query.push(['latest-ver', 'true'])
    if (options.archivePath !== undefined) query.push(['archpath', options.archivePath])
    if (options.archiveMatch !== undefined) {
      query.push(['archregx', options.archiveMatch.pattern])
      query.push(['archmode', options.archiveMatch.mode])
    }
    if (options.archiveMime !== undefined) query.push(['archmime', options.archiveMime])
    const headers: HeaderLine[] =
      options.range === undefined ? [] : [['Range', rangeHeader(options.range)]]
    const call = this.#call('GET', query, options.signal)
    return new ObjectReader(await this.#connection.call({ ...call, headers }))
  }

  /** Stores `data` under the name, in place of what was there. */
  async put(data: PutData, options: PutOptions = {}): Promise<ObjectAttributes> {
    const query: QueryPair[] = options.skipVersionCheck === true ? [['skip_vc', 'true']] : []
    const headers: HeaderLine[] = []
    if (options.checksum !== undefined && options.checksum.type !== 'none') {
      headers.push(['Ais-Checksum-Type', options.checksum.type])
      headers.push(['Ais-Checksum-Value', options.checksum.value])
    }
    for (const [key, value] of Object.entries(options.custom ?? {})) {
      headers.push(['Ais-Custom-Md', `${key}=${value}`])
    }
    const response = await this.#connection.headers({
      ...this.#call('PUT', query, options.signal),
      headers,
      body: requestBody(data, options.lengthBytes),
    })
    return parseObjectAttributes(response.headers)
  }

  /** Puts a file into the shard that the object is. @param path its name in there */
  async putIntoShard(path: string, data: PutData, options: PutIntoShardOptions): Promise<void> {
    await this.#connection.headers({
      ...this.#call('PUT', [['archpath', path]], options.signal),
      headers: [['Ais-Pine', shardFlags[options.mode]]],
      body: requestBody(data, options.lengthBytes),
    })
  }

  /** What the cluster knows of the object; only `props` are filled in. 404 is thrown like any error. */
  async head(
    props: readonly ObjectProp[] = ['checksum', 'atime', 'version', 'custom'],
    options: { readonly presence?: number; readonly signal?: AbortSignal } = {},
  ): Promise<ObjectAttributes> {
    const query: QueryPair[] = [['props', props.join(',')]]
    if (options.presence !== undefined) query.push(['presence', String(options.presence)])
    const response = await this.#connection.headers(this.#call('HEAD', query, options.signal))
    return parseObjectAttributes(response.headers)
  }

  async exists(signal?: AbortSignal): Promise<boolean> {
    try {
      await this.head(['size'], signal === undefined ? {} : { signal })
      return true
    } catch (error) {
      if (isStatus(error, 404)) return false
      throw error
    }
  }

  async delete(signal?: AbortSignal): Promise<void> {
    await this.#connection.headers(this.#call('DELETE', [], signal))
  }

  /** Adds custom properties to those that are there; `replace` drops the others. */
  async setCustomProps(
    props: Readonly<Record<string, string>>,
    options: { readonly replace?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const query: QueryPair[] = options.replace === true ? [['set-new-custom', 'true']] : []
    await this.#connection.headers({
      ...this.#call('PATCH', query, options.signal),
      json: action('', props),
      repeatable: true,
    })
  }

  /** Gives the object another name in its bucket. */
  async rename(name: string, signal?: AbortSignal): Promise<void> {
    await this.#connection.headers({
      ...this.#call('POST', [], signal),
      json: action('rename-obj', null, name),
    })
  }

  /** Copies inside the cluster. */
  async copyTo(
    to: { readonly bck: Bck; readonly name: string },
    options: {
      readonly latest?: boolean
      readonly sync?: boolean
      readonly signal?: AbortSignal
    } = {},
  ): Promise<void> {
    const query: QueryPair[] = [['object_to', objectUname(to.bck, to.name)]]
    if (options.latest === true) query.push(['latest-ver', 'true'])
    if (options.sync === true) query.push(['synchronize', 'true'])
    await this.#connection.headers(this.#call('PUT', query, options.signal))
  }

  /** Starts to write piece by piece; nothing is visible before `flush`. */
  appendWriter(signal?: AbortSignal): AppendWriter {
    return new AppendWriter(this.#connection, this.#call('PUT', [], signal))
  }

  /** Starts an upload in parts. */
  async createMultipartUpload(signal?: AbortSignal): Promise<MultipartUpload> {
    const call = this.#call('POST', [], signal)
    const id = await this.#connection.text({ ...call, json: action('mpt-upload') })
    if (id === '') {
      const message = `${this.cname}: the server gave no upload ID`
      throw new AisClientError({ status: 0, tcode: '', message })
    }
    return this.multipartUpload(id)
  }

  /** Goes on with an upload that was started before. */
  multipartUpload(id: string): MultipartUpload {
    return new MultipartUpload(this.#connection, this.bck, this.name, id)
  }

  #call(method: ApiCall['method'], query: readonly QueryPair[], signal?: AbortSignal): ApiCall {
    const path = objectPath(this.bck.name, this.name)
    return { method, path, query: bckQuery(this.bck, ...query), signal }
  }
}

/** @throws AisClientError for negative or fractional numbers */
export function rangeHeader(range: ByteRange): string {
  const numbers = 'suffix' in range ? [range.suffix] : [range.start, range.length ?? 1]
  if (numbers.some((n) => !Number.isSafeInteger(n) || n < 0)) {
    const message = `invalid range ${JSON.stringify(range)}: expecting whole numbers, 0 or more`
    throw new AisClientError({ status: 0, tcode: '', message })
  }
  if ('suffix' in range) return `bytes=-${range.suffix}`
  const { start, length } = range
  return length === undefined ? `bytes=${start}-` : `bytes=${start}-${start + length - 1}`
}
