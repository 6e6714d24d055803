import type { NodeAction } from '@aistore-ts/sdk/cluster-nodes.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { isActive, nodeName } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { confirm, printLine, warn } from '../../output/messages.ts'
import { type NodesArgument, readNodes } from './nodes-argument.ts'

const noRebalance = flag.switch('no-rebalance', 'leave objects where they are (with care)')
const noShutdown = flag.switch('no-shutdown', 'let the decommissioned process run on')
const rmUserData = flag.switch('rm-user-data', 'remove the objects of the node')
const keepInitialConfig = flag.switch(
  'keep-initial-config',
  'keep the configuration files that the node was deployed with',
)

/** One of the four ways in and out of service. */
interface Service {
  readonly word: string
  readonly action: NodeAction
  readonly summary: string
  readonly leaves: boolean
  /** Asked before anything is done. */
  question(names: string): string
  /** Told of each node; `rebalances`: it is not done yet. */
  done(name: string, rebalances: boolean): string
}

const nodeStays = (name: string) =>
  [
    '',
    `Note: the node ${name} is _not_ decommissioned - it remains in the cluster map and can be manually`,
    `restarted at any later time (and subsequently activated via 'stop-maintenance' operation).`,
  ].join('\n')

const services: readonly Service[] = [
  {
    word: 'start-maintenance',
    action: 'start-maintenance',
    summary: 'Take nodes out of service, for the time being',
    leaves: false,
    question: (names) => `About to put ${names} in maintenance mode. Proceed?`,
    done: (name) => `${name} is now in maintenance mode`,
  },
  {
    word: 'stop-maintenance',
    action: 'stop-maintenance',
    summary: 'Bring nodes back into service',
    leaves: false,
    question: (names) => `Take ${names} out of maintenance mode`,
    done: (name) => `${name} is now active`,
  },
  {
    word: 'decommission',
    action: 'decommission-node',
    summary: 'Remove nodes from the cluster for good',
    leaves: true,
    question: (names) =>
      `About to permanently decommission ${names}. The operation cannot be undone! Proceed?`,
    done: (name, rebalances) =>
      rebalances
        ? `${name} is being decommissioned, please wait for cluster rebalancing to finish...`
        : `${name} has been decommissioned (permanently removed from the cluster)`,
  },
  {
    word: 'shutdown',
    action: 'shutdown-node',
    summary: 'Stop nodes; they stay in the cluster map',
    leaves: true,
    question: (names) => `Shut down ${names}`,
    done: (name, rebalances) =>
      (rebalances
        ? `${name} is shutting down, please wait for cluster rebalancing to finish\n`
        : `${name} has been shut down\n`) + nodeStays(name),
  },
]

/** Says what is lost when objects do not move. */
function warnOfLoss(context: Context, service: Service, { nodes }: NodesArgument): void {
  const targets = nodes.filter((node) => node.type === 'target')
  const { word } = service
  if (context.flags.has('no-rebalance') && targets.length > 0) {
    warn(
      context,
      `executing "${word}" _and_ not running global rebalance may lead to a loss of data!`,
    )
    printLine(
      context,
      'To rebalance the cluster manually at a later time, run: `ais start rebalance`',
    )
  }
  const idle = targets.filter((node) => !isActive(node)).map(nodeName)
  if (service.leaves && idle.length > 0) {
    warn(
      context,
      `${idle.join(', ')}: already out of service - if '--no-rebalance' was used to take it out, its objects did not move; ` +
        'run `ais start rebalance` first (and wait for it to finish)',
    )
  }
}

async function runService(context: Context, service: Service): Promise<void> {
  const { client, flags, signal } = context
  const nodes = await readNodes(context, service.word)
  const skipRebalance =
    flags.has('no-rebalance') || nodes.nodes.every((node) => node.type === 'proxy')
  warnOfLoss(context, service, nodes)
  if (!flags.has('yes') && !(await confirm(context, service.question(nodes.names)))) return
  const id = await client.cluster.nodes.change(
    service.action,
    nodes.nodes.map((node) => node.id),
    {
      skipRebalance,
      rmUserData: flags.has('rm-user-data'),
      keepInitialConfig: flags.has('keep-initial-config'),
      noShutdown: flags.has('no-shutdown'),
      signal,
    },
  )
  if (id !== '') {
    printLine(context, `Started rebalance "${id}" (to monitor, run 'ais show rebalance').`)
  }
  for (const node of nodes.nodes) printLine(context, service.done(nodeName(node), id !== ''))
}

/** `cluster add-remove-nodes start-maintenance | stop-maintenance | decommission | shutdown` */
export const nodeServices: readonly Command[] = services.map((service) => ({
  path: `cluster add-remove-nodes ${service.word}`,
  summary: service.summary,
  usage: 'NODE_ID [NODE_ID...]',
  flags: [
    noRebalance,
    ...(service.action === 'decommission-node' ? [noShutdown, rmUserData, keepInitialConfig] : []),
    sharedFlags.yes,
  ],
  run: (context) => runService(context, service),
}))
