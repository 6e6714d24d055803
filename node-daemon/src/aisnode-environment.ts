import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import { type LocalConfig, parseLocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { MountpathLimits } from '@aistore-ts/storage-driver/mountpath/limits.ts'
import { type AisnodeOptions, type Environment, UsageError } from './aisnode-options.ts'

/**
 * The node's configuration with what the environment says of its public address: `AIS_HOST_IP`, `AIS_HOST_PORT`.
 * @throws UsageError naming the variable
 * @see AIStore docs/environment-vars.md
 */
export function withHostOfEnvironment(local: LocalConfig, env: Environment): LocalConfig {
  const { AIS_HOST_IP: ip = '', AIS_HOST_PORT: port = '' } = env
  if (ip === '' && port === '') return local
  try {
    return parseLocalConfig({
      ...local,
      host_net: {
        ...local.host_net,
        hostname: ip === '' ? local.host_net.hostname : ip,
        port: port === '' ? local.host_net.port : port,
      },
    })
  } catch (error) {
    if (!isAisError(error)) throw error
    throw new UsageError(`AIS_HOST_IP="${ip}", AIS_HOST_PORT="${port}": ${error.message}`)
  }
}

/** `host[:port]` or a URL without a path, as an origin. @throws UsageError */
function originOf(text: string, source: string, scheme: string): string {
  const url = URL.parse(text.includes('://') ? text : `${scheme}://${text}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UsageError(`${source}: expecting host[:port] or a URL (have "${text}")`)
  }
  if (url.pathname !== '/' || url.search !== '') {
    throw new UsageError(`${source}: not expecting a path (have "${text}")`)
  }
  return url.origin
}

/**
 * The gateway to join through: `-join`, else `AIS_PRIMARY_EP`, else `proxy.primary_url`. A gateway whose own address
 * that is starts the cluster: `undefined`; so it is of a node that stands by, or knows only the original or discovery URL.
 * @throws UsageError
 */
export function joinUrlOf(
  options: Pick<AisnodeOptions, 'role' | 'joinUrl' | 'standby' | 'tls'>,
  env: Environment,
  local: LocalConfig,
  config: ClusterConfig,
): string | undefined {
  const candidates: readonly (readonly [source: string, text: string | undefined])[] = [
    ['-join', options.joinUrl],
    ['AIS_PRIMARY_EP', env.AIS_PRIMARY_EP],
    ['proxy.primary_url', config.proxy.primary_url],
  ]
  const [source, text = ''] = candidates.find(([, each]) => each !== undefined && each !== '') ?? []
  if (source === undefined) {
    const { original_url, discovery_url } = config.proxy
    const waits = options.standby || original_url !== '' || discovery_url !== ''
    if (options.role === 'proxy' || waits) return undefined
    throw new UsageError('a target needs -join, AIS_PRIMARY_EP or proxy.primary_url')
  }
  const { hostname, port } = local.host_net
  const scheme = options.tls !== undefined || config.net.http.use_https ? 'https' : 'http'
  const host = `${hostname === '' ? '127.0.0.1' : hostname}:${port}`
  const own = originOf(host, 'host_net', scheme)
  const stated = originOf(text, source, scheme)
  return options.role === 'proxy' && stated === own ? undefined : stated
}

/**
 * How a target scrubs its disks: `AIS_SCRUB_RATE` (MiB a second), `AIS_SCRUB_INTERVAL` (hours). Ours alone.
 * @throws UsageError naming the variable
 */
export function limitsOfEnvironment(env: Environment): Partial<MountpathLimits> {
  const rate = wholeNumberOf('AIS_SCRUB_RATE', env, 0)
  const interval = wholeNumberOf('AIS_SCRUB_INTERVAL', env, 1)
  return {
    ...(rate === undefined ? {} : { scrubBytesPerSecond: rate * 1024 * 1024 }),
    ...(interval === undefined ? {} : { scrubIntervalMs: interval * 3_600_000 }),
  }
}

function wholeNumberOf(name: string, env: Environment, min: number): number | undefined {
  const text = env[name] ?? ''
  if (text === '') return undefined
  if (!/^\d{1,6}$/.test(text) || Number(text) < min) {
    throw new UsageError(`${name}: expecting a whole number from ${min} on (have "${text}")`)
  }
  return Number(text)
}
