import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { downloadReport, downloadTable } from '../../job/download-report.ts'
import {
  isDownload,
  type JobArguments,
  jobUsage,
  parseJobArguments,
} from '../../job/job-arguments.ts'
import { captionOf, jobsOf, jobTable } from '../../job/job-table.ts'
import { waitForDownload, watchJob } from '../../job/wait-job.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'

/** Columns that `--filter` may name, as they are headed. */
const filterColumns: Readonly<Record<string, string>> = {
  NODE: 'NODE',
  ID: 'ID',
  KIND: 'KIND',
  BUCKET: 'BUCKET',
  STATE: 'STATE',
}

export const showJob: Command = {
  path: 'job show',
  alsoAt: ['show job'],
  summary: 'Show running jobs, or with --all finished ones as well',
  usage: jobUsage,
  argsMax: 4,
  flags: [
    sharedFlags.all,
    sharedFlags.count,
    flag.switch('date-time', 'show the date as well'),
    flag.text(
      'filter',
      'rows whose column matches: "STATE=Aborted"; NODE, ID, KIND, BUCKET, STATE',
    ),
    sharedFlags.json,
    sharedFlags.noHeaders,
    sharedFlags.progress,
    sharedFlags.refresh,
    flag.text('regex', 'downloads whose description matches'),
    flag.integer('top', 'only the newest N jobs'),
    sharedFlags.units,
    sharedFlags.verbose,
  ],
  async run(context) {
    const meant = parseJobArguments(context)
    const { flags } = context
    if (meant.id !== undefined && flags.has('progress') && !isDownload(meant)) {
      return watchJob(context, meant.id, 'Objects:')
    }
    const downloads = await showDownloads(context, meant)
    const jobs = isDownload(meant) ? 0 : await showJobs(context, meant)
    if (downloads + jobs > 0) return
    const what = meant.name === undefined ? '' : ` '${meant.name}'`
    // As upstream: where all were asked for, nothing is the whole answer.
    if (flags.has('all')) return
    printLine(
      context,
      `No running${what} jobs. Use '--all' to show all, '--all' <TAB-TAB> to select, '--help' for details.`,
    )
  },
}

/** @throws UsageError for what is no filter */
function filterOf(text: string | undefined) {
  if (text === undefined) return undefined
  const [, name = '', pattern = ''] = /^\s*([a-z]+)\s*=\s*(.+)$/i.exec(text) ?? []
  const column = filterColumns[name.toUpperCase()]
  if (column === undefined) {
    throw new UsageError(
      `--filter "${text}": expecting COLUMN=REGEX, one of ${Object.keys(filterColumns).join(' ')}`,
    )
  }
  try {
    return { column, pattern: new RegExp(pattern, 'i') }
  } catch {
    throw new UsageError(`--filter "${text}": not a regular expression`)
  }
}

async function showJobs(context: Context, meant: JobArguments): Promise<number> {
  const { client, flags, signal, terminal } = context
  const { id, kind, bck, nodeId } = meant
  const onlyRunning = id === undefined && !flags.has('all')
  const filter = filterOf(flags.text('filter'))
  const options = {
    units: flags.units(),
    headings: !flags.has('no-headers'),
    withDates: flags.has('date-time'),
  }
  const parts = await client.jobs.snapshots({ id, kind, bck, nodeId, onlyRunning, signal })
  // Idle ones have not ended. Downloads have a table of their own.
  const jobs = jobsOf(parts.filter((part) => part.kind !== 'download'))
  const shown = jobs.slice(-(flags.integer('top') ?? jobs.length))
  for (const job of jobs.length === 0 ? [] : shown) {
    terminal.out(`${terminal.colors.cyan(captionOf(job))}\n`)
    if (flags.has('json')) {
      const snaps = job.parts.map(({ nodeId: node, fields }) => ({
        DaemonID: node,
        XactSnaps: [fields],
      }))
      terminal.out(prettyJson(snaps))
    } else {
      terminal.out(jobTable(job, options, filter))
    }
  }
  return shown.length
}

async function showDownloads(context: Context, meant: JobArguments): Promise<number> {
  const { client, flags, signal, terminal } = context
  if (meant.id !== undefined) {
    if (!isDownload(meant)) return 0
    const status = flags.has('progress')
      ? await waitForDownload(context, meant.id, { progress: true })
      : await client.downloads.status(meant.id, signal)
    terminal.out(
      flags.has('json') ? prettyJson(status) : downloadReport(status, flags.has('verbose')),
    )
    return 1
  }
  if (meant.kind !== undefined && meant.kind !== 'download') return 0
  if (meant.bck !== undefined || meant.nodeId !== undefined) return 0
  const query = { regex: flags.text('regex') ?? '', onlyActive: !flags.has('all') }
  const jobs = await client.downloads.list(query, signal)
  const shown = jobs.slice(-(flags.integer('top') ?? (jobs.length || 1)))
  if (shown.length === 0) return 0
  if (flags.has('json')) terminal.out(prettyJson(shown))
  else {
    if (meant.kind === undefined || !flags.has('no-headers')) {
      terminal.out(`${terminal.colors.cyan('download jobs')}\n`)
    }
    terminal.out(downloadTable(shown, !flags.has('no-headers')))
  }
  return shown.length
}
