import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { confirm, printLine, warn } from '../../output/messages.ts'

/** Names the cluster and asks; `false`: leave it alone. */
async function agreed(context: Context, doing: string, question: string): Promise<boolean> {
  if (context.flags.has('yes')) return true
  const { uuid, primaryId } = readSmap(await context.client.cluster.smap(undefined, context.signal))
  warn(context, `${doing} cluster (UUID=${uuid}, primary=[${primaryId}, ${context.endpoint}])`)
  return confirm(context, question)
}

export const clusterShutdown: Command = {
  path: 'cluster shutdown',
  summary: 'Stop every node',
  usage: '',
  argsMax: 0,
  flags: [sharedFlags.yes],
  async run(context) {
    if (!(await agreed(context, 'shutting down', 'Proceed?'))) return
    await context.client.cluster.nodes.shutdown(context.signal)
    printLine(context, 'Cluster successfully shut down')
  },
}

export const clusterDecommission: Command = {
  path: 'cluster decommission',
  summary: 'End the cluster for good',
  usage: '',
  argsMax: 0,
  flags: [flag.switch('rm-user-data', 'remove all objects'), sharedFlags.yes],
  async run(context) {
    const { client, flags, signal } = context
    const question = 'The operation cannot be undone. Proceed?'
    if (!(await agreed(context, 'about to permanently decommission', question))) return
    await client.cluster.nodes.decommission({ rmUserData: flags.has('rm-user-data'), signal })
    printLine(context, 'Cluster successfully decommissioned')
  },
}
