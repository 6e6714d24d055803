import type { JobQuery } from '@aistore-ts/sdk/jobs/jobs.ts'
import { titleOfKind } from '@aistore-ts/sdk/jobs/kind-names.ts'
import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { downloadSummary } from '../../job/download-report.ts'
import { isDownload, jobUsage, parseJobArguments } from '../../job/job-arguments.ts'
import { waitForDownload, waitForJob, watchJob } from '../../job/wait-job.ts'
import { printLine } from '../../output/messages.ts'

export const waitJob: Command = {
  path: 'job wait',
  summary: 'Wait until a job has done its work',
  usage: jobUsage,
  argsMax: 4,
  flags: [
    sharedFlags.progress,
    flag.duration('timeout', 'give up after this long'),
    flag.switch('verbose,v', 'show what failed'),
  ],
  async run(context) {
    const meant = parseJobArguments(context)
    const { flags } = context
    const { id, kind, bck } = meant
    if (id === undefined && kind === undefined) throw missingArguments(jobUsage)
    const timeoutMs = flags.durationMs('timeout')
    if (isDownload(meant)) {
      if (id === undefined) throw missingArguments('JOB_ID')
      const over = await waitForDownload(context, id, {
        progress: flags.has('progress'),
        timeoutMs,
      })
      context.terminal.out(downloadSummary(over, flags.has('verbose')))
      if (over.aborted) throw new CommandError(`download[${id}] aborted`)
      return
    }
    const known = kind ?? (await context.client.jobs.status({ id, signal: context.signal })).kind
    const on = bck === undefined ? '' : ` ${bckCname(bck)}`
    printLine(
      context,
      `Waiting for ${titleOfKind(known)}${id === undefined ? '' : `[${id}]`}${on} ...`,
    )
    if (id !== undefined && flags.has('progress')) await watchJob(context, id, 'Objects:')
    else if (id !== undefined) await waitForJob(context, { id }, timeoutMs)
    else await waitForKind(context, { kind, bck }, timeoutMs)
    printLine(context, 'Done.')
  },
}

/** All that run now; one that ended before is nobody's concern. */
async function waitForKind(context: Context, query: JobQuery, timeoutMs?: number): Promise<void> {
  const { client, signal } = context
  const known = await client.jobs.statuses({ ...query, onlyRunning: true, signal })
  for (const { id, endedAt } of known) {
    if (endedAt === undefined) await waitForJob(context, { id }, timeoutMs)
  }
}
