import { isFields } from '@aistore-ts/sdk/decode.ts'
import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { formatSize, parseSize } from '../../format/size.ts'
import { tellJob } from '../../job/tell-job.ts'
import { waitFlags } from '../../job/wait-flags.ts'
import { confirm, printLine } from '../../output/messages.ts'

interface Sizes {
  readonly objsizeLimitBytes: number
  readonly chunkBytes: number
}

/** The sizes of the bucket's own properties. @throws AisClientError no such bucket */
async function sizesOfBucket({ client, signal }: Context, uri: string): Promise<Sizes> {
  const props = await client.bucket(uri).head({ signal })
  const chunks = isFields(props.chunks) ? props.chunks : {}
  const sizeOf = (value: unknown) => parseSize(String(value ?? '0B')) ?? 0
  return {
    objsizeLimitBytes: sizeOf(chunks.objsize_limit),
    chunkBytes: sizeOf(chunks.chunk_size),
  }
}

/** What flags say, and the bucket for the rest; then it is asked whether that is meant. */
async function chosenSizes(context: Context, uri: string): Promise<Sizes | undefined> {
  const { flags } = context
  const chunk = flags.size('chunk-size')
  const limit = flags.size('objsize-limit')
  if (chunk !== undefined && chunk <= 0) throw new UsageError('--chunk-size: must be positive')
  if (chunk !== undefined && limit !== undefined) {
    return { chunkBytes: chunk, objsizeLimitBytes: limit }
  }
  const own = await sizesOfBucket(context, uri)
  const sizes = {
    chunkBytes: chunk ?? own.chunkBytes,
    objsizeLimitBytes: limit ?? own.objsizeLimitBytes,
  }
  if (flags.has('yes')) return sizes
  const off = sizes.objsizeLimitBytes === 0 ? ' (chunking disabled)' : ''
  printLine(context, 'Rechunk with:')
  printLine(context, `  chunk_size:\t${formatSize(sizes.chunkBytes)}`)
  printLine(context, `  objsize_limit:\t${formatSize(sizes.objsizeLimitBytes)}${off}`)
  return (await confirm(context, 'Proceed with these values?')) ? sizes : undefined
}

export const bucketRechunk: Command = {
  path: 'bucket rechunk',
  alsoAt: ['job start rechunk', 'start rechunk'],
  summary: 'Start to lay objects out in chunks, or in one piece again',
  usage: 'BUCKET[/PREFIX]',
  argsMax: 1,
  flags: [
    flag.size('chunk-size', 'of every chunk but the last'),
    flag.size('objsize-limit', 'objects of this size and more lie in chunks; 0: none does'),
    sharedFlags.nonVerbose,
    sharedFlags.prefix,
    flag.switch('sync-remote', 'also write the remote bucket anew'),
    sharedFlags.yes,
    ...waitFlags,
  ],
  async run(context) {
    const { args, client, config, flags, signal } = context
    const [uri] = args
    if (uri === undefined) throw missingArguments('BUCKET')
    const { bck, name } = parseObject(uri, config.default_provider, true)
    if (flags.has('sync-remote') && bck.provider === 'ais') {
      throw new CommandError(
        `--sync-remote flag only applies to buckets with remote backend (have ${bckCname(bck)})`,
      )
    }
    const sizes = await chosenSizes(context, bckCname(bck))
    if (sizes === undefined) return
    const prefix = flags.text('prefix') ?? name
    const id = await client.bucket(bck).rechunk({ ...sizes, prefix }, signal)
    const of = prefix === '' ? '' : ` (prefix: ${JSON.stringify(prefix)})`
    await tellJob(context, id, `rechunk[${id}]: ${bckCname(bck)}${of}`, 'Objects:')
  },
}
