import { endpoints } from '@aistore-ts/core/api/registry.ts'
import { emptyBmd } from '@aistore-ts/core/bucket/bmd.ts'
import { createMetadata, loadMetadata, type Metadata } from '@aistore-ts/core/cluster/metadata.ts'
import { createPrimary } from '@aistore-ts/core/cluster/primary.ts'
import { emptySmap } from '@aistore-ts/core/cluster/smap.ts'
import { createSnode, type Snode } from '@aistore-ts/core/cluster/snode.ts'
import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { LocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { openNodeConfig } from '@aistore-ts/core/config/node-config.ts'
import { createHandler, type RoleNode } from '@aistore-ts/core/node/dispatch.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { createStats } from '@aistore-ts/core/node/stats.ts'
import type { Call, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { openDocumentStore } from '../files/document-store.ts'
import { openNodeLog } from '../files/node-log.ts'
import { composeProxy } from './compose-proxy.ts'
import { composeTarget, type RunningTarget } from './compose-target.ts'
import { firstMetadata } from './first-metadata.ts'
import { nodeIdentity } from './identity.ts'
import { openListeners } from './listeners.ts'
import { createMembership } from './membership.ts'
import { createTransport } from './transport.ts'
import { buildTime, softwareVersion } from './version.ts'

export interface NodeOptions {
  readonly role: 'proxy' | 'target'
  readonly platform: Platform
  readonly local: LocalConfig
  /** The cluster config of the file; what the cluster has agreed on since takes precedence. */
  readonly config: ClusterConfig
  /** Settings for this node alone, in the shape of `set-config` (`-config_custom`). */
  readonly overrides?: { readonly json: unknown; readonly transient: boolean } | undefined
  readonly daemonId?: string | undefined
  /** Public URL of a gateway to join through; absent for the one that starts a cluster. */
  readonly joinUrl?: string | undefined
  /** Targets the first gateway waits for before it serves (`-ntargets`). */
  readonly targetsExpected?: number | undefined
  readonly logToStderr?: boolean | undefined
}

/** A node at work. */
export interface RunningNode {
  readonly snode: Snode
  /** Resolves when the node is in the map and serves. */
  readonly joined: Promise<void>
  metadata: Metadata
  /** Drains and stops; nothing of the node is left in the process. */
  stop(graceMs?: number): Promise<void>
}

const defaultGraceMs = 5_000
/** Rotated logs kept beside the one that is written. */
const rotatedLogsMax = 8

/** Opens the node's files and networks, makes it part of its cluster, and keeps it there until `stop`. */
export async function runNode(options: NodeOptions): Promise<RunningNode> {
  const { platform, local, role } = options
  const { clock, random } = platform
  let logSettings = () => options.config.log
  const nodeLog = await openNodeLog({
    folder: local.log_dir,
    name: `ais${role}`,
    bytesMax: () => logSettings().max_size,
    filesMax: rotatedLogsMax,
    toStderr: options.logToStderr ?? options.config.log.to_stderr,
    debug: () => logSettings().level >= '4',
  })
  const { log } = nodeLog
  const store = await openDocumentStore(local.confdir, log)
  const daemonId = await nodeIdentity(store, random, options.daemonId)
  const kept = await loadMetadata(store)
  const config = kept.config ?? options.config
  const metadata = createMetadata(
    { smap: kept.smap ?? emptySmap(), bmd: kept.bmd ?? emptyBmd(), config },
    store,
    log,
  )
  const settings = await openNodeConfig({ store, log, cluster: metadata.config })
  const { overrides } = options
  if (overrides !== undefined) {
    await settings.set(overrides.json, { transient: overrides.transient })
  }
  logSettings = () => settings.current().log
  const stopping = new AbortController()
  const startedAt = clock.monotonic()

  let roleNode: RoleNode | undefined
  let handler: ((call: Call) => Reply | Promise<Reply>) | undefined
  const listeners = await openListeners({
    platform,
    local,
    log,
    role,
    handler: (call) => handler?.(call) ?? { status: 503, headers: [] },
  }).catch(async (error: unknown) => {
    await nodeLog.close()
    throw error
  })

  const self = createSnode({
    daemonId,
    daemonType: role,
    publicNet: listeners.publicNet,
    controlNet: listeners.controlNet,
    dataNet: listeners.dataNet,
    fastNet: listeners.fastNet,
  })
  const ownHosts = [self.publicNet, self.controlNet, self.dataNet].map((net) => net.hostname)
  const transport = createTransport(platform)
  let allowed: { readonly config: ClusterConfig; readonly names: ReadonlySet<string> } | undefined
  /** Asked by every call: made anew only when the configuration changed. */
  const hosts = (): ReadonlySet<string> => {
    const now = metadata.config()
    if (allowed?.config !== now) {
      allowed = { config: now, names: new Set([...ownHosts, ...now.net.allowed_hosts]) }
    }
    return allowed.names
  }
  let joinedNow = false

  const context: NodeContext = {
    platform,
    log,
    logs: nodeLog.reader,
    metadata,
    settings,
    transport,
    stats: createStats(),
    localConfig: local,
    softwareVersion,
    buildTime,
    startedAt,
    self: () => self,
    ready: () => joinedNow,
    hosts,
  }

  const membership = createMembership({
    context,
    joinUrl: options.joinUrl,
    targetsExpected: options.targetsExpected ?? 0,
    stopping: stopping.signal,
  })
  const refresh = () => membership.announce().catch(() => undefined)

  let runningTarget: RunningTarget | undefined
  if (role === 'proxy') {
    const primary = createPrimary({ metadata, transport, clock, log, self: () => self })
    const proxy = composeProxy({
      context,
      primary,
      refresh,
    })
    roleNode = { role, node: proxy }
    if (options.joinUrl === undefined) {
      await metadata.apply(firstMetadata(kept, config, self, platform))
    }
  } else {
    try {
      runningTarget = await composeTarget({ context, refresh })
    } catch (error) {
      await listeners.close(0)
      await nodeLog.close()
      throw error
    }
    roleNode = { role, node: runningTarget.target }
  }
  handler = createHandler(roleNode, endpoints)

  const node = roleNode
  async function tick(): Promise<void> {
    if (node.role === 'proxy' && node.node.isPrimary()) await node.node.primary.retryPending()
    await runningTarget?.tick()
  }

  const joined = membership.join().then(() => {
    joinedNow = !stopping.signal.aborted
  })
  const loop = joined.then(() => membership.keepAlive(tick)).catch(() => undefined)
  log.info('started', {
    role,
    daemonId,
    runtime: `${platform.name} ${platform.version}`,
    url: self.publicNet.url,
  })

  let stopped: Promise<void> | undefined
  async function stop(graceMs: number): Promise<void> {
    log.info('stopping')
    joinedNow = false
    stopping.abort(new Error('stopping'))
    await listeners.close(graceMs)
    await loop
    await runningTarget?.close()
    log.info('stopped')
    await nodeLog.close()
  }

  return {
    snode: self,
    joined,
    metadata,
    stop(graceMs = defaultGraceMs) {
      stopped ??= stop(graceMs)
      return stopped
    },
  }
}
