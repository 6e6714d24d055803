import { z } from 'zod'

/** A download over one target or all of them. @see AIStore ext/dload/api.go Job */
export const downloadJobSchema = z.object({
  id: z.string(),
  xaction_id: z.string(),
  description: z.string(),
  started_time: z.string(),
  /** Go's zero time while it runs. */
  finished_time: z.string(),
  finished_cnt: z.number(),
  /** Objects that were taken on: under way, done, or failed. */
  scheduled_cnt: z.number(),
  /** Of the finished ones: what was there already, the same as at its source. */
  skipped_cnt: z.number(),
  error_cnt: z.number(),
  /** Negative: not known. */
  total: z.number(),
  all_dispatched: z.boolean(),
  aborted: z.boolean(),
})

export type DownloadJob = z.output<typeof downloadJobSchema>

const taskSchema = z.object({
  name: z.string(),
  /** Bytes, in decimal. */
  downloaded: z.string(),
  total: z.string().optional(),
  start_time: z.string(),
  end_time: z.string(),
})

/** An object on its way, or one that came. */
export type DownloadTask = z.output<typeof taskSchema>

export const downloadStatusSchema = downloadJobSchema.extend({
  current_tasks: z.array(taskSchema).optional(),
  finished_tasks: z.array(taskSchema).optional(),
  download_errors: z.array(z.object({ name: z.string(), error: z.string() })).optional(),
})

export type DownloadStatus = z.output<typeof downloadStatusSchema>

const zeroTime = '0001-01-01T00:00:00Z'

/** The job has come to its end. */
export function isDownloadOver({ finished_time }: DownloadJob): boolean {
  return finished_time === zeroTime ? false : finished_time !== ''
}

/** Parts of one job as one: it is over when each of them is. */
export function addDownloads<T extends DownloadJob>(a: T, b: T): T {
  const earlier = Date.parse(a.started_time) <= Date.parse(b.started_time) ? a : b
  const later = Date.parse(a.finished_time) >= Date.parse(b.finished_time) ? a : b
  const isOver = isDownloadOver(a) && isDownloadOver(b)
  return {
    ...a,
    description: a.description === '' ? b.description : a.description,
    started_time: earlier.started_time,
    finished_time: isOver ? later.finished_time : zeroTime,
    finished_cnt: a.finished_cnt + b.finished_cnt,
    scheduled_cnt: a.scheduled_cnt + b.scheduled_cnt,
    skipped_cnt: a.skipped_cnt + b.skipped_cnt,
    error_cnt: a.error_cnt + b.error_cnt,
    total: a.total + b.total,
    all_dispatched: a.all_dispatched && b.all_dispatched,
    aborted: a.aborted || b.aborted,
  }
}

/** As `addDownloads`, with what was told of single objects. */
export function addDownloadStatuses(a: DownloadStatus, b: DownloadStatus): DownloadStatus {
  const both = <T>(of: readonly T[] | undefined, and: readonly T[] | undefined) =>
    of === undefined && and === undefined ? undefined : [...(of ?? []), ...(and ?? [])]
  return {
    ...addDownloads<DownloadJob>(a, b),
    current_tasks: both(a.current_tasks, b.current_tasks),
    finished_tasks: both(a.finished_tasks, b.finished_tasks),
    download_errors: both(a.download_errors, b.download_errors),
  }
}
