import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import {
  type DownloadJob,
  type DownloadStatus,
  downloadJobSchema,
  downloadStatusSchema,
  isDownloadOver,
} from '@aistore-ts/core/wire/download.ts'
import type { Connection } from '../connection.ts'
import { isFields, parseJson, textOf, undecodable } from '../decode.ts'
import { pollPauseMs } from './poll-pause.ts'

export { type DownloadJob, type DownloadStatus, isDownloadOver }

/** What all downloads have in common. */
export interface DownloadOptions {
  readonly description?: string | undefined
  /** For one try at one object, as a Go duration: `5m`. */
  readonly timeout?: string | undefined
  readonly progressInterval?: string | undefined
  /** Objects at once on each target. */
  readonly connectionsMax?: number | undefined
  readonly bytesPerHour?: number | undefined
  /** Sent to the source. */
  readonly headers?: Readonly<Record<string, readonly string[]>> | undefined
}

/** What is to come, and from where. */
export type DownloadSource =
  | { readonly link: string; readonly objectName?: string | undefined }
  /** `http://host/shard-{000..099}.tar`, under a folder of the bucket. */
  | { readonly template: string; readonly folder?: string | undefined }
  /** Names to links, or links that name objects by their last part. */
  | { readonly objects: Readonly<Record<string, string>> | readonly string[] }
  /** All that a remote bucket has. */
  | {
      readonly prefix: string
      readonly suffix?: string | undefined
      readonly sync?: boolean | undefined
    }

function sourceOf(source: DownloadSource): Record<string, unknown> {
  if ('link' in source) {
    return { type: 'single', link: source.link, object_name: source.objectName ?? '' }
  }
  if ('template' in source) {
    return { type: 'range', template: source.template, subdir: source.folder ?? '' }
  }
  if ('objects' in source) return { type: 'multi', objects: source.objects }
  const { prefix, suffix = '', sync = false } = source
  return { type: 'backend', prefix, suffix, synchronize: sync }
}

/** Objects that the cluster fetches from elsewhere. */
export class Downloads {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Starts one; an `ais://` bucket that is not there is made. Resolves with its ID, `dnl-...`. */
  async start(
    to: Bck,
    source: DownloadSource,
    options: DownloadOptions = {},
    signal?: AbortSignal,
  ): Promise<string> {
    const json = {
      ...sourceOf(source),
      bucket: to,
      description: options.description ?? '',
      timeout: options.timeout ?? '',
      progress_interval: options.progressInterval ?? '',
      limits: {
        connections: options.connectionsMax ?? 0,
        bytes_per_hour: options.bytesPerHour ?? 0,
      },
      ...(options.headers && { headers: options.headers }),
    }
    const call = { method: 'POST', path: 'download', json, signal } as const
    const answer = parseJson(await this.#connection.text(call), 'download')
    if (!isFields(answer)) throw undecodable('download')
    return textOf(answer.id)
  }

  /** The oldest first. @param query regex: of the description */
  async list(
    query: { readonly regex?: string; readonly onlyActive?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<readonly DownloadJob[]> {
    const json = { id: '', regex: query.regex ?? '', only_active_tasks: query.onlyActive ?? false }
    const found = downloadJobSchema
      .array()
      .nullable()
      .safeParse(await this.#get(json, signal))
    if (!found.success) throw undecodable('downloads', found.error)
    return found.data ?? []
  }

  /** @throws AisClientError 404 */
  async status(id: string, signal?: AbortSignal): Promise<DownloadStatus> {
    const json = { id, regex: '', only_active_tasks: false }
    const found = downloadStatusSchema.safeParse(await this.#get(json, signal))
    if (!found.success) throw undecodable('download status', found.error)
    return found.data
  }

  /** Its status, again and again until it is over, the last one included. */
  async *progress(
    id: string,
    options: { readonly intervalMs?: number; readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<DownloadStatus> {
    const { intervalMs, signal } = options
    for (let round = 0; ; round += 1) {
      const status = await this.status(id, signal)
      yield status
      if (isDownloadOver(status)) return
      await this.#connection.sleep(intervalMs ?? pollPauseMs(round), signal)
    }
  }

  /** What came stays. @throws AisClientError 404 */
  abort(id: string, signal?: AbortSignal): Promise<void> {
    return this.#change('abort', id, signal)
  }

  /** Forgets one that is over. @throws AisClientError 404, or 400 while it runs */
  remove(id: string, signal?: AbortSignal): Promise<void> {
    return this.#change('remove', id, signal)
  }

  async #get(json: unknown, signal?: AbortSignal): Promise<unknown> {
    const call = { method: 'GET', path: 'download', json, signal } as const
    return parseJson(await this.#connection.text(call), 'download')
  }

  async #change(verb: string, id: string, signal?: AbortSignal): Promise<void> {
    const json = { id, regex: '', only_active_tasks: false }
    await this.#connection.headers({ method: 'DELETE', path: `download/${verb}`, json, signal })
  }
}
