import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'
import { version } from '../../version.ts'

export const showVersion: Command = {
  path: 'version',
  summary: 'Print the version of this tool',
  usage: '',
  argsMax: 0,
  flags: [],
  run(context) {
    printLine(context, `version ${version}`)
    return Promise.resolve()
  },
}
