import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { saveConfig } from '../../config/cli-config.ts'
import { defaultAliases } from '../../config/default-aliases.ts'
import { findCommand } from '../../find-command.ts'
import { printLine } from '../../output/messages.ts'
import { aliasTable } from './alias-table.ts'

export const aliasShow: Command = {
  path: 'alias show',
  summary: 'Show all aliases',
  usage: '',
  argsMax: 0,
  flags: [],
  run(context) {
    context.terminal.out(aliasTable(context.config.aliases))
    return Promise.resolve()
  },
}

const namePattern = /^[A-Za-z][A-Za-z0-9_-]*$/

export const aliasSet: Command = {
  path: 'alias set',
  summary: 'Add an alias, or give it another command',
  usage: 'ALIAS COMMAND...',
  flags: [],
  async run(context) {
    const [alias, ...words] = context.args
    if (alias === undefined || words.length === 0) throw missingArguments('ALIAS COMMAND')
    if (!namePattern.test(alias)) {
      throw new CommandError(
        `invalid alias ${JSON.stringify(alias)}: expecting a letter, then letters, digits, "-" and "_"`,
      )
    }
    const command = words.join(' ').replace(/^ais /, '')
    const found = findCommand(command.split(' '), context.commands, {})
    const exists =
      (found.kind === 'command' && found.args.length === 0) ||
      (found.kind === 'group' && found.path === command)
    if (!exists) throw new CommandError(`"${command}" is not AIS command`)
    const was = context.config.aliases[alias]
    await store(context, { ...context.config.aliases, [alias]: command })
    printLine(
      context,
      was === undefined
        ? `Aliased "${command}" = "${alias}"`
        : `Alias "${alias}" new command "${command}" (was: "${was}")`,
    )
  },
}

export const aliasRm: Command = {
  path: 'alias rm',
  summary: 'Remove an alias',
  usage: 'ALIAS',
  argsMax: 1,
  flags: [],
  async run(context) {
    const [alias] = context.args
    if (alias === undefined) throw missingArguments('ALIAS')
    const { [alias]: was, ...rest } = context.config.aliases
    if (was === undefined) throw new CommandError(`alias ${JSON.stringify(alias)} does not exist`)
    await store(context, rest)
  },
}

export const aliasReset: Command = {
  path: 'alias reset',
  summary: 'Set all aliases back to the built-in ones',
  usage: '',
  argsMax: 0,
  flags: [],
  async run(context) {
    await store(context, { ...defaultAliases })
    printLine(context, 'Aliases reset to default')
  },
}

function store(context: Context, aliases: Record<string, string>): Promise<void> {
  return saveConfig(context.env, { ...context.config, aliases })
}
