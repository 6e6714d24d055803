import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { isDownloadOver } from '@aistore-ts/sdk/jobs/downloads.ts'
import type { JobStatus } from '@aistore-ts/sdk/jobs/jobs.ts'
import { titleOfKind } from '@aistore-ts/sdk/jobs/kind-names.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import {
  isDownload,
  type JobArguments,
  jobUsage,
  parseJobArguments,
} from '../../job/job-arguments.ts'
import { confirm, printLine, warn } from '../../output/messages.ts'

export const stopJob: Command = {
  path: 'job stop',
  summary: 'Stop a job, all jobs of a kind, or with --all every job',
  usage: jobUsage,
  argsMax: 4,
  flags: [
    sharedFlags.all,
    sharedFlags.force,
    flag.text('regex', 'downloads whose description matches'),
    sharedFlags.yes,
  ],
  async run(context) {
    const { flags } = context
    const meant = parseJobArguments(context)
    const isEverything = Object.keys(meant).length === 0
    if (isEverything && !flags.has('all')) throw missingArguments(jobUsage)
    if (isEverything && !flags.has('yes') && !(await confirm(context, 'Stop all running jobs?')))
      return
    if (isDownload(meant)) return stopDownloads(context, meant.id)
    if (meant.id !== undefined) return stopOne(context, meant, meant.id)
    await stopMany(context, meant)
  },
}

const named = ({ kind, id }: JobStatus) => `${titleOfKind(kind)}[${id}]`

async function stopOne(context: Context, meant: JobArguments, id: string): Promise<void> {
  const { client, signal } = context
  let status: JobStatus
  try {
    status = await client.jobs.status({ id, signal })
  } catch (error) {
    if (!isStatus(error, 404)) throw error
    return warn(context, `${meant.name ?? 'job'}[${id}] not found, nothing to do`)
  }
  if (status.isAborted) return printLine(context, `${named(status)} is aborted, nothing to do`)
  if (status.endedAt !== undefined) {
    return printLine(context, `${named(status)} already finished, nothing to do`)
  }
  await client.jobs.stop({ id, kind: status.kind, signal })
  printLine(context, `Stopped ${named(status)}`)
}

async function stopMany(context: Context, { name, kind, bck }: JobArguments): Promise<void> {
  const { client, signal } = context
  const all = await client.jobs.statuses({ kind, bck, onlyRunning: true, signal })
  const running = all.filter(({ endedAt }) => endedAt === undefined)
  if (running.length === 0) {
    const what = name === undefined ? '' : ` ${name}`
    return printLine(context, `No running${what} jobs, nothing to do`)
  }
  for (const status of running.toSorted((a, b) => (named(a) < named(b) ? -1 : 1))) {
    await client.jobs.stop({ id: status.id, kind: status.kind, signal })
    printLine(context, `Stopped ${named(status)}`)
  }
}

async function stopDownloads(context: Context, id: string | undefined): Promise<void> {
  const { client, flags, signal } = context
  if (id !== undefined) {
    const status = await client.downloads.status(id, signal)
    if (isDownloadOver(status)) {
      const how = status.aborted ? 'is aborted' : 'already finished'
      return printLine(context, `download[${id}] ${how}, nothing to do`)
    }
    await client.downloads.abort(id, signal)
    return printLine(context, `Stopped download job ${id}`)
  }
  const query = { regex: flags.text('regex') ?? '', onlyActive: true }
  const running = await client.downloads.list(query, signal)
  if (running.length === 0) return printLine(context, 'No running download jobs, nothing to do')
  for (const job of running) {
    await client.downloads.abort(job.id, signal)
    printLine(context, `Stopped download job ${job.id}`)
  }
}

export const removeDownloads: Command = {
  path: 'job rm download',
  summary: 'Forget a download that is over, or with --all every such download',
  usage: '[JOB_ID]',
  argsMax: 1,
  flags: [sharedFlags.all, flag.text('regex', 'downloads whose description matches')],
  async run(context) {
    const { args, client, flags, signal } = context
    const [id] = args
    const regex = flags.text('regex')
    if (id !== undefined) {
      await client.downloads.remove(id, signal)
      return printLine(context, `Removed finished download job "${id}"`)
    }
    if (!flags.has('all') && regex === undefined) throw missingArguments('JOB_ID')
    const over = (await client.downloads.list({ regex: regex ?? '' }, signal)).filter(
      isDownloadOver,
    )
    if (over.length === 0) return printLine(context, 'No finished download jobs, nothing to do')
    for (const job of over) {
      await client.downloads.remove(job.id, signal)
      printLine(context, `Removed download job "${job.id}"`)
    }
  },
}
