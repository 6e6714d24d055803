import { setTimeout as sleep } from 'node:timers/promises'
import { AisClientError } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { parseArguments } from './arguments/parse-arguments.ts'
import { sharedFlags } from './arguments/shared-flags.ts'
import { UsageError } from './arguments/usage-error.ts'
import type { Command, Context } from './command.ts'
import { aliasTable } from './commands/alias/alias-table.ts'
import { commands } from './commands/registry.ts'
import {
  type CliConfig,
  configFile,
  defaultConfig,
  type Environment,
  loadConfig,
} from './config/cli-config.ts'
import { connect, endpointOf } from './config/connect.ts'
import { type Found, findCommand, nearest } from './find-command.ts'
import { childrenOf, commandHelp, groupHelp, groupUsage, shortUsage } from './help.ts'
import { formatError } from './output/format-error.ts'
import { processTerminal } from './output/terminal.ts'
import { version } from './version.ts'

/** While a cluster starts (503), a command is tried this often more, this far apart. */
const startingRetriesMax = 8
const startingPauseMs = 1000

/** Least interval of `--refresh`, ms. */
const refreshMinMs = 1000

/**
 * Runs one command line. Resolves with the exit code: 0 done, declined or interrupted (`signal`), 1 anything wrong.
 */
export async function main(
  words: readonly string[],
  env: Environment,
  signal: AbortSignal,
): Promise<number> {
  let config: CliConfig
  try {
    config = await loadConfig(env)
  } catch (error) {
    const isReset = words.includes('reset') && words[0] === 'config'
    if (!isReset) {
      const plain = processTerminal(true)
      plain.err(
        `${formatError(error, plain.colors, { endpoint: '', configFile: configFile(env) })}\n`,
      )
      return 1
    }
    config = defaultConfig(env)
  }
  const terminal = processTerminal(config.no_color)
  const place = { endpoint: endpointOf(config, env), configFile: configFile(env) }
  try {
    return await dispatch(words, { config, env, terminal, signal })
  } catch (error) {
    if (signal.aborted) return 0
    terminal.err(`${formatError(error, terminal.colors, place)}\n`)
    return 1
  }
}

/** What every command of this process is given alike. */
type Surroundings = Pick<Context, 'config' | 'env' | 'terminal' | 'signal'>

async function dispatch(words: readonly string[], around: Surroundings): Promise<number> {
  const { config, terminal } = around
  const [first = ''] = words
  if (first === '--version' || first === '-v' || first === '-version') {
    terminal.out(`version ${version}\n`)
    return 0
  }
  const bare = words.filter((word) => !isHelpFlag(word))
  const wantsHelp = bare.length < words.length
  const found = findCommand(bare[0] === 'help' ? bare.slice(1) : bare, commands, config.aliases)
  if (found.kind === 'unknown') {
    terminal.err(unknownCommand(found, config))
    return 1
  }
  if (found.kind === 'group') {
    terminal.out(groupHelp(found.path, commands))
    if (found.path === '') terminal.out(`\n${aliasTable(config.aliases)}`)
    return 0
  }
  if (wantsHelp || bare[0] === 'help') {
    terminal.out(commandHelp(found.command, found.shown))
    return 0
  }
  const misspelled = misspelledName(found)
  if (misspelled !== undefined) {
    terminal.err(misspelled)
    return 1
  }
  try {
    await runCommand(found.command, found.args, around)
    return 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.err(
      `Incorrect '${found.shown}' usage: ${error.message}.\n\n${shortUsage(found.command, found.shown)}\n`,
    )
    return 1
  }
}

async function runCommand(
  command: Command,
  args: readonly string[],
  around: Surroundings,
): Promise<void> {
  const { config, env, terminal, signal } = around
  const { positionals, flags } = parseArguments(args, command.flags)
  if (positionals.length > (command.argsMax ?? Number.POSITIVE_INFINITY)) {
    throw new UsageError(`too many arguments ${JSON.stringify(positionals.slice(command.argsMax))}`)
  }
  const warn = (text: string) => terminal.err(`Warning: ${text}\n`)
  const client = connect(config, env, warn)
  const context: Context = {
    args: positionals,
    flags,
    client,
    endpoint: client.connection.endpoint,
    config,
    env,
    terminal,
    signal,
    commands,
    now: () => Date.now(),
  }
  try {
    await runPatiently(command, context)
    // Only reports repeat; elsewhere `--refresh` is the pace of progress lines.
    const repeats = command.flags.includes(sharedFlags.count)
    const refreshMs = repeats ? flags.durationMs('refresh') : undefined
    if (refreshMs === undefined) return
    const count = flags.integer('count') ?? Number.POSITIVE_INFINITY
    for (let round = 1; round < count; round++) {
      await sleep(Math.max(refreshMs, refreshMinMs), undefined, { signal })
      terminal.out(`${terminal.colors.cyan('-'.repeat(16))}\n`)
      await runPatiently(command, context)
    }
  } finally {
    client.close()
  }
}

async function runPatiently(command: Command, context: Context): Promise<void> {
  for (let retry = 0; ; retry++) {
    try {
      return await command.run(context)
    } catch (error) {
      const starting = error instanceof AisClientError && error.status === 503
      if (!starting || retry >= startingRetriesMax) throw error
      if (retry === 0) context.terminal.out('(waiting for cluster to start ...)\n')
      await sleep(startingPauseMs, undefined, { signal: context.signal })
    }
  }
}

function isHelpFlag(word: string): boolean {
  return word === '--help' || word === '-h' || word === '-help'
}

/** What to say of a first argument that none of the command's names is, but nearly. */
function misspelledName(found: Extract<Found, { kind: 'command' }>): string | undefined {
  const { command, args, shown } = found
  const [word = '', ...rest] = args
  const { names = [] } = command
  if (word === '' || word.startsWith('-') || names.includes(word)) return undefined
  const near = nearest(word, names)
  if (near === undefined) return undefined
  return `Incorrect '${shown}' usage: unknown or misplaced "${word}".\nDid you mean: '${[shown, near, ...rest].join(' ')}'?\n`
}

function unknownCommand(found: Extract<Found, { kind: 'unknown' }>, config: CliConfig): string {
  const { path, word, rest } = found
  const names = [...childrenOf(path, commands).keys()]
  if (path === '') names.push(...Object.keys(config.aliases))
  const near = nearest(word, names)
  const prefix = path === '' ? 'ais' : `ais ${path}`
  const hint =
    near === undefined
      ? `Try search: 'ais search ${word}'`
      : `Did you mean: '${[prefix, near, ...rest].join(' ')}'?\nIf not, try search: 'ais search ${word}'`
  const usage = groupUsage(path, commands)
  return `Incorrect usage: unknown or misplaced "${word}".\n${usage}\n${hint}\n`
}
