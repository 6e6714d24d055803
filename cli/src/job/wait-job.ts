import { type DownloadStatus, isDownloadOver } from '@aistore-ts/sdk/jobs/downloads.ts'
import type { JobQuery, JobStatus } from '@aistore-ts/sdk/jobs/jobs.ts'
import { titleOfKind } from '@aistore-ts/sdk/jobs/kind-names.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { Progress } from '../output/progress.ts'

/** Failures that are printed. */
const shownMax = 5

function named({ kind, id }: JobStatus): string {
  return `${titleOfKind(kind)}[${id}]`
}

/** @throws CommandError when it was aborted, or finished with errors */
function checkOutcome(status: JobStatus): void {
  const failures = status.error.split('; ').filter((text) => text !== '')
  const shown = failures.slice(0, shownMax).map((text) => `    ${text}`)
  const more = `Use 'ais show job ${status.id}' to view all errors.`
  if (status.isAborted) throw new CommandError(`${named(status)} aborted`, shown.join('\n'))
  if (failures.length === 0) return
  throw new CommandError(`${named(status)} finished with errors:`, [...shown, more].join('\n'))
}

/** Waits for its end. @throws CommandError when it fails, AisClientError when it takes longer than `timeoutMs` */
export async function waitForJob(
  { client, signal }: Context,
  query: JobQuery,
  timeoutMs?: number,
): Promise<JobStatus> {
  const status = await client.jobs.wait({ ...query, signal }, { timeoutMs })
  checkOutcome(status)
  return status
}

/** As `waitForJob`, with a bar that counts objects. */
export async function watchJob(context: Context, id: string, label: string): Promise<void> {
  const { client, signal, terminal, now } = context
  const bar = { label, kind: 'count' as const, total: 0, current: 0 }
  const progress = new Progress(terminal, [bar], now)
  let seen = 0
  for await (const parts of client.jobs.progress(id, { signal })) {
    const objects = parts.reduce((sum, part) => sum + part.objects, 0)
    bar.total = Math.max(bar.total, objects)
    progress.add(0, objects - seen)
    seen = objects
  }
  progress.finish()
  checkOutcome(await client.jobs.status({ id, signal }))
}

/** Waits for the end of a download; a bar shows how far it is. @throws CommandError when it is not over in time */
export async function waitForDownload(
  { client, signal, terminal, now }: Context,
  id: string,
  options: { readonly progress: boolean; readonly timeoutMs?: number | undefined },
): Promise<DownloadStatus> {
  const bar = { label: 'Files downloaded:', kind: 'count' as const, total: 0, current: 0 }
  const bars = new Progress(terminal, [bar], now)
  const startedAt = now()
  let last: DownloadStatus | undefined
  for await (const status of client.downloads.progress(id, { signal })) {
    const done = status.finished_cnt + status.error_cnt
    bar.total = Math.max(status.total, status.scheduled_cnt, done)
    if (options.progress) bars.add(0, done - bar.current)
    last = status
    const { timeoutMs } = options
    if (timeoutMs !== undefined && !isDownloadOver(status) && now() - startedAt >= timeoutMs) {
      throw new CommandError(`timed out waiting for download ${id}`)
    }
  }
  if (options.progress) bars.finish()
  if (last === undefined) throw new CommandError(`download ${id} has no status`)
  return last
}
