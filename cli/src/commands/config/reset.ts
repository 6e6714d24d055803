import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

export const configReset: Command = {
  path: 'config reset',
  summary: 'Set the configuration of the cluster back to its defaults',
  usage: '',
  flags: [],
  async run(context) {
    await context.client.cluster.resetConfig(context.signal)
    printLine(context, 'Config globally reset: all nodes reverted to cluster-wide defaults')
  },
}
