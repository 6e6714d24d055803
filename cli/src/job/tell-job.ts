import type { Context } from '../command.ts'
import { printLine } from '../output/messages.ts'
import { waitForJob, watchJob } from './wait-job.ts'

/** Says what was started, or waits until it is done where that is asked for. @param what is counted meanwhile */
export async function tellJob(
  context: Context,
  id: string,
  text: string,
  what = 'Copied objects:',
): Promise<void> {
  const { flags, terminal } = context
  if (!flags.has('wait') && !flags.has('progress')) return printJob(context, id, text)
  // A bar, and the name of a job, have their line for themselves.
  terminal.out(`${text} ...${text.includes(`[${id}]`) ? '\n' : ''}`)
  if (flags.has('progress')) await watchJob(context, id, what)
  else await waitForJob(context, { id }, flags.durationMs('timeout'))
  printLine(context, 'Done.')
}

function printJob(context: Context, id: string, text: string): void {
  const line = `${text}. To monitor the progress, run 'ais show job ${id}'`
  printLine(context, context.flags.has('non-verbose') ? id : line)
}
