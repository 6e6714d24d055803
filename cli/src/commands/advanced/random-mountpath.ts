import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import { findNode, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

export const randomMountpath: Command = {
  path: 'advanced random-mountpath',
  summary: 'Print a random mountpath of a target',
  usage: 'TARGET_ID',
  argsMax: 1,
  flags: [],
  async run(context) {
    const { args, client, signal } = context
    const [word] = args
    if (word === undefined) throw missingArguments('TARGET_ID')
    const node = findNode(readSmap(await client.cluster.smap(undefined, signal)), word)
    const { available } = await client.cluster.node(node.id, 'mountpaths', signal)
    const paths = Array.isArray(available) ? available : []
    const path = paths[Math.floor(Math.random() * paths.length)]
    if (path === undefined) throw new CommandError('no mountpaths in use')
    printLine(context, String(path))
  },
}
