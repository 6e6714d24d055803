import { parseObject } from '../../arguments/bucket-argument.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { getMany } from '../../transfer/get-many.ts'
import { getOne } from '../../transfer/get-one.ts'
import { getFlags } from './get-flags.ts'

const usage = 'BUCKET[/OBJECT_NAME] [OUT_FILE|OUT_DIR|-]'

export const objectGet: Command = {
  path: 'object get',
  summary: 'Get an object, a part of it, or all objects with a prefix',
  usage,
  argsMax: 2,
  flags: getFlags,
  async run(context) {
    const { args, flags, config } = context
    const [uri, out = ''] = args
    if (uri === undefined) throw missingArguments(usage)
    if (flags.has('length') !== flags.has('offset')) {
      throw new CommandError('--length and --offset must be both present (or not)')
    }
    if (flags.has('chunk-size') && !flags.has('mpd')) {
      throw new CommandError('--chunk-size requires --mpd')
    }
    for (const other of ['offset', 'archpath', 'checksum', 'check-cached']) {
      if (flags.has('mpd') && flags.has(other)) {
        throw new CommandError(`--mpd and --${other} cannot be used together`)
      }
    }
    const many = flags.has('prefix') || flags.text('prefix') === '' || flags.has('template')
    const { bck, name } = parseObject(uri, config.default_provider, many)
    if (!many) return getOne(context, bck, name, out, { quiet: false })
    if (name !== '') {
      throw new CommandError(
        `object name in "${uri}" and --prefix cannot be used together (hint: use directory as destination)`,
      )
    }
    await getMany(context, bck, out)
  },
}
