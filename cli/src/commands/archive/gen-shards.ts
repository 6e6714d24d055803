import { randomBytes } from 'node:crypto'
import { type NewMember, shardFormat, writeShard } from '@aistore-ts/sdk/node/write-shard.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { expandTemplate, parseTemplate } from '../../arguments/template.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { Progress } from '../../output/progress.ts'
import { runWorkers } from '../../transfer/run-workers.ts'

const usage = '"BUCKET/TEMPLATE.EXT"'

/** Dialects of tar that upstream writes; ours is read by all that read these. */
const tarFormats = new Set(['Unknown', 'USTAR', 'PAX', 'GNU'])

/** What goes into every shard. */
interface Filling {
  readonly fileBytes: number
  readonly fileCount: number
  readonly extensions: readonly string[]
  /** Names of the files, without extension; drawn by chance when absent. */
  readonly names: readonly string[] | undefined
}

function fillingOf({ flags }: Context): Filling {
  const fileBytes = flags.size('fsize') ?? 1_024
  const fileCount = flags.integer('fcount') ?? 5
  if (fileBytes < 0) throw new UsageError('--fsize: cannot be negative')
  if (fileCount < 1) throw new UsageError('--fcount: must be positive')
  const tarFormat = flags.text('tform') ?? 'Unknown'
  if (!tarFormats.has(tarFormat)) {
    const known = [...tarFormats].join(', ')
    throw new UsageError(`--tform: invalid ${JSON.stringify(tarFormat)}, expecting one of ${known}`)
  }
  const extensions = (flags.text('fext') ?? '.test').split(',').map((one) => one.trim())
  const template = flags.text('output-template')
  const names = template === undefined ? undefined : [...expandTemplate(parseTemplate(template))]
  if (names !== undefined && names.length < fileCount) {
    throw new CommandError(
      `invalid '--output-template' option: requested ${fileCount} files per shard, but the template only provides for ${names.length} names`,
    )
  }
  return {
    fileBytes,
    fileCount,
    extensions: extensions.map((one) => (one.startsWith('.') ? one : `.${one}`)),
    names,
  }
}

async function* filesOf(filling: Filling, shard: number): AsyncGenerator<NewMember> {
  const { fileBytes, fileCount, extensions, names } = filling
  const width = String(fileCount).length
  for (let file = 0; file < fileCount; file++) {
    const number = String(shard * fileCount + file).padStart(width, '0')
    const name = names?.[file] ?? `${randomBytes(10).toString('hex')}-${number}`
    for (const extension of extensions) {
      const content = randomBytes(fileBytes)
      yield { name: name + extension, sizeBytes: fileBytes, mtimeSeconds: 0, content }
    }
  }
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(Uint8Array.from(chunk))
  return Buffer.concat(all)
}

export const genShards: Command = {
  path: 'archive gen-shards',
  summary: 'Make shards of files with random content',
  usage,
  argsMax: 1,
  flags: [
    flag.switch('cleanup', 'remove the bucket first, where there is one'),
    flag.integer('fcount', 'files in every shard (5)'),
    flag.text('fext', 'extensions of the files, separated by commas (.test)'),
    flag.size('fsize', 'size of every file (1024)'),
    flag.integer('num-workers', 'shards at a time (10)'),
    flag.text('output-template', 'names of the files in every shard'),
    flag.text('tform', 'accepted: Unknown, USTAR, PAX, GNU'),
  ],
  async run(context) {
    const { args, client, config, flags, signal, terminal } = context
    const [uri] = args
    if (uri === undefined) throw missingArguments(usage)
    const { bck, name } = parseObject(uri, config.default_provider, false)
    const format = shardFormat(name)
    if (format === undefined) {
      throw new CommandError(`unknown filename extension (${JSON.stringify(name)})`)
    }
    const filling = fillingOf(context)
    const extension = name.slice(name.lastIndexOf('}') + 1)
    const template = parseTemplate(name)
    if (template.ranges.length === 0 || !extension.startsWith('.')) {
      throw new UsageError(`invalid template ${JSON.stringify(name)}: expecting {start..end}.EXT`)
    }
    const shards = [...expandTemplate(template)].map((shard, at) => ({ shard, at }))
    const bucket = client.bucket(bck)
    const isThere = await bucket.exists(signal)
    if (isThere && flags.has('cleanup')) await bucket.delete(signal)
    if (!isThere || flags.has('cleanup')) await bucket.create()
    const bar = {
      label: 'Shards created:',
      kind: 'count' as const,
      total: shards.length,
      current: 0,
    }
    const progress = new Progress(terminal, [bar], context.now)
    await runWorkers(shards, flags.integer('num-workers') ?? 10, async ({ shard, at }) => {
      const bytes = await bytesOf(writeShard(format, filesOf(filling, at)))
      await bucket.object(shard).put(bytes, { skipVersionCheck: true, signal })
      progress.add(0, 1)
    })
    progress.finish()
  },
}
