import type { Selection } from '@aistore-ts/sdk/bucket.ts'
import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { type Bck, bckCname, sameBck } from '@aistore-ts/sdk/names/bck.ts'
import { parseBucket, parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { tellJob } from '../../job/tell-job.ts'
import { waitFlags } from '../../job/wait-flags.ts'
import { printLine, warn } from '../../output/messages.ts'
import { copyObject } from '../object/cp.ts'

const usage = 'SRC_BUCKET[/OBJECT_NAME] DST_BUCKET[/OBJECT_NAME]'

export const bucketCp: Command = {
  path: 'bucket cp',
  summary: 'Copy an object, or start to copy a bucket or the objects with a prefix',
  usage,
  alsoAt: ['job start copy-bucket'],
  argsMax: 2,
  flags: [
    flag.switch('all', 'of a remote bucket: also what is not in the cluster'),
    flag.switch('latest', 'ask the remote bucket for newer versions'),
    flag.text('prepend', 'put in front of every name at the destination'),
    flag.switch('sync', 'also remove what the remote bucket has no more'),
    sharedFlags.contOnErr,
    ...waitFlags,
    sharedFlags.dryRun,
    sharedFlags.force,
    sharedFlags.list,
    sharedFlags.nonRecursive,
    sharedFlags.nonVerbose,
    sharedFlags.numWorkers,
    sharedFlags.prefix,
    sharedFlags.progress,
    sharedFlags.skipLookup,
    sharedFlags.template,
  ],
  async run(context) {
    const [from, to] = context.args
    if (from === undefined || to === undefined) throw missingArguments(usage)
    const { config } = context
    const { bck, name } = parseObject(from, config.default_provider, true)
    const isMany = /\{[^{}]*\.\.[^{}]*\}/.test(name)
    if (name !== '' && !isMany) return copyObject(context, from, to)
    await copyBucket(context, bck, parseBucket(to, config.default_provider), name)
  },
}

export const bucketMv: Command = {
  path: 'bucket mv',
  summary: 'Start to give an ais:// bucket another name',
  usage: 'BUCKET NEW_BUCKET',
  alsoAt: ['job start rename-bucket'],
  argsMax: 2,
  flags: [...waitFlags, sharedFlags.nonVerbose, sharedFlags.skipLookup],
  async run(context) {
    const { args, client, config, flags, signal } = context
    const [from, to] = args
    if (from === undefined || to === undefined) throw missingArguments('BUCKET NEW_BUCKET')
    const source = parseBucket(from, config.default_provider)
    const destination = parseBucket(to, config.default_provider)
    if (sameBck(source, destination)) {
      throw new CommandError(`cannot mv bucket ${JSON.stringify(bckCname(source))} onto itself`)
    }
    const bucket = client.bucket(source)
    if (!flags.has('skip-lookup')) await bucket.head({ signal })
    const id = await bucket.rename(destination, signal)
    await tellJob(
      context,
      id,
      `rename-bucket[${id}] ${bckCname(source)} => ${bckCname(destination)}`,
    )
  },
}

async function copyBucket(
  context: Context,
  source: Bck,
  destination: Bck,
  template: string,
): Promise<void> {
  const { client, flags, signal } = context
  const names = `${bckCname(source)} => ${bckCname(destination)}`
  if (flags.has('dry-run')) printLine(context, '[DRY RUN] with no modifications to the cluster')
  try {
    await client.bucket(destination).head({ signal })
  } catch (error) {
    if (!isStatus(error, 404)) throw error
    warn(
      context,
      `destination ${bckCname(destination)} doesn't exist and will be created with configuration copied from the source (${bckCname(source)})`,
    )
  }
  const selection = selectionOf(context, template)
  const options = {
    prefix: flags.text('prefix') ?? '',
    prepend: flags.text('prepend') ?? '',
    dry_run: flags.has('dry-run'),
    force: flags.has('force'),
    coer: flags.has('cont-on-err'),
    'latest-ver': flags.has('latest'),
    synchronize: flags.has('sync'),
    'non-recurs': flags.has('non-recursive'),
    'num-workers': flags.integer('num-workers') ?? 0,
  }
  const bucket = client.bucket(source)
  const isWhole = selection === undefined && options.prefix === ''
  if (flags.has('dry-run') && isWhole) printLine(context, 'Copying the entire bucket')
  const id =
    selection === undefined
      ? await bucket.copyTo(destination, options, signal)
      : await bucket.copyMany(destination, selection, options, signal)
  await tellJob(context, id, `${isWhole ? 'Copying' : 'Copying objects'} ${names}`)
}

/** The names that flags or the source itself list. @throws UsageError when they do so twice */
function selectionOf({ flags }: Context, named: string): Selection | undefined {
  const list = flags.text('list')
  const template = flags.text('template') ?? (named === '' ? undefined : named)
  if (list !== undefined && template !== undefined) {
    throw new UsageError('flags --list and --template are mutually exclusive')
  }
  if (list !== undefined) return { objnames: list.split(',').map((name) => name.trim()) }
  return template === undefined ? undefined : { template }
}
