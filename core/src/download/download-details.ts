import { z } from 'zod'
import type { DownloadJob, DownloadStatus, DownloadTask } from '../wire/download.ts'
import { formatRfc3339, goZeroTime } from '../wire/go-time.ts'
import type { XactionSnap } from '../wire/xaction.ts'

/** Objects of one job that are told of by name, and as many that failed. */
const toldMax = 10_000
/** Failures of a job that are kept over a restart. */
const keptErrorsMax = 100

const nsPerMs = 1_000_000n

const timeText = (ms: number | undefined) =>
  ms === undefined ? goZeroTime : formatRfc3339(BigInt(Math.round(ms)) * nsPerMs)

/** An object on its way, or one that came. */
export interface DownloadingObject {
  readonly name: string
  /** Unix ms. */
  readonly startedAt: number
  endedAt?: number
  bytes: number
  /** As its source says. */
  totalBytes?: number | undefined
}

/** What a target knows of a download besides its job. */
export interface DownloadDetails {
  readonly description: string
  /** Objects of this target. */
  total: number
  scheduled: number
  finished: number
  skipped: number
  failed: number
  isAllScheduled: boolean
  readonly current: Set<DownloadingObject>
  readonly done: DownloadingObject[]
  readonly errors: { readonly name: string; readonly error: string }[]
}

export function newDetails(description: string): DownloadDetails {
  const counts = { total: 0, scheduled: 0, finished: 0, skipped: 0, failed: 0 }
  return { description, ...counts, isAllScheduled: false, current: new Set(), done: [], errors: [] }
}

/** An object begins. */
export function beginObject(
  details: DownloadDetails,
  name: string,
  now: number,
): DownloadingObject {
  details.scheduled += 1
  const object = { name, startedAt: now, bytes: 0 }
  details.current.add(object)
  return object
}

/** And ends: it came, was there already, or failed. */
export function endObject(
  details: DownloadDetails,
  object: DownloadingObject,
  now: number,
  how: 'came' | 'skipped' | { readonly error: string },
): void {
  details.current.delete(object)
  object.endedAt = now
  if (typeof how === 'object') {
    details.failed += 1
    if (details.errors.length < toldMax) details.errors.push({ name: object.name, ...how })
    return
  }
  details.finished += 1
  if (how === 'skipped') details.skipped += 1
  if (details.done.length < toldMax && how === 'came') details.done.push(object)
}

function taskOf({ name, startedAt, endedAt, bytes, totalBytes }: DownloadingObject): DownloadTask {
  return {
    name,
    downloaded: String(bytes),
    ...(totalBytes && { total: String(totalBytes) }),
    start_time: timeText(startedAt),
    end_time: timeText(endedAt),
  }
}

/** The job as clients ask for it. */
export function downloadJobOf(snap: XactionSnap, details: DownloadDetails): DownloadJob {
  return {
    id: snap.id,
    xaction_id: snap.id,
    description: details.description,
    started_time: timeText(snap.startedAt),
    finished_time: timeText(snap.endedAt),
    finished_cnt: details.finished,
    scheduled_cnt: details.scheduled,
    skipped_cnt: details.skipped,
    error_cnt: details.failed,
    total: details.total,
    all_dispatched: details.isAllScheduled,
    aborted: snap.aborted,
  }
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

/** As `downloadJobOf`, with its objects. @param onlyActive: with no more of them than those on their way */
export function downloadStatusOf(
  snap: XactionSnap,
  details: DownloadDetails,
  onlyActive: boolean,
): DownloadStatus {
  const { current, done, errors } = details
  const some = <T>(all: readonly T[]) => (all.length === 0 ? undefined : all)
  return {
    ...downloadJobOf(snap, details),
    current_tasks: current.size === 0 ? undefined : [...current].map(taskOf).sort(byName),
    finished_tasks: onlyActive ? undefined : some(done)?.map(taskOf),
    download_errors: onlyActive ? undefined : some(errors)?.toSorted(byName),
  }
}

/** What is kept of a download over a restart: no names of what came. */
export const keptDetailsSchema = z.object({
  description: z.string(),
  total: z.number(),
  scheduled: z.number(),
  finished: z.number(),
  skipped: z.number(),
  failed: z.number(),
  isAllScheduled: z.boolean(),
  errors: z.array(z.object({ name: z.string(), error: z.string() })),
})

export function keptDetails(details: DownloadDetails): z.output<typeof keptDetailsSchema> {
  const { current: _, done: __, errors, ...kept } = details
  return { ...kept, errors: errors.slice(0, keptErrorsMax) }
}
