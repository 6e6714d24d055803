import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

const usage = 'SRC_BUCKET/OBJECT_NAME DST_BUCKET[/OBJECT_NAME]'

export const objectCp: Command = {
  path: 'object cp',
  summary: 'Copy an object inside the cluster',
  usage,
  argsMax: 2,
  flags: [
    flag.switch('latest', 'ask the remote bucket for a newer version'),
    flag.switch('sync', 'also when the remote object is gone'),
    sharedFlags.encodeObjname,
    sharedFlags.skipLookup,
  ],
  async run(context) {
    const [from, to] = context.args
    if (from === undefined || to === undefined) throw missingArguments(usage)
    await copyObject(context, from, to)
  },
}

/** Copies one object; without a name at the destination it keeps its own. */
export async function copyObject(context: Context, from: string, to: string): Promise<void> {
  const { client, config, flags, signal } = context
  const source = parseObject(from, config.default_provider)
  const destination = parseObject(to, config.default_provider, true)
  const name = destination.name === '' ? source.name : destination.name
  await client
    .bucket(source.bck)
    .object(source.name)
    .copyTo(
      { bck: destination.bck, name },
      { latest: flags.has('latest'), sync: flags.has('sync'), signal },
    )
  printLine(
    context,
    `COPY ${bckCname(source.bck)}/${source.name} => ${bckCname(destination.bck)}/${name}`,
  )
}
