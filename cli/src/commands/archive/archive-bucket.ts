import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { waitFlags } from '../../job/wait-flags.ts'
import { waitForJob } from '../../job/wait-job.ts'
import { printLine } from '../../output/messages.ts'

const usage = 'SRC_BUCKET[/OBJECT_NAME_or_TEMPLATE] DST_BUCKET/SHARD_NAME'

/** What goes into the shard, and how it is told. @throws UsageError nothing is chosen, or twice */
function selectionOf({ flags }: Context, named: string) {
  const list = flags.text('list')
  const template = flags.text('template') ?? (named === '' ? undefined : named)
  const prefix = flags.text('prefix')
  const given = [list, template, prefix].filter((one) => one !== undefined)
  if (given.length > 1) {
    throw new UsageError('--list, --template and --prefix are mutually exclusive')
  }
  if (list !== undefined) {
    const objnames = list.split(',').map((name) => name.trim())
    return { selection: { objnames }, shown: `[${objnames.join(', ')}]` }
  }
  if (template !== undefined) return { selection: { template }, shown: template }
  return { selection: { prefix: prefix ?? '' }, shown: prefix ?? '' }
}

export const archiveBucket: Command = {
  path: 'archive bucket',
  alsoAt: ['bucket archive', 'object archive'],
  summary: 'Start to put objects into one shard',
  usage,
  argsMax: 2,
  flags: [
    flag.switch('append-or-put', 'add to the shard, where there is one'),
    flag.switch('include-src-bck', 'names in the shard begin with that of the bucket'),
    sharedFlags.contOnErr,
    sharedFlags.dryRun,
    sharedFlags.list,
    sharedFlags.nonRecursive,
    sharedFlags.prefix,
    sharedFlags.skipLookup,
    sharedFlags.template,
    ...waitFlags,
  ],
  async run(context) {
    const { args, client, config, flags, signal } = context
    const [from, to] = args
    if (from === undefined || to === undefined) throw missingArguments(usage)
    const source = parseObject(from, config.default_provider, true)
    const shard = parseObject(to, config.default_provider, false)
    const { selection, shown } = selectionOf(context, source.name)
    const of = shown === '' ? bckCname(source.bck) : `${bckCname(source.bck)}/${shown}`
    const text = `${of} => ${bckCname(shard.bck)}/${shard.name}`
    if (flags.has('dry-run')) return printLine(context, `[DRY RUN] archive ${text}`)
    const bucket = client.bucket(source.bck)
    if (!flags.has('skip-lookup')) await bucket.head({ signal })
    const options = {
      includeBucket: flags.has('include-src-bck'),
      append: flags.has('append-or-put'),
      continueOnError: flags.has('cont-on-err'),
      nonRecursive: flags.has('non-recursive'),
    }
    const id = await bucket.archive(shard, selection, options, signal)
    if (flags.has('wait')) await waitForJob(context, { id }, flags.durationMs('timeout'))
    printLine(context, `Archived ${text}`)
  },
}
