import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { CommandError } from '../arguments/usage-error.ts'
import { defaultAliases } from './default-aliases.ts'

/** The settings of the tool, in the shape of its file. @see AIStore cmd/cli/config/config.go */
export interface CliConfig {
  cluster: {
    url: string
    default_ais_host: string
    default_docker_host: string
    client_crt: string
    client_crt_key: string
    client_ca_tls: string
    skip_verify_crt: boolean
  }
  timeout: { tcp_timeout: string; http_timeout: string }
  auth: { url: string }
  aliases: Record<string, string>
  default_provider: string
  no_color: boolean
  verbose: boolean
  no_more: boolean
}

/** The part of the environment that the tool reads. */
export type Environment = Readonly<Record<string, string | undefined>>

export function defaultConfig(env: Environment): CliConfig {
  const scheme = isTrue(env.AIS_USE_HTTPS) ? 'https' : 'http'
  return {
    cluster: {
      url: `${scheme}://127.0.0.1:8080`,
      default_ais_host: `${scheme}://127.0.0.1:8080`,
      default_docker_host: `${scheme}://172.50.0.2:8080`,
      client_crt: '',
      client_crt_key: '',
      client_ca_tls: '',
      skip_verify_crt: false,
    },
    timeout: { tcp_timeout: '60s', http_timeout: '0s' },
    auth: { url: `${scheme}://127.0.0.1:52001` },
    aliases: { ...defaultAliases },
    default_provider: 'ais',
    no_color: false,
    verbose: false,
    no_more: false,
  }
}

/**
 * Folder of the tool's files. The home folder is the user database's, not `$HOME`, as upstream has it;
 * `AIS_CLI_CONFIG_DIR` names another folder.
 */
export function configFolder(env: Environment): string {
  if (env.AIS_CLI_CONFIG_DIR) return env.AIS_CLI_CONFIG_DIR
  return path.join(userHome(env), '.config', 'ais', 'cli')
}

export function configFile(env: Environment): string {
  return path.join(configFolder(env), 'cli.json')
}

/** Reads the file; makes it with defaults when there is none. @throws CommandError when it cannot be parsed */
export async function loadConfig(env: Environment): Promise<CliConfig> {
  const file = configFile(env)
  const defaults = defaultConfig(env)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    // A read-only home is no reason not to work.
    await saveConfig(env, defaults).catch(() => undefined)
    return defaults
  }
  try {
    const data: Partial<CliConfig> = JSON.parse(text)
    return {
      ...defaults,
      ...data,
      cluster: { ...defaults.cluster, ...data.cluster },
      timeout: { ...defaults.timeout, ...data.timeout },
      auth: { ...defaults.auth, ...data.auth },
      aliases: data.aliases ?? defaults.aliases,
    }
  } catch (error) {
    throw new CommandError(
      `failed to load CLI config ${JSON.stringify(file)}: ${error instanceof Error ? error.message : ''}`,
      "To reset it to defaults, run 'ais config reset' or 'ais config cli reset'.",
    )
  }
}

/** Writes the file whole or not at all. */
export async function saveConfig(env: Environment, config: CliConfig): Promise<void> {
  const file = configFile(env)
  await mkdir(path.dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(config, null, 2)}\n`)
  await rename(draft, file)
}

/** Go's reading of a boolean variable. */
export function isTrue(text: string | undefined): boolean {
  return /^(y|yes|on|1|t|true)$/i.test(text ?? '')
}

function userHome(env: Environment): string {
  try {
    return os.userInfo().homedir
  } catch {
    return env.HOME ?? os.homedir()
  }
}
