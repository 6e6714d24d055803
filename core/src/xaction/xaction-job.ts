import type { XactionSnap, XactionStats } from '../wire/xaction.ts'
import type { RegisteredKind, Work } from './xaction-kind.ts'
import type { XactionOrder } from './xaction-record.ts'

/** Failures that a job tells of by name. */
const toldFailuresMax = 8

/** A job of this target, at work or ended. */
export interface XactionJob {
  readonly id: string
  readonly kind: RegisteredKind | undefined
  readonly kindName: string
  /** What started it; absent: it is done in the calls of clients, or is one of an earlier run that ended. */
  readonly order: XactionOrder | undefined
  readonly bck: string | undefined
  readonly to: string | undefined
  readonly targets: readonly string[]
  readonly detail: string | undefined
  /** Objects dealt with at once. */
  readonly workers?: number
  /** Unix ms. */
  readonly startedAt: number
  readonly stats: { -readonly [K in keyof XactionStats]: XactionStats[K] }
  readonly abort: AbortController
  readonly failures: string[]
  failed: number
  /** Unix ms. */
  endedAt: number | undefined
  /** Monotonic; the work is done. */
  idleSince: number | undefined
  aborted: boolean
  /** Why it was aborted. */
  reason: string | undefined
  running: Promise<void>
}

/** What is known of a job when it begins. */
export type AboutJob = Pick<
  XactionJob,
  | 'id'
  | 'kindName'
  | 'kind'
  | 'order'
  | 'bck'
  | 'to'
  | 'targets'
  | 'detail'
  | 'workers'
  | 'startedAt'
>

export function newJob(about: AboutJob, abort = new AbortController()): XactionJob {
  const stats = {
    localObjects: 0,
    localBytes: 0,
    outObjects: 0,
    outBytes: 0,
    inObjects: 0,
    inBytes: 0,
  }
  return {
    ...about,
    stats,
    abort,
    failures: [],
    failed: 0,
    endedAt: undefined,
    idleSince: undefined,
    aborted: false,
    reason: undefined,
    running: Promise.resolve(),
  }
}

/** It has something to do. */
export function isAtWork(job: XactionJob): boolean {
  return job.endedAt === undefined && job.idleSince === undefined
}

export function countWork(job: XactionJob, work: Work): void {
  const { stats } = job
  stats.localObjects += work.objects ?? 0
  stats.localBytes += work.bytes ?? 0
  stats.outObjects += work.outObjects ?? 0
  stats.outBytes += work.outBytes ?? 0
  stats.inObjects += work.inObjects ?? 0
  stats.inBytes += work.inBytes ?? 0
  if (work.failure === undefined) return
  job.failed += 1
  if (job.failures.length < toldFailuresMax) job.failures.push(work.failure)
}

export function snapOf(job: XactionJob): XactionSnap {
  const { id, startedAt, endedAt, bck, to, detail, targets, aborted, workers } = job
  const more = job.failed > job.failures.length ? [`${job.failed} failures in all`] : []
  const reason = job.reason === undefined ? [] : [job.reason]
  const error = [...reason, ...job.failures, ...more].join('; ')
  return {
    id,
    kind: job.kindName,
    startedAt,
    endedAt,
    aborted,
    stats: { ...job.stats },
    error: error === '' ? undefined : error,
    idle: job.idleSince !== undefined && endedAt === undefined ? true : undefined,
    detail,
    workers,
    targets,
    bck,
    to,
  }
}
