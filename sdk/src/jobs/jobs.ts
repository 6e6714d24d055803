import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import { kindOfName } from '@aistore-ts/core/wire/xaction-kinds.ts'
import { action } from '../action.ts'
import type { Connection } from '../connection.ts'
import { type Fields, isFields, numberOf, parseJson, textOf, undecodable } from '../decode.ts'
import { AisClientError } from '../errors/ais-client-error.ts'
import { type JobSnapshot, parseJobSnapshot } from './job-snapshot.ts'
import { pollPauseMs } from './poll-pause.ts'

/** Which jobs are meant: all that fit every word that is given. */
export interface JobQuery {
  readonly id?: string | undefined
  /** By any of its names: `copy-bucket`, `copy-bck`. */
  readonly kind?: string | undefined
  readonly bck?: Bck | undefined
  readonly nodeId?: string | undefined
  readonly onlyRunning?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** A job over all its targets. */
export interface JobStatus {
  readonly id: string
  readonly kind: string
  /** Unix ms; absent while it runs or is idle. */
  readonly endedAt?: number | undefined
  readonly isAborted: boolean
  /** Its work is done everywhere. */
  readonly isIdle: boolean
  /** Empty: nothing went wrong. */
  readonly error: string
}

/** The jobs of the cluster: copies, deletions, downloads, and all else that goes on behind a call. */
export class Jobs {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Starts a job of a kind that needs no more than this, such as `lru` or `cleanup`. Others are started by what they are for:
   * `Bucket.copyTo`. Resolves with its ID, which may be empty where there is none.
   */
  async start(
    kind: string,
    options: {
      readonly bck?: Bck | undefined
      readonly buckets?: readonly Bck[] | undefined
      readonly nodeId?: string | undefined
      readonly force?: boolean | undefined
      readonly signal?: AbortSignal | undefined
    } = {},
  ): Promise<string> {
    const { bck, buckets, nodeId, force, signal } = options
    const value = {
      kind: kindOfName(kind),
      ...(bck && { bck }),
      ...(buckets && { buckets }),
      ...(nodeId !== undefined && { node: nodeId }),
      ...(force === true && { force }),
    }
    const json = action('start', value)
    const text = await this.#connection.text({ method: 'PUT', path: 'cluster', json, signal })
    return text.trim().replace(/^"|"$/g, '')
  }

  /** Stops those that have not ended. When none is there, nothing happens. */
  async stop(query: JobQuery): Promise<void> {
    const { id = '', kind = '', bck, signal } = query
    const json = action('stop', { id, kind: kindOfName(kind), ...(bck && { bck }) })
    await this.#connection.headers({ method: 'PUT', path: 'cluster', json, signal })
  }

  /** The newest that is meant. @throws AisClientError 404 when there is none */
  async status(query: JobQuery): Promise<JobStatus> {
    const status = await this.#ask('status', query)
    if (!isFields(status)) throw undecodable('status')
    return parseStatus(status)
  }

  async statuses(query: JobQuery = {}): Promise<readonly JobStatus[]> {
    const all = await this.#ask('status_all', query)
    if (all === null) return []
    if (!Array.isArray(all)) throw undecodable('status_all')
    return all.filter(isFields).map(parseStatus)
  }

  /** What each target tells. @throws AisClientError 404 for an ID that nobody knows */
  async snapshots(query: JobQuery = {}): Promise<readonly JobSnapshot[]> {
    const byNode = await this.#ask('qryxstats', query)
    if (byNode === null) return []
    if (!isFields(byNode)) throw undecodable('qryxstats')
    return Object.entries(byNode).flatMap(([nodeId, list]) =>
      (Array.isArray(list) ? list : [])
        .filter(isFields)
        .map((fields) => parseJobSnapshot(nodeId, fields)),
    )
  }

  /**
   * Its snapshots, again and again until its work is done, the last ones included.
   *
   * ```ts
   * for await (const parts of client.jobs.progress(id)) console.log(sum(parts.map((part) => part.objects)))
   * ```
   */
  async *progress(
    id: string,
    options: { readonly intervalMs?: number; readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<readonly JobSnapshot[]> {
    const { intervalMs, signal } = options
    let idleRounds = 0
    for (let round = 0; ; round += 1) {
      const parts = await this.snapshots({ id, signal })
      yield parts
      const isIdle = parts.every((part) => part.endedAt !== undefined || part.isIdle)
      idleRounds = isIdle ? idleRounds + 1 : 0
      const isOver = parts.every((part) => part.endedAt !== undefined)
      if (isOver || idleRounds === idleRoundsMin) return
      await this.#connection.sleep(intervalMs ?? pollPauseMs(round), signal)
    }
  }

  /**
   * Resolves when its work is done: with what went wrong in `error`, if anything did.
   * @throws AisClientError 404 when there is none; 408 when it takes longer than `timeoutMs`
   */
  async wait(
    query: JobQuery,
    options: { readonly timeoutMs?: number | undefined } = {},
  ): Promise<JobStatus> {
    const { timeoutMs = Number.POSITIVE_INFINITY } = options
    let waitedMs = 0
    let idleRounds = 0
    for (let round = 0; ; round += 1) {
      const status = await this.status(query)
      if (status.endedAt !== undefined) return status
      idleRounds = status.isIdle ? idleRounds + 1 : 0
      if (idleRounds === idleRoundsMin) return status
      if (waitedMs >= timeoutMs) throw tooLate(status, timeoutMs)
      const pauseMs = Math.min(pollPauseMs(round), timeoutMs - waitedMs)
      waitedMs += pauseMs
      await this.#connection.sleep(pauseMs, query.signal)
    }
  }

  async #ask(what: 'status' | 'status_all' | 'qryxstats', query: JobQuery): Promise<unknown> {
    const { id = '', kind = '', bck, nodeId, onlyRunning, signal } = query
    const json = {
      id,
      kind: kindOfName(kind),
      ...(nodeId !== undefined && { node: nodeId }),
      ...(bck && { bck }),
      ...(onlyRunning === true && { show_active: true }),
    }
    const call = { method: 'GET', path: 'cluster', query: [['what', what]], json, signal } as const
    return parseJson(await this.#connection.text(call), what)
  }
}

/** A job that looks idle may be between two pieces of work: it has to be so this often in a row. */
const idleRoundsMin = 2

function tooLate({ kind, id }: JobStatus, timeoutMs: number): AisClientError {
  const message = `timed out waiting for ${kind}[${id}] (${timeoutMs} ms)`
  return new AisClientError({ status: 408, tcode: '', message })
}

function parseStatus(fields: Fields): JobStatus {
  const endedAtNs = numberOf(fields.end_time)
  return {
    id: textOf(fields.uuid),
    kind: textOf(fields.kind),
    endedAt: endedAtNs === 0 ? undefined : endedAtNs / 1e6,
    isAborted: fields.aborted === true,
    isIdle: fields.is_idle === true,
    error: textOf(fields.err),
  }
}
