import { flag } from '../../arguments/flag-spec.ts'
import { parseKeyValues } from '../../arguments/key-values.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import { findNode, nodeName, readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { configRows } from '../../config/config-rows.ts'
import { restartKeyOf } from '../../config/restart-keys.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine, warn } from '../../output/messages.ts'
import { showNodeConfig } from '../show/config.ts'

const usage = 'NODE_ID [inherited|local|all] [SECTION | KEY=VALUE... | KEY VALUE | reset]'

export const configNode: Command = {
  path: 'config node',
  summary: 'Show or change the configuration of one node',
  usage,
  flags: [
    flag.switch('transient', 'change in memory only, until the node starts again'),
    sharedFlags.json,
    sharedFlags.noHeaders,
  ],
  async run(context) {
    const [node, ...rest] = context.args
    if (node === undefined) throw missingArguments('NODE_ID', 'KEY=VALUE')
    const [first] = rest
    const scope = first === 'inherited' || first === 'local' || first === 'all' ? first : undefined
    const words = scope === undefined ? rest : rest.slice(1)
    const [word, ...more] = words
    if (word === 'reset' && more.length === 0) return resetNodeConfig(context, node)
    const changes = word !== undefined && (more.length > 0 || word.includes('='))
    if (!changes) return showNodeConfig(context, node, scope, word)
    if (word.startsWith('{')) throw new UsageError('one node takes KEY=VALUE, not JSON')
    if (scope === 'local') throw new CommandError(localIsReadOnly)
    return change(context, node, words)
  },
}

async function change(context: Context, nodeArg: string, words: readonly string[]): Promise<void> {
  const { client, flags, signal, terminal } = context
  const node = findNode(readSmap(await client.cluster.smap(undefined, signal)), nodeArg)
  const pairs = parseKeyValues(words)
  const known = configRows(await client.cluster.config(signal)).map(([name]) => name)
  for (const [name] of pairs) {
    // Parts that are left out while empty cannot be checked here; their section can.
    const section = name.split('.')[0] ?? ''
    if (!known.some((each) => each === section || each.startsWith(`${section}.`))) {
      throw new CommandError(`invalid property name ${JSON.stringify(name)}`, examples)
    }
  }
  const restart = pairs.find(([name]) => restartKeyOf(name) !== undefined)
  await client.cluster.setNodeConfig(node.id, pairs, { transient: flags.has('transient'), signal })
  if (restart !== undefined) {
    const [name, value] = restart
    warn(context, `for '${name}=${value}' to take effect, ${nodeName(node)} must be restarted`)
  }
  terminal.out(prettyJson(Object.fromEntries(pairs)))
  printLine(context, `\nnode ${nodeName(node)} config updated`)
}

/** Drops all that was set for the node alone. */
export async function resetNodeConfig(context: Context, nodeArg: string): Promise<void> {
  const { client, signal } = context
  const node = findNode(readSmap(await client.cluster.smap(undefined, signal)), nodeArg)
  await client.cluster.resetNodeConfig(node.id, signal)
  const done = 'inherited config successfully reset to the current cluster-wide defaults'
  printLine(context, `${nodeName(node)}: ${done}`)
}

const localIsReadOnly =
  'the local configuration of a node can be viewed, not changed: edit its file and restart the node'

const examples = [
  'Usage examples:',
  '- ais config node NODE_ID inherited log.level=4',
  '- ais config node NODE_ID inherited log',
  '- ais config node NODE_ID inherited disk.disk_util_high_wm=93',
].join('\n')
