import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from '@aistore-ts/sdk/client.ts'
import type { TlsOptions } from '@aistore-ts/sdk/options.ts'
import { CommandError } from '../arguments/usage-error.ts'
import { parseDurationMs } from '../format/duration.ts'
import { type CliConfig, configFolder, type Environment, isTrue } from './cli-config.ts'

/** Which address the tool talks to: environment, file, built-in default. */
export function endpointOf(config: CliConfig, env: Environment): string {
  const url = env.AIS_ENDPOINT || config.cluster.url || config.cluster.default_ais_host
  return /^https?:\/\//.test(url) ? url : `${isTrue(env.AIS_USE_HTTPS) ? 'https' : 'http'}://${url}`
}

/**
 * A client made from configuration and environment. It does not try again by itself: the tool shows the first error.
 * @throws CommandError when a token or certificate cannot be read
 */
export function connect(config: CliConfig, env: Environment, warn: (text: string) => void): Client {
  const idleMs = parseDurationMs(config.timeout.http_timeout) ?? 0
  const connectMs = parseDurationMs(config.timeout.tcp_timeout) ?? 0
  const endpoint = endpointOf(config, env)
  return new Client(endpoint, {
    token: token(env, warn),
    userAgent: 'ais/cli',
    // A kept-alive connection may have gone stale; anything else is told at once.
    retry: {
      statusRetriesMax: 0,
      networkAttemptsMax: 2,
      networkPauseMinMs: 0,
      networkPauseMaxMs: 0,
    },
    timeouts: { connectMs, idleMs },
    connectionsMax: connectionsMax,
    tls: endpoint.startsWith('https:') ? tls(config, env) : undefined,
  })
}

/** More than the workers a command may have. */
const connectionsMax = 256

function token(env: Environment, warn: (text: string) => void): string | undefined {
  const file = env.AIS_AUTHN_TOKEN_FILE || path.join(configFolder(env), 'auth.token')
  if (env.AIS_AUTHN_TOKEN) {
    if (env.AIS_AUTHN_TOKEN_FILE) {
      warn('AIS_AUTHN_TOKEN and AIS_AUTHN_TOKEN_FILE are both set: using AIS_AUTHN_TOKEN')
    }
    return env.AIS_AUTHN_TOKEN
  }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    const data: { token?: unknown } = JSON.parse(text)
    if (typeof data.token === 'string') return data.token
  } catch {
    // falls through to the error
  }
  throw new CommandError(`token file ${JSON.stringify(file)} is not JSON with a "token" in it`)
}

function tls(config: CliConfig, env: Environment): TlsOptions {
  const read = (file: string) => (file === '' ? undefined : readFileSync(file, 'utf8'))
  const skip = env.AIS_SKIP_VERIFY_CRT ?? String(config.cluster.skip_verify_crt)
  return {
    ca: read(env.AIS_CLIENT_CA ?? config.cluster.client_ca_tls),
    cert: read(env.AIS_CRT ?? config.cluster.client_crt),
    key: read(env.AIS_CRT_KEY ?? config.cluster.client_crt_key),
    rejectUnauthorized: !isTrue(skip),
  }
}
