import { readFile, rm } from 'node:fs/promises'
import { isIP } from 'node:net'
import {
  type ClusterConfig,
  defaultClusterConfig,
  settingsFromText,
  settingsNamed,
} from '@aistore-ts/core/config/cluster-config.ts'
import { checkNodeScope } from '@aistore-ts/core/config/config-scope.ts'
import { type LocalConfig, parseLocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import { parseJson } from '@aistore-ts/core/wire/json.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { joinUrlOf, limitsOfEnvironment, withHostOfEnvironment } from './aisnode-environment.ts'
import { type AisnodeOptions, parseAisnode, UsageError, usage } from './aisnode-options.ts'
import { loadSealingKey } from './files/sealing-key.ts'
import type { NodeOptions } from './node/node-options.ts'
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

/** `-config_custom` as the settings of this node. @throws UsageError naming the setting */
function customSettings(options: AisnodeOptions): NodeOptions['overrides'] {
  if (options.configCustom.length === 0) return undefined
  try {
    const json = settingsFromText(options.configCustom)
    checkNodeScope([...settingsNamed(json).keys()])
    return { json, transient: options.transient }
  } catch (error) {
    if (!isAisError(error)) throw error
    throw new UsageError(`-config_custom: ${error.message}`)
  }
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
  const overrides = customSettings(options)
  const local = withHostOfEnvironment(
    parseLocalConfig(await readConfig(options.localConfig, 'local_config')),
    process.env,
  )
  const config = defaultClusterConfig(await readConfig(options.config, 'config'))
  checkExposure(local, config, options)
  const joinUrl = joinUrlOf(options, process.env, local, config)
  const node = await runNode({
    role: options.role,
    platform: await createPlatform(),
    local,
    config,
    overrides,
    daemonId: options.daemonId,
    joinUrl,
    // Who starts the cluster makes the key; the others are given it.
    sealingKey: await loadSealingKey(local.confdir, process.env, joinUrl === undefined),
    nonElectable: options.nonElectable,
    standby: options.standby,
    targetsExpected: options.targetsExpected,
    s3Port: options.role === 'proxy' ? options.s3Port : undefined,
    tlsFiles: options.tls,
    logToStderr: options.logToStderr,
    mountpathLimits: limitsOfEnvironment(process.env),
  })
  const stop = (withCluster: boolean) => {
    node.stop({ withCluster }).catch(fail)
  }
  process.on('SIGTERM', () => stop(false))
  process.on('SIGINT', () => stop(false))
  if (options.watchStdin) {
    // Who started this node started the others, too: all of them go.
    process.stdin.on('end', () => stop(true))
    process.stdin.on('error', () => stop(true))
    process.stdin.resume()
  }
  node.gone
    .then(async (departure) => {
      if (departure?.forget === true && !departure.keepInitialConfig) {
        await rm(options.config, { force: true })
        await rm(options.localConfig, { force: true })
      }
      process.exit(0)
    })
    .catch(fail)
  if (node.standsAside()) {
    process.stdout.write(`standing by ${node.snode.daemonId} ${node.snode.publicNet.url}\n`)
  }
  await node.joined
  process.stdout.write(`ready ${node.snode.daemonId} ${node.snode.publicNet.url}\n`)
}

function fail(error: unknown): never {
  process.stderr.write(`aisnode: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`aisnode: ${message}\n`)
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`)
  process.exit(error instanceof UsageError ? 2 : 1)
})
