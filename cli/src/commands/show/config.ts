import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import { findNode, readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { configRows } from '../../config/config-rows.ts'
import { prettyJson } from '../../output/json.ts'
import { warn } from '../../output/messages.ts'
import { propertyTable, table } from '../../output/table.ts'
import { showClusterConfig } from '../config/cluster.ts'

const usage = 'cluster [SECTION] | NODE_ID [inherited|local|all [SECTION]]'

export const showConfig: Command = {
  path: 'show config',
  alsoAt: ['config show'],
  summary: 'Show the configuration of the cluster or of a node',
  usage,
  argsMax: 3,
  flags: [sharedFlags.json, sharedFlags.noHeaders],
  async run(context) {
    const [first, scope, section] = context.args
    if (first === undefined) throw missingArguments(usage)
    if (first === 'cluster') return showClusterConfig(context, scope)
    return showNodeConfig(context, first, scope, section)
  },
}

export const showClusterConfigCommand: Command = {
  path: 'show cluster config',
  alsoAt: ['cluster show config'],
  summary: 'Show the configuration of the cluster',
  usage: '[SECTION]',
  argsMax: 1,
  flags: [sharedFlags.json, sharedFlags.noHeaders],
  run: (context) => showClusterConfig(context, context.args[0]),
}

/** Settings that belong to a single node. */
const localSections: ReadonlySet<string> = new Set([
  'fspaths',
  'confdir',
  'log_dir',
  'test_fspaths',
  'host_net',
])

/** Prints what a node inherits, with the cluster's value where its own differs, and what is the node's alone. */
export async function showNodeConfig(
  context: Context,
  nodeArg: string,
  scope = 'all',
  section = '',
): Promise<void> {
  const { client, flags, terminal, signal } = context
  if (scope !== 'inherited' && scope !== 'local' && scope !== 'all') {
    throw new CommandError(`invalid ${JSON.stringify(scope)}: expecting inherited, local or all`)
  }
  const smap = readSmap(await client.cluster.smap(undefined, signal))
  const node = findNode(smap, nodeArg)
  const config = await client.cluster.node(node.id, 'config', signal)
  const isLocal = (name: string) => localSections.has(name.split('.')[0] ?? '')
  if (flags.has('json')) {
    warn(context, "option '--json' won't show node <=> cluster configuration differences, if any.")
    const wanted = Object.entries(config).filter(
      ([name]) =>
        name.startsWith(section) && (scope === 'all' || isLocal(name) === (scope === 'local')),
    )
    return terminal.out(prettyJson(Object.fromEntries(wanted)))
  }
  const rows = configRows(config).filter(([name]) => name.startsWith(section))
  const headings = !flags.has('no-headers')
  if (scope !== 'local') {
    const shared = new Map(configRows(await client.cluster.config(signal)))
    const inherited = rows
      .filter(([name]) => !isLocal(name))
      .map(([name, value]) => {
        const general = shared.get(name)
        return [name, value, general === undefined || general === value ? '-' : general]
      })
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    const columns = [{ title: 'PROPERTY' }, { title: 'VALUE' }, { title: 'DEFAULT' }]
    if (inherited.length > 0) terminal.out(`${table(columns, inherited, { headings })}\n`)
  }
  const local = rows.filter(([name]) => isLocal(name))
  if (scope !== 'inherited' && local.length > 0) {
    terminal.out(`${propertyTable(local, headings)}\n`)
  }
}
