import { sameBck } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

export const objectMv: Command = {
  path: 'object mv',
  summary: 'Give an object of an ais:// bucket another name',
  usage: 'BUCKET/OBJECT_NAME NEW_OBJECT_NAME',
  argsMax: 2,
  flags: [sharedFlags.encodeObjname],
  async run(context) {
    const { args, client, config } = context
    const [from, to] = args
    if (from === undefined || to === undefined) throw missingArguments(objectMv.usage)
    const { bck, name } = parseObject(from, config.default_provider)
    if (bck.provider !== 'ais') throw new UsageError(`provider "${bck.provider}" not supported`)
    let newName = to
    if (to.includes('://')) {
      const destination = parseObject(to, config.default_provider)
      if (!sameBck(destination.bck, bck)) {
        throw new UsageError('moving an object to another bucket is not supported')
      }
      newName = destination.name
    }
    if (newName === name) throw new UsageError('source and destination are the same object')
    await client.bucket(bck).object(name).rename(newName, context.signal)
    printLine(context, `"${name}" moved to "${newName}"`)
  },
}
