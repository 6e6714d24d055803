import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import {
  applySetConfigQuery,
  type ClusterConfig,
  defaultClusterConfig,
} from '@aistore-ts/core/config/cluster-config.ts'
import { type LocalConfig, parseLocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { parseJson } from '@aistore-ts/core/wire/json.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { type AisnodeOptions, parseAisnode, UsageError, usage } from './aisnode-options.ts'
import { runNode } from './node/run-node.ts'
import { softwareVersion } from './node/version.ts'

async function readConfig(path: string, name: string): Promise<unknown> {
  try {
    return parseJson(await readFile(path, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`-${name}: cannot read ${path}: ${why}`)
  }
}

function isLoopback(host: string): boolean {
  return (
    host === '' ||
    host === 'localhost' ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  )
}

/** Without client auth the store is for this machine only, unless the operator insists. */
function checkExposure(local: LocalConfig, config: ClusterConfig, options: AisnodeOptions): void {
  const { hostname } = local.host_net
  if (isLoopback(hostname) || config.auth.client_auth_required || options.insecureNoAuth) return
  throw new UsageError(
    `host_net.hostname "${hostname}" is not loopback and auth.client_auth_required is off: ` +
      'configure authentication, or insist with -insecure-no-auth',
  )
}

/** The gateway to join through; a gateway whose own address is the primary's starts the cluster. */
function joinUrl(
  options: AisnodeOptions,
  local: LocalConfig,
  config: ClusterConfig,
): string | undefined {
  const { hostname, port } = local.host_net
  const own = `http://${hostname === '' ? '127.0.0.1' : hostname}:${port}`
  const stated = options.joinUrl ?? process.env.AIS_PRIMARY_EP ?? config.proxy.primary_url
  if (options.role === 'proxy' && (stated === '' || stated.replace(/\/$/, '') === own))
    return undefined
  if (stated === '') throw new UsageError('a target needs -join or proxy.primary_url')
  return stated.replace(/\/$/, '')
}

async function main(): Promise<void> {
  const options = parseAisnode(process.argv.slice(2), process.env)
  if (options === 'help') {
    process.stdout.write(usage)
    return
  }
  if (options === 'version') {
    process.stdout.write(`version ${softwareVersion}\n`)
    return
  }
  const local = parseLocalConfig(await readConfig(options.localConfig, 'local_config'))
  const fromFile = defaultClusterConfig(await readConfig(options.config, 'config'))
  const config =
    options.configCustom.length === 0
      ? fromFile
      : applySetConfigQuery(fromFile, options.configCustom)
  checkExposure(local, config, options)
  const node = await runNode({
    role: options.role,
    platform: await createPlatform(),
    local,
    config,
    daemonId: options.daemonId,
    joinUrl: joinUrl(options, local, config),
    targetsExpected: options.targetsExpected,
    logToStderr: options.logToStderr,
  })
  const stop = () => {
    node.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`aisnode: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (options.watchStdin) {
    process.stdin.on('end', stop)
    process.stdin.on('error', stop)
    process.stdin.resume()
  }
  await node.joined
  process.stdout.write(`ready ${node.snode.daemonId} ${node.snode.publicNet.url}\n`)
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`aisnode: ${message}\n`)
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`)
  process.exit(error instanceof UsageError ? 2 : 1)
})
