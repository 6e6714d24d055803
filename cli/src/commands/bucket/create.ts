import { AisClientError, isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseBucket } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { parseKeyValues } from '../../arguments/key-values.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import { bucketPropsOf } from '../../bucket-props/settable-props.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

export const bucketCreate: Command = {
  path: 'bucket create',
  summary: 'Create ais:// buckets, or add remote ones',
  usage: 'BUCKET [BUCKET...]',
  flags: [
    sharedFlags.force,
    flag.switch('ignore-error', 'a bucket that exists is no error'),
    flag.text('props', 'settings, e.g. "mirror.enabled=true checksum.type=md5"'),
    sharedFlags.skipLookup,
  ],
  async run(context) {
    const { args, flags, client, config } = context
    if (args.length === 0) throw missingArguments('bucket')
    const buckets = args.map((arg) => parseBucket(arg, config.default_provider))
    const text = flags.text('props')
    const pairs = text === undefined ? [] : parseKeyValues(splitProps(text))
    const props = text === undefined ? undefined : bucketPropsOf(pairs)
    for (const bck of buckets) {
      try {
        await client.bucket(bck).create({
          props: props === undefined ? undefined : { ...props, force: flags.has('force') },
          dontHeadRemote: flags.has('skip-lookup'),
          signal: context.signal,
        })
      } catch (error) {
        if (isStatus(error, 409)) {
          const exists = `Bucket "${bckCname(bck)}" already exists`
          if (!flags.has('ignore-error')) throw new CommandError(exists)
          printLine(context, exists)
          continue
        }
        if (!(error instanceof AisClientError)) throw error
        throw new CommandError(`failed to create "${bckCname(bck)}": ${error.message}`)
      }
      printLine(context, `"${bckCname(bck)}" created`)
    }
  },
}

function splitProps(text: string): string[] {
  return text.trimStart().startsWith('{') ? [text] : text.split(/[\s]+/).filter((p) => p !== '')
}
