import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import { findNode, nodeName, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

export const clusterSetPrimary: Command = {
  path: 'cluster set-primary',
  summary: 'Have another gateway lead',
  usage: 'NODE_ID',
  argsMax: 1,
  flags: [],
  async run(context) {
    const { args, client, signal } = context
    const [word] = args
    if (word === undefined) throw missingArguments('NODE_ID')
    const node = findNode(readSmap(await client.cluster.smap(undefined, signal)), word)
    const name = nodeName(node)
    if (node.type !== 'proxy') throw new UsageError(`${name} is not a proxy`)
    if (node.inMaintenance) throw new CommandError(`${name} is currently in maintenance`)
    if (node.inDecommission) {
      throw new CommandError(`${name} is currently being decommissioned`)
    }
    if (node.nonElectable) throw new CommandError(`${name} is non-electable`)
    await client.cluster.nodes.setPrimary(node.id, signal)
    printLine(context, `${name} is now a new primary`)
  },
}
