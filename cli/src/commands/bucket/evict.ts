import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { tellJob } from '../../job/tell-job.ts'
import { waitFlags } from '../../job/wait-flags.ts'
import { printLine } from '../../output/messages.ts'

/** Which objects are meant; `undefined`: all of the bucket. @throws UsageError they are named twice */
function selectionOf({ flags }: Context, named: string) {
  const list = flags.text('list')
  const template = flags.text('template')
  const prefix = flags.text('prefix')
  const given = [list, template, prefix].filter((one) => one !== undefined)
  if (given.length > 1 || (given.length === 1 && named !== '')) {
    throw new UsageError('--list, --template, --prefix and a name are mutually exclusive')
  }
  if (list !== undefined) return { objnames: list.split(',').map((name) => name.trim()) }
  if (template !== undefined) return { template }
  if (prefix !== undefined) return { prefix }
  if (named === '') return undefined
  return /[{}]/.test(named) || named.endsWith('/') ? { template: named } : { objnames: [named] }
}

const selectionFlags = [
  sharedFlags.dryRun,
  sharedFlags.list,
  sharedFlags.nonRecursive,
  sharedFlags.nonVerbose,
  sharedFlags.numWorkers,
  sharedFlags.prefix,
  sharedFlags.progress,
  sharedFlags.skipLookup,
  sharedFlags.template,
  sharedFlags.verbose,
  sharedFlags.yes,
  ...waitFlags,
] as const

async function evict(context: Context, bck: Bck, name: string): Promise<void> {
  const { client, flags, signal } = context
  if (bck.provider === 'ais' && bck.namespace.uuid === '') {
    throw new CommandError(
      'evicting objects from AIS buckets (ie., buckets with no remote backends) is not allowed.',
      "(Tip:  consider 'ais object rm' or 'ais rmb', see --help for details)",
    )
  }
  const selection = selectionOf(context, name)
  const of = `${bckCname(bck)}${name === '' ? '' : `/${name}`}`
  if (flags.has('dry-run')) return printLine(context, `[DRY RUN] evict ${of}`)
  const bucket = client.bucket(bck)
  if (selection !== undefined) {
    const options = { 'non-recurs': flags.has('non-recursive') }
    const id = await bucket.evictMany(selection, options, signal)
    return tellJob(context, id, `evict-objects[${id}] ${of}`, 'Evicted objects:')
  }
  const keepMetadata = flags.has('keep-md')
  await bucket.evict({ keepMetadata, signal })
  printLine(context, `Evicted bucket ${of}${keepMetadata ? ' (metadata preserved)' : ''}`)
}

export const bucketEvict: Command = {
  path: 'bucket evict',
  alsoAt: ['object evict', 'job start evict-objects'],
  summary: 'Drop what is in the cluster of remote buckets, or of some of their objects',
  usage: 'BUCKET[/OBJECT_NAME_or_TEMPLATE] [BUCKET...]',
  flags: [flag.switch('keep-md,k', 'but not the bucket itself'), ...selectionFlags],
  async run(context) {
    const { args, config } = context
    if (args.length === 0) throw missingArguments('BUCKET')
    for (const uri of args) {
      const { bck, name } = parseObject(uri, config.default_provider, true)
      await evict(context, bck, name)
    }
  },
}

export const objectPrefetch: Command = {
  path: 'object prefetch',
  alsoAt: ['bucket prefetch', 'job start prefetch'],
  summary: 'Start to bring objects of remote buckets into the cluster',
  usage: 'BUCKET[/OBJECT_NAME_or_TEMPLATE] [BUCKET...]',
  flags: [
    flag.size('blob-threshold', 'objects of this size and more come in chunks'),
    flag.switch('latest', 'ask the remote bucket for newer versions'),
    ...selectionFlags,
  ],
  async run(context) {
    const { args, client, config, flags, signal } = context
    if (args.length === 0) throw missingArguments('BUCKET')
    for (const uri of args) {
      const { bck, name } = parseObject(uri, config.default_provider, true)
      if (bck.provider === 'ais' && bck.namespace.uuid === '') {
        throw new CommandError(`expecting remote bucket (have ${bckCname(bck)})`)
      }
      const selection = selectionOf(context, name) ?? { prefix: '' }
      const of = `${bckCname(bck)}${name === '' ? '' : `/${name}`}`
      if (flags.has('dry-run')) {
        printLine(context, `[DRY RUN] prefetch ${of}`)
        continue
      }
      const options = {
        'latest-ver': flags.has('latest'),
        'non-recurs': flags.has('non-recursive'),
        'num-workers': flags.integer('num-workers') ?? 0,
        'blob-threshold': flags.size('blob-threshold') ?? 0,
      }
      const id = await client.bucket(bck).prefetch(selection, options, signal)
      await tellJob(context, id, `prefetch-objects[${id}]: ${of}`, 'Prefetched objects:')
    }
  },
}
