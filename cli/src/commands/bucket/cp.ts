import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseBucket, parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { printLine, warn } from '../../output/messages.ts'
import { copyObject } from '../object/cp.ts'

const usage = 'SRC_BUCKET[/OBJECT_NAME] DST_BUCKET[/OBJECT_NAME]'

export const bucketCp: Command = {
  path: 'bucket cp',
  summary: 'Copy an object, or start to copy a bucket or the objects with a prefix',
  usage,
  argsMax: 2,
  flags: [
    flag.switch('latest', 'ask the remote bucket for newer versions'),
    flag.text('prepend', 'put in front of every name at the destination'),
    flag.switch('sync', 'also remove what the remote bucket has no more'),
    sharedFlags.contOnErr,
    sharedFlags.dryRun,
    sharedFlags.force,
    sharedFlags.nonVerbose,
    sharedFlags.prefix,
    sharedFlags.skipLookup,
  ],
  async run(context) {
    const [from, to] = context.args
    if (from === undefined || to === undefined) throw missingArguments(usage)
    const { config } = context
    const { bck, name } = parseObject(from, config.default_provider, true)
    if (name !== '') return copyObject(context, from, to)
    await copyBucket(context, bck, parseBucket(to, config.default_provider))
  },
}

export const bucketMv: Command = {
  path: 'bucket mv',
  summary: 'Start to give an ais:// bucket another name',
  usage: 'BUCKET NEW_BUCKET',
  argsMax: 2,
  flags: [sharedFlags.nonVerbose, sharedFlags.skipLookup],
  async run(context) {
    const { args, client, config, flags, signal } = context
    const [from, to] = args
    if (from === undefined || to === undefined) throw missingArguments('BUCKET NEW_BUCKET')
    const source = parseBucket(from, config.default_provider)
    const destination = parseBucket(to, config.default_provider)
    const bucket = client.bucket(source)
    if (!flags.has('skip-lookup')) await bucket.head({ signal })
    const id = await bucket.rename(destination, signal)
    printJob(context, id, `rename-bucket[${id}] ${bckCname(source)} => ${bckCname(destination)}`)
  },
}

async function copyBucket(context: Context, source: Bck, destination: Bck): Promise<void> {
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
  const options = {
    prefix: flags.text('prefix') ?? '',
    prepend: flags.text('prepend') ?? '',
    dry_run: flags.has('dry-run'),
    force: flags.has('force'),
    coer: flags.has('cont-on-err'),
    'latest-ver': flags.has('latest'),
    synchronize: flags.has('sync'),
  }
  const id = await client.bucket(source).copyTo(destination, options, signal)
  const what = options.prefix === '' ? 'Copying' : 'Copying objects'
  printJob(context, id, `${what} ${names}`)
}

function printJob(context: Context, id: string, text: string): void {
  const line = `${text}. To monitor the progress, run 'ais show job ${id}'`
  printLine(context, context.flags.has('non-verbose') ? id : line)
}
