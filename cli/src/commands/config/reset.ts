import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'
import { resetCliConfig } from './cli.ts'
import { resetNodeConfig } from './node.ts'

const usage = 'cluster | NODE_ID | cli'

export const configReset: Command = {
  path: 'config reset',
  summary: 'Drop what was set for single nodes, on all of them or on one, or reset this tool',
  usage,
  argsMax: 1,
  flags: [],
  async run(context) {
    const [what] = context.args
    if (what === undefined) throw missingArguments(usage)
    if (what === 'cli') return resetCliConfig(context)
    if (what !== 'cluster') return resetNodeConfig(context, what)
    await context.client.cluster.resetConfig(context.signal)
    printLine(context, 'Config globally reset: all nodes reverted to cluster-wide defaults')
  },
}
