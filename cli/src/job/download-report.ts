import {
  type DownloadJob,
  type DownloadStatus,
  isDownloadOver,
} from '@aistore-ts/sdk/jobs/downloads.ts'
import { plural } from '../format/plural.ts'
import { formatSize } from '../format/size.ts'
import { table } from '../output/table.ts'

const doneOf = (job: DownloadJob) => job.finished_cnt + job.error_cnt
const totalOf = (job: DownloadJob) => (job.total > 0 ? job.total : job.scheduled_cnt)

function stateOf(job: DownloadJob): string {
  if (job.aborted) return 'Aborted'
  return isDownloadOver(job) ? 'Finished' : `${Math.max(0, totalOf(job) - doneOf(job))} pending`
}

/** Many downloads, a row each. */
export function downloadTable(jobs: readonly DownloadJob[], headings: boolean): string {
  const titles = ['JOB ID', 'XACTION', 'STATUS', 'ERRORS', 'DESCRIPTION']
  const rows = jobs.map((job) => [
    job.id,
    job.xaction_id,
    stateOf(job),
    String(job.error_cnt),
    job.description === '' ? '-' : job.description,
  ])
  return table(
    titles.map((title) => ({ title })),
    rows,
    { headings },
  )
}

function errorLines(job: DownloadStatus): readonly string[] {
  return (job.download_errors ?? []).map(({ name, error }) => `\t${name}: ${error}`)
}

/** What came of a download that is over: a line or two, and with `verbose` each object that failed. */
export function downloadSummary(job: DownloadStatus, verbose: boolean): string {
  const what = job.description === '' ? job.id : `${job.id} (${job.description})`
  const skipped = job.skipped_cnt > 0 ? `, skipped: ${job.skipped_cnt}` : ''
  const errors = job.error_cnt > 0 ? `, error${plural(job.error_cnt)}: ${job.error_cnt}` : ''
  const lines = [`Download ${what}: ${job.aborted ? 'aborted' : 'finished'}`]
  if (!job.aborted) {
    const { finished_cnt: count } = job
    lines.push(`Done: ${count} file${plural(count)} downloaded${skipped}${errors}`)
  }
  if (job.error_cnt > 0) {
    if (verbose) lines.push('Errors:', ...errorLines(job))
    else lines.push(`Use '--verbose' to show the error${plural(job.error_cnt)}.`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** Where a download is. */
export function downloadProgress(job: DownloadStatus, verbose: boolean): string {
  const total = totalOf(job)
  const done = doneOf(job)
  const percent = total === 0 ? '' : ` (${((100 * done) / total).toFixed(2)}%)`
  const lines = [`Download ${job.id} progress: ${done}/${job.total < 0 ? '?' : total}${percent}`]
  if (verbose) {
    for (const { name, downloaded, total: size } of job.current_tasks ?? []) {
      const here = formatSize(Number(downloaded))
      const share = size && `/${formatSize(Number(size))}`
      lines.push(`\t${name}: ${here}${share ?? ''}`)
    }
    if (job.error_cnt > 0) lines.push('Errors:', ...errorLines(job))
  } else if (job.error_cnt > 0) {
    lines.push(
      `Encountered ${job.error_cnt} error${plural(job.error_cnt)} during download ${job.id}`,
      `For details, run 'ais show job ${job.id} -v'`,
    )
  }
  return lines.map((line) => `${line}\n`).join('')
}

export function downloadReport(job: DownloadStatus, verbose: boolean): string {
  return isDownloadOver(job) ? downloadSummary(job, verbose) : downloadProgress(job, verbose)
}
