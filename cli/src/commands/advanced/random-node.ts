import { CommandError } from '../../arguments/usage-error.ts'
import { isActive, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

export const randomNode: Command = {
  path: 'advanced random-node',
  summary: 'Print the ID of a random target',
  usage: '',
  argsMax: 0,
  flags: [],
  async run(context) {
    const smap = readSmap(await context.client.cluster.smap(undefined, context.signal))
    const targets = smap.targets.filter(isActive)
    const target = targets[Math.floor(Math.random() * targets.length)]
    if (target === undefined) throw new CommandError('no targets in the cluster')
    printLine(context, target.id)
  },
}
