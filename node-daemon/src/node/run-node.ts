import { endpoints } from '@aistore-ts/core/api/registry.ts'
import { blankState } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import {
  type ControlPlane,
  createControlPlane,
} from '@aistore-ts/core/cluster/control/control-plane.ts'
import { resume } from '@aistore-ts/core/cluster/control/control-state.ts'
import { loadKept } from '@aistore-ts/core/cluster/control/control-store.ts'
import { createPeers } from '@aistore-ts/core/cluster/control/peers.ts'
import { createControlLoop, type GatewayParts } from '@aistore-ts/core/cluster/control-loop.ts'
import { createElection } from '@aistore-ts/core/cluster/election.ts'
import { beginCluster } from '@aistore-ts/core/cluster/first-state.ts'
import { createMembership } from '@aistore-ts/core/cluster/membership.ts'
import type { Metadata } from '@aistore-ts/core/cluster/metadata.ts'
import { createPrimary } from '@aistore-ts/core/cluster/primary.ts'
import { createSnode, type Snode } from '@aistore-ts/core/cluster/snode.ts'
import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { LocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { openNodeConfig } from '@aistore-ts/core/config/node-config.ts'
import { createHandler, type RoleNode } from '@aistore-ts/core/node/dispatch.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { createStats } from '@aistore-ts/core/node/stats.ts'
import type { Call, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { MountpathLimits } from '@aistore-ts/storage-driver/mountpath/limits.ts'
import { openDocumentStore } from '../files/document-store.ts'
import { openNodeLog } from '../files/node-log.ts'
import { composeProxy } from './compose-proxy.ts'
import { composeTarget, type RunningTarget } from './compose-target.ts'
import { nodeIdentity } from './identity.ts'
import { openListeners } from './listeners.ts'
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
  /** What departs from the limits of a target's disks. */
  readonly mountpathLimits?: Partial<MountpathLimits> | undefined
}

/** A node at work. */
export interface RunningNode {
  readonly snode: Snode
  /** Resolves when the node is in the map and serves. */
  readonly joined: Promise<void>
  readonly metadata: Metadata
  readonly control: ControlPlane
  /** Drains and stops; nothing of the node is left in the process. */
  stop(graceMs?: number): Promise<void>
}

const defaultGraceMs = 5_000
/** The longest pause between two looks at how many targets have come, ms. */
const expectedTargetsLookMs = 100
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
  const blank = blankState(options.config)
  const kept = await loadKept(store, blank)
  const control = createControlPlane({
    initial: resume(
      daemonId,
      kept ?? { term: 0, votedFor: '', committed: blank, pending: undefined },
      clock.monotonic(),
      options.config.timeout.startup_time,
    ),
    store,
    clock,
    log,
  })
  const { metadata } = control
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
  const peers = createPeers(platform)
  const stats = createStats()
  let joinedNow = false

  const context: NodeContext = {
    platform,
    log,
    logs: nodeLog.reader,
    metadata,
    control,
    peers,
    settings,
    transport,
    stats,
    localConfig: local,
    softwareVersion,
    buildTime,
    startedAt,
    self: () => self,
    ready: () => joinedNow,
    hosts,
  }

  const joinUrls = options.joinUrl === undefined ? [] : [options.joinUrl]
  const membership = createMembership({ control, peers, self: () => self, joinUrls })
  const refresh = () => membership.announce().catch(() => undefined)

  let runningTarget: RunningTarget | undefined
  let gateway: GatewayParts | undefined
  if (role === 'proxy') {
    const primary = createPrimary({ control, peers, clock, log })
    const election = createElection({ control, peers, clock, random, log })
    gateway = { primary, election }
    roleNode = { role, node: composeProxy({ context, primary, election, refresh }) }
    if (kept === undefined && options.joinUrl === undefined) {
      await control.run((state) => beginCluster(state, self, options.config, platform))
    }
  } else {
    try {
      runningTarget = await composeTarget({
        context,
        store,
        refresh,
        limits: options.mountpathLimits,
      })
    } catch (error) {
      await listeners.close(0)
      await nodeLog.close()
      throw error
    }
    roleNode = { role, node: runningTarget.target }
  }
  handler = createHandler(roleNode, endpoints)

  const controlLoop = createControlLoop({
    control,
    membership,
    gateway,
    clock,
    log,
    stopping: stopping.signal,
    self: () => self,
    onKeepaliveError(error) {
      stats.add('err.kalive.n')
      log.warn('keepalive failed', { error })
    },
  })

  /** A new cluster opens when the targets it was promised are there, or when `startup_time` is over. */
  async function awaitTargets(): Promise<void> {
    if (options.joinUrl !== undefined || role !== 'proxy') return
    const expected = options.targetsExpected ?? 0
    const deadline = clock.monotonic() + metadata.config().timeout.startup_time
    for (;;) {
      const left = deadline - clock.monotonic()
      if (metadata.smap().targets.size >= expected || left <= 0 || stopping.signal.aborted) return
      await control.change(Math.min(left, expectedTargetsLookMs))
    }
  }

  async function housekeeping(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(control.timing().intervalMs, stopping.signal).catch(() => undefined)
      if (!stopping.signal.aborted) await runningTarget?.tick()
    }
  }

  const inMap = controlLoop.join()
  const loop = inMap
    .then(() => Promise.all([controlLoop.run(), housekeeping()]))
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) log.error('control plane stopped', { error })
    })
  const joined = inMap.then(awaitTargets).then(() => {
    joinedNow = !stopping.signal.aborted
    if (joinedNow) log.info('joined', { cluster: metadata.smap().uuid })
  })
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
    control,
    stop(graceMs = defaultGraceMs) {
      stopped ??= stop(graceMs)
      return stopped
    },
  }
}
