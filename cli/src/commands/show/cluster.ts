import type { Fields } from '@aistore-ts/sdk/decode.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError } from '../../arguments/usage-error.ts'
import { type NodeStatus, readStatuses } from '../../cluster/node-status.ts'
import { nodeTable } from '../../cluster/node-table.ts'
import {
  findNode,
  type NodeInfo,
  plainNodeId,
  readSmap,
  type SmapView,
} from '../../cluster/smap.ts'
import { clusterBlock } from '../../cluster/summary-block.ts'
import type { Command, Context } from '../../command.ts'
import { prettyJson } from '../../output/json.ts'

export const showCluster: Command = {
  path: 'show cluster',
  alsoAt: ['cluster show'],
  summary: 'Show the cluster: nodes, memory, capacity, status',
  usage:
    '[NODE_ID] | [target [NODE_ID]] | [proxy [NODE_ID]] | [smap | bmd | config | cpu | memory]',
  argsMax: 2,
  flags: [
    sharedFlags.count,
    sharedFlags.json,
    sharedFlags.noHeaders,
    sharedFlags.refresh,
    sharedFlags.units,
    sharedFlags.verbose,
  ],
  async run(context) {
    const { client, flags, terminal, signal } = context
    const raw = await client.cluster.smap(undefined, signal)
    const smap = readSmap(raw)
    const { nodes, what } = select(context, smap)
    const statuses = await readStatuses(context, nodes)
    const [only] = statuses
    if (flags.has('json')) {
      if (what === 'node' && only !== undefined) return terminal.out(prettyJson(only.raw))
      return terminal.out(await wholeJson(context, raw, statuses))
    }
    printTables(context, smap, statuses)
    if (what !== 'all') return
    terminal.out(await summary(context, smap, statuses))
  },
}

interface Selection {
  readonly nodes: readonly NodeInfo[]
  readonly what: 'all' | 'role' | 'node'
}

function select({ args }: Context, smap: SmapView): Selection {
  const [first, second] = args
  if (first === undefined) return { nodes: [...smap.proxies, ...smap.targets], what: 'all' }
  if (first === 'proxy' || first === 'target') {
    if (second !== undefined) return { nodes: [findNode(smap, second)], what: 'node' }
    return { nodes: first === 'proxy' ? smap.proxies : smap.targets, what: 'role' }
  }
  const id = plainNodeId(first)
  const node = [...smap.proxies, ...smap.targets].find((each) => each.id === id)
  if (node !== undefined) return { nodes: [node], what: 'node' }
  throw new CommandError(
    `expecting a valid NODE_ID or node type ("proxy" or "target"), got ${JSON.stringify(first)}`,
  )
}

function printTables(context: Context, smap: SmapView, statuses: readonly NodeStatus[]): void {
  const { flags, terminal } = context
  const options = {
    units: flags.units(),
    headings: !flags.has('no-headers'),
    showLoad: flags.has('verbose'),
    all: statuses,
  }
  // A blank line after each table, unless it is the only thing there is.
  const end = statuses.length > 1 && new Set(statuses.map((s) => s.node.type)).size > 1 ? '\n' : ''
  for (const type of ['proxy', 'target'] as const) {
    const group = statuses.filter((s) => s.node.type === type)
    if (group.length > 0) terminal.out(nodeTable(type, group, smap, options) + end)
  }
}

/** The block `Cluster:`, asked for what it needs. */
export async function summary(
  { client, endpoint, flags, signal }: Context,
  smap: SmapView,
  statuses: readonly NodeStatus[],
): Promise<string> {
  const [config, backends] = await Promise.all([
    client.cluster.config(signal),
    client.cluster.query('backends', signal),
  ])
  const names = Array.isArray(backends) ? backends.map(String) : []
  return clusterBlock({ endpoint, smap, statuses, config, backends: names, units: flags.units() })
}

/** All that is shown of a cluster, for `--json`. */
export async function wholeJson(
  { client, signal }: Context,
  smap: Fields,
  statuses: readonly NodeStatus[],
): Promise<string> {
  const config = await client.cluster.config(signal)
  return prettyJson({ Smap: smap, CluConfig: config, Status: byRole(statuses) })
}

function byRole(statuses: readonly NodeStatus[]) {
  const group = (type: 'proxy' | 'target') =>
    Object.fromEntries(
      statuses.filter((s) => s.node.type === type).map((s) => [s.node.id, s.raw] as const),
    )
  return { proxies: group('proxy'), targets: group('target') }
}
