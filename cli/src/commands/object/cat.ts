import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { getOne } from '../../transfer/get-one.ts'

export const objectCat: Command = {
  path: 'object cat',
  alsoAt: ['cat'],
  summary: 'Print the content of an object',
  usage: 'BUCKET/OBJECT_NAME',
  argsMax: 1,
  flags: [
    flag.text('archpath', 'one file inside an archive'),
    flag.switch('checksum', 'compare the checksum of what arrives'),
    flag.size('length', 'bytes of a range'),
    flag.size('offset', 'where a range begins'),
    sharedFlags.encodeObjname,
    sharedFlags.force,
    sharedFlags.units,
  ],
  async run(context) {
    const [uri] = context.args
    if (uri === undefined) throw missingArguments('BUCKET/OBJECT_NAME')
    const { bck, name } = parseObject(uri, context.config.default_provider)
    await getOne(context, bck, name, '-', { quiet: true })
  },
}
