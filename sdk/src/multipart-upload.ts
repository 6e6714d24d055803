import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import { action } from './action.ts'
import type { ApiCall, Connection } from './connection.ts'
import { bckQuery, type QueryPair } from './names/bck-query.ts'
import { objectPath } from './names/object-path.ts'
import { type PutData, requestBody } from './transport/request-body.ts'

/** An object uploaded in parts, numbered from 1. It becomes visible with `complete`. */
export class MultipartUpload {
  readonly id: string
  readonly #connection: Connection
  readonly #bck: Bck
  readonly #name: string

  constructor(connection: Connection, bck: Bck, name: string, id: string) {
    this.#connection = connection
    this.#bck = bck
    this.#name = name
    this.id = id
  }

  /** Sends one part; a part may be sent again, the last one counts. Its length must be known and above 0. */
  async putPart(
    number: number,
    data: PutData,
    options: { readonly lengthBytes?: number; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#connection.headers({
      ...this.#call('PUT', [['partNumber', String(number)]], options.signal),
      body: requestBody(data, options.lengthBytes),
    })
  }

  /** Makes the object of these parts, in ascending order. */
  async complete(parts: readonly number[], signal?: AbortSignal): Promise<void> {
    const value = parts.map((number) => ({ 'part-number': number, etag: '' }))
    await this.#connection.headers({
      ...this.#call('POST', [], signal),
      json: action('mpt-complete', value),
      idleMs: completeIdleMs,
    })
  }

  async abort(signal?: AbortSignal): Promise<void> {
    await this.#connection.headers({
      ...this.#call('DELETE', [], signal),
      json: action('mpt-abort'),
    })
  }

  #call(method: ApiCall['method'], query: readonly QueryPair[], signal?: AbortSignal): ApiCall {
    return {
      method,
      path: objectPath(this.#bck.name, this.#name),
      query: bckQuery(this.#bck, ['uploadId', this.id], ...query),
      signal,
    }
  }
}

/** Putting many parts together may take this long without a word, ms. */
const completeIdleMs = 300_000
