import { kindNames } from '@aistore-ts/sdk/jobs/kind-names.ts'
import { parseBucket } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import { plainNodeId } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { waitFlags } from '../../job/wait-flags.ts'
import { waitForJob } from '../../job/wait-job.ts'
import { printLine } from '../../output/messages.ts'

const usage = 'NAME [BUCKET]'

export const startJob: Command = {
  path: 'job start',
  summary: 'Start a job that needs no more than its name, or a bucket: cleanup, lru, rechunk, ...',
  usage,
  names: kindNames,
  argsMax: 2,
  flags: [
    ...waitFlags,
    flag.text('buckets', 'only these, separated by commas'),
    sharedFlags.force,
    sharedFlags.nonVerbose,
  ],
  async run(context) {
    const { args, client, config, flags, signal } = context
    const [name, bucket] = args
    if (name === undefined) throw missingArguments(usage)
    if (!kindNames.includes(name)) throw new UsageError(`no such job: "${name}"`)
    const parse = (text: string) => parseBucket(text.trim(), config.default_provider)
    const id = await client.jobs.start(name, {
      bck: bucket === undefined ? undefined : parse(bucket),
      buckets: flags.text('buckets')?.split(',').map(parse),
      force: flags.has('force'),
      signal,
    })
    if (!flags.has('wait')) {
      const line = `Started ${name}[${id}]. To monitor the progress, run 'ais show job ${id}'`
      return printLine(context, flags.has('non-verbose') ? id : line)
    }
    printLine(context, `Started ${name}[${id}] ...`)
    await waitForJob(context, { id }, flags.durationMs('timeout'))
    printLine(context, 'Done.')
  },
}

export const startResilver: Command = {
  path: 'job start resilver',
  summary: 'Put the objects of a target on the disks that own them',
  usage: 'TARGET_ID',
  argsMax: 1,
  flags: [...waitFlags, sharedFlags.nonVerbose],
  async run(context) {
    const { args, client, signal } = context
    const [target] = args
    if (target === undefined) throw missingArguments('TARGET_ID')
    const nodeId = plainNodeId(target)
    const id = await client.jobs.start('resilver', { nodeId, signal })
    const line = `Started resilver[${id}] on t[${nodeId}]. To monitor the progress, run 'ais show job ${id}'`
    printLine(context, context.flags.has('non-verbose') ? id : line)
  },
}
