import { flag } from '../../arguments/flag-spec.ts'
import { flatten, parseKeyValues } from '../../arguments/key-values.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import {
  type CliConfig,
  configFile,
  defaultConfig,
  isTrue,
  saveConfig,
} from '../../config/cli-config.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { propertyTable } from '../../output/table.ts'

export const configCliShow: Command = {
  path: 'config cli show',
  alsoAt: ['show config cli', 'config cli'],
  summary: 'Show the configuration of this tool',
  usage: '[KEY_PREFIX]',
  argsMax: 1,
  flags: [flag.switch('path', 'print where the file is'), sharedFlags.json, sharedFlags.noHeaders],
  run(context) {
    showCliConfig(context, context.args[0] ?? '')
    return Promise.resolve()
  },
}

export function showCliConfig(context: Context, prefix: string): void {
  const { config, env, flags, terminal } = context
  if (flags.has('path')) {
    printLine(context, configFile(env))
    return
  }
  if (flags.has('json')) {
    terminal.out(prettyJson(config))
    return
  }
  const rows = rowsOf(config).filter(([name]) => name.startsWith(prefix))
  terminal.out(propertyTable(rows, !flags.has('no-headers')))
}

export const configCliSet: Command = {
  path: 'config cli set',
  summary: 'Change the configuration of this tool',
  usage: 'KEY=VALUE [KEY=VALUE...]',
  flags: [],
  async run(context) {
    if (context.args.length === 0) throw missingArguments('KEY=VALUE')
    const { config } = context
    const changes: string[] = []
    for (const [name, value] of parseKeyValues(context.args)) {
      const was = new Map(flatten(config)).get(name)
      if (was === undefined || name.startsWith('aliases')) {
        throw new CommandError(`invalid property name ${JSON.stringify(name)}`)
      }
      assign(config, name, value)
      if (was !== value) changes.push(`"${name}" set to: "${value}" (was: "${was}")`)
    }
    await saveConfig(context.env, config)
    for (const change of changes) printLine(context, change)
  },
}

export const configCliReset: Command = {
  path: 'config cli reset',
  summary: 'Set the configuration of this tool back to its defaults',
  usage: '',
  argsMax: 0,
  flags: [],
  run: resetCliConfig,
}

export async function resetCliConfig(context: Context): Promise<void> {
  await saveConfig(context.env, defaultConfig(context.env))
  printLine(context, 'CLI config successfully reset to all defaults')
}

function rowsOf(config: CliConfig): [string, string][] {
  const { aliases, ...rest } = config
  const rows = flatten(rest)
  rows.push(['aliases', aliasText(aliases)])
  return rows.sort(([a], [b]) => (a < b ? -1 : 1))
}

function aliasText(aliases: Readonly<Record<string, string>>): string {
  return Object.entries(aliases)
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([alias, command]) => `${alias} => '${command}'`)
    .join('; ')
}

/** Sets one leaf; a boolean stays one. */
function assign(config: CliConfig, name: string, text: string): void {
  const keys = name.split('.')
  const last = keys.pop()
  let node: Record<string, unknown> = Object.assign<CliConfig, Record<string, unknown>>(config, {})
  for (const key of keys) {
    const below = node[key]
    if (typeof below !== 'object' || below === null) return
    const copy: Record<string, unknown> = { ...below }
    node[key] = copy
    node = copy
  }
  if (last === undefined) return
  if (typeof node[last] === 'boolean') {
    if (!/^(true|false)$/i.test(text)) {
      throw new CommandError(`invalid ${name}="${text}": expecting true or false`)
    }
    node[last] = isTrue(text)
  } else node[last] = text
}
