import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import { findNode, nodeName, plainNodeId, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { confirm, printLine, warn } from '../../output/messages.ts'

export const clusterSetPrimary: Command = {
  path: 'cluster set-primary',
  summary:
    'Have another gateway lead; with its URL and --force, the primary of another cluster: this one joins it',
  usage: 'NODE_ID [URL]',
  argsMax: 2,
  flags: [
    flag.switch('force', 'give this cluster up for the one that NODE_ID leads'),
    sharedFlags.yes,
  ],
  async run(context) {
    const { args, client, flags, signal } = context
    const [word, url] = args
    if (word === undefined) throw missingArguments('NODE_ID')
    const smap = readSmap(await client.cluster.smap(undefined, signal))
    const forced = flags.has('force')
    if (forced && url !== undefined && !smap.proxies.some(({ id }) => id === plainNodeId(word))) {
      const id = plainNodeId(word)
      if (!flags.has('yes')) {
        const own = `UUID=${smap.uuid}, primary=[${smap.primaryId}, ${context.endpoint}]`
        warn(context, `about to give up cluster (${own}) for the one of p[${id}] at ${url}`)
        if (!(await confirm(context, 'The operation cannot be undone. Proceed?'))) return
      }
      await client.cluster.nodes.forceJoin(id, url, signal)
      printLine(context, `p[${id}] is now a new primary (set with force)`)
      return
    }
    const node = findNode(smap, word)
    const name = nodeName(node)
    if (node.type !== 'proxy') throw new UsageError(`${name} is not a proxy`)
    if (node.inMaintenance) throw new CommandError(`${name} is currently in maintenance`)
    if (node.inDecommission) {
      throw new CommandError(`${name} is currently being decommissioned`)
    }
    if (node.nonElectable) throw new CommandError(`${name} is non-electable`)
    await client.cluster.nodes.setPrimary(node.id, signal)
    printLine(context, `${name} is now a new primary${forced ? ' (set with force)' : ''}`)
  },
}
