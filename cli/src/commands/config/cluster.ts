import { flag } from '../../arguments/flag-spec.ts'
import { parseKeyValues } from '../../arguments/key-values.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { configRows } from '../../config/config-rows.ts'
import { restartKeyOf } from '../../config/restart-keys.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine, warn } from '../../output/messages.ts'
import { propertyTable } from '../../output/table.ts'

export const configCluster: Command = {
  path: 'config cluster',
  summary: 'Show or change the configuration of the cluster',
  usage: '[SECTION] | [KEY=VALUE...] | [JSON_SPECIFICATION]',
  flags: [
    flag.switch('transient', 'change in memory only, until nodes start again'),
    sharedFlags.json,
    sharedFlags.noHeaders,
  ],
  async run(context) {
    const [first] = context.args
    const shows =
      first === undefined ||
      (context.args.length === 1 && !first.includes('=') && !first.startsWith('{'))
    return shows ? showClusterConfig(context, first) : change(context)
  },
}

/** Prints the whole configuration or one section. */
export async function showClusterConfig(context: Context, section = ''): Promise<void> {
  const { client, flags, terminal, signal } = context
  const config = await client.cluster.config(signal)
  const rows = configRows(config).filter(([name]) => isIn(name, section))
  if (rows.length === 0) throw unknownSection(section, Object.keys(config))
  if (flags.has('json')) {
    const key = section.split('.')[0] ?? ''
    return terminal.out(prettyJson(section === '' ? config : { [key]: config[key] }))
  }
  terminal.out(propertyTable(rows, !flags.has('no-headers')))
}

async function change(context: Context): Promise<void> {
  const { args, client, flags, signal } = context
  const pairs = parseKeyValues(args)
  const before = new Map(configRows(await client.cluster.config(signal)))
  const known = [...before.keys()]
  for (const [name] of pairs) {
    // Parts that are left out while empty cannot be checked here; their section can.
    const section = name.split('.')[0] ?? ''
    if (!known.some((each) => each === section || each.startsWith(`${section}.`))) {
      throw new CommandError(`invalid property name ${JSON.stringify(name)}`, examples)
    }
  }
  await client.cluster.setConfig(pairs, { transient: flags.has('transient'), signal })
  const sections = new Set(pairs.map(([name]) => name.split('.')[0] ?? ''))
  const rows = configRows(await client.cluster.config(signal)).filter(([name]) =>
    sections.has(name.split('.')[0] ?? ''),
  )
  context.terminal.out(propertyTable(rows, !flags.has('no-headers')))
  printLine(context, '\nCluster config updated')
  if (pairs.some(([name]) => restartKeyOf(name) !== undefined)) {
    warn(context, 'the change takes effect when the nodes are restarted')
  }
}

const examples = [
  'Usage examples:',
  '- ais config cluster checksum.type=xxhash',
  '- ais config cluster checksum.type=md5 checksum.validate_warm_get=true',
  '- ais config cluster checksum --json',
].join('\n')

function isIn(name: string, section: string): boolean {
  return section === '' || name === section || name.startsWith(section)
}

function unknownSection(section: string, keys: readonly string[]): CommandError {
  const known = [...keys].sort().join(', ')
  return new CommandError(
    `config section "${section}" not found`,
    `Available sections: ${known}\nTry 'ais config cluster --json' to see all sections`,
  )
}
