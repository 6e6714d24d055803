import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { readNodes } from '../cluster/nodes-argument.ts'

export const removeFromSmap: Command = {
  path: 'advanced remove-from-smap',
  summary: 'Take a node out of the cluster map as it is: objects that only it has cannot be read',
  usage: 'NODE_ID',
  argsMax: 1,
  flags: [],
  async run(context) {
    if (context.args.length === 0) throw missingArguments('NODE_ID')
    const { nodes } = await readNodes(context, 'remove')
    const ids = nodes.map((node) => node.id)
    await context.client.cluster.nodes.change('rm-unsafe', ids, {
      skipRebalance: true,
      signal: context.signal,
    })
  },
}
