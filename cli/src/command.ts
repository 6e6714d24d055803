import type { Client } from '@aistore-ts/sdk/client.ts'
import type { FlagSpec } from './arguments/flag-spec.ts'
import type { Flags } from './arguments/parse-arguments.ts'
import type { CliConfig, Environment } from './config/cli-config.ts'
import type { Terminal } from './output/terminal.ts'

/** One command: data for help and search, and what it does. */
export interface Command {
  /** Its place in the tree: `bucket ls`. */
  readonly path: string
  /** Other places where it is found: `object ls`. */
  readonly alsoAt?: readonly string[]
  /** One sentence. */
  readonly summary: string
  /** Arguments as the usage line shows them. */
  readonly usage: string
  /** What its first argument can be: another that is near to one of these is a misspelling, whatever follows. */
  readonly names?: readonly string[]
  /** Arguments it takes at most; absent: any number. */
  readonly argsMax?: number
  readonly flags: readonly FlagSpec[]
  /** @throws UsageError, CommandError, AisClientError, NetworkError */
  run(context: Context): Promise<void>
}

/** What a command is given. */
export interface Context {
  readonly args: readonly string[]
  readonly flags: Flags
  readonly client: Client
  readonly endpoint: string
  readonly config: CliConfig
  readonly env: Environment
  readonly terminal: Terminal
  /** Every command there is, for help and search. */
  readonly commands: readonly Command[]
  /** Wall time, ms. */
  now(): number
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}
