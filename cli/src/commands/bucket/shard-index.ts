import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import type { ShardSummary } from '@aistore-ts/sdk/shard-summary.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { formatSize } from '../../format/size.ts'
import { tellJob } from '../../job/tell-job.ts'
import { waitFlags } from '../../job/wait-flags.ts'
import { printLine } from '../../output/messages.ts'
import { table } from '../../output/table.ts'

/** The bucket and the prefix that are named. @throws UsageError */
function asked({ args, config, flags }: Context) {
  const [uri] = args
  if (uri === undefined) throw missingArguments('BUCKET')
  const { bck, name } = parseObject(uri, config.default_provider, true)
  return { bck, prefix: flags.text('prefix') ?? name }
}

export const shardIndexBuild: Command = {
  path: 'bucket shard-index build',
  alsoAt: ['job start shard-index', 'start shard-index'],
  summary: 'Start to find out where the files in TAR shards lie',
  usage: 'BUCKET[/PREFIX]',
  argsMax: 1,
  flags: [
    sharedFlags.nonRecursive,
    sharedFlags.nonVerbose,
    sharedFlags.numWorkers,
    sharedFlags.prefix,
    flag.switch('skip-verify', 'pass over shards that have an index, whatever it is worth'),
    ...waitFlags,
  ],
  async run(context) {
    const { client, flags, signal } = context
    const { bck, prefix } = asked(context)
    const workers = flags.integer('num-workers')
    const options = { prefix, workers, skipVerify: flags.has('skip-verify') }
    const id = await client.bucket(bck).indexShards(options, signal)
    const of = prefix === '' ? '' : ` (prefix: ${JSON.stringify(prefix)})`
    await tellJob(context, id, `shard-index[${id}]: ${bckCname(bck)}${of}`, 'Shards:')
  },
}

const columns = [
  'BUCKET',
  'TAR OBJECTS',
  'TAR SIZE',
  'SHARDS',
  'SHARD SIZE',
  'NOT INDEXED',
  'ARCHIVED OBJECTS',
  'STALE',
  'INVALID',
].map((title) => ({ title }))

function printSummary({ flags, terminal }: Context, name: string, summary: ShardSummary): void {
  const size = (bytes: number) => formatSize(bytes, flags.units())
  const row = [
    name,
    summary.tarObjects,
    size(summary.tarBytes),
    summary.indexedShards,
    size(summary.indexedBytes),
    Math.max(0, summary.tarObjects - summary.indexedShards),
    summary.archivedFiles,
    summary.staleIndexes,
    summary.invalidIndexes,
  ].map(String)
  terminal.out(table(columns, [row], { headings: !flags.has('no-headers') }))
}

/** As the cluster gives them. */
const jobId = /^[A-Za-z0-9_-]{9,}$/

export const shardIndexSummary: Command = {
  path: 'bucket shard-index summary',
  summary: 'Count TAR shards, and how far they have indexes',
  usage: 'BUCKET[/PREFIX] [JOB_ID]',
  argsMax: 2,
  flags: [
    flag.switch('dont-wait', 'start it, or, with JOB_ID, ask whether it is done'),
    sharedFlags.noHeaders,
    sharedFlags.prefix,
    sharedFlags.refresh,
    sharedFlags.units,
  ],
  async run(context) {
    const { args, client, flags, signal } = context
    const { bck, prefix } = asked(context)
    const name = `${bckCname(bck)}${prefix === '' ? '' : `/${prefix}`}`
    const query = client.bucket(bck).shardSummaryQuery(prefix)
    const [, id] = args
    if (id !== undefined && !jobId.test(id)) {
      throw new UsageError(`invalid job ID ${JSON.stringify(id)}`)
    }
    if (id !== undefined && !flags.has('dont-wait')) {
      throw new UsageError('JOB_ID requires --dont-wait')
    }
    if (!flags.has('dont-wait')) return printSummary(context, name, await query.run(signal))
    const uuid = id ?? (await query.start(signal))
    const found = id === undefined ? undefined : await query.find(uuid, signal)
    if (found !== undefined) return printSummary(context, name, found)
    const verb = id === undefined ? 'has started' : 'is running'
    const command = `ais bucket shard-index summary ${name} ${uuid} --dont-wait`
    printLine(context, `Job shard-summary[${uuid}] ${verb}. To monitor, run '${command}'`)
  },
}
