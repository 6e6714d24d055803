import { shortId } from '@aistore-ts/core/algorithms/short-id.ts'
import { endpoints } from '@aistore-ts/core/api/registry.ts'
import { emptyBmd } from '@aistore-ts/core/bucket/bmd.ts'
import { keepaliveJson } from '@aistore-ts/core/cluster/keepalive.ts'
import { createMetadata, loadMetadata, type Metadata } from '@aistore-ts/core/cluster/metadata.ts'
import { parseMetasync } from '@aistore-ts/core/cluster/metasync.ts'
import { createPrimary } from '@aistore-ts/core/cluster/primary.ts'
import {
  emptySmap,
  primaryOf,
  type Smap,
  withNode,
  withPrimary,
} from '@aistore-ts/core/cluster/smap.ts'
import { createSnode, type Snode, snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { LocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { createHandler, type RoleNode } from '@aistore-ts/core/node/dispatch.ts'
import { checkStatus } from '@aistore-ts/core/node/node-answer.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { createStats } from '@aistore-ts/core/node/stats.ts'
import type { Call, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { parseJsonBytes, stringifyJson } from '@aistore-ts/core/wire/json.ts'
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
  readonly daemonId?: string | undefined
  /** Public URL of a gateway to join through; absent for the one that starts a cluster. */
  readonly joinUrl?: string | undefined
  /** Targets the first gateway waits for before it serves (`-ntargets`). */
  readonly targetsExpected?: number | undefined
  readonly logToStderr?: boolean | undefined
  /** Asked for by a client (`shutdown`), or by loss of the node's ground. */
  onShutdown?(): void
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

const joinTimeoutMs = 5_000
/** Pause between two tries to join, ms. */
const joinPauseMs = 100
const defaultGraceMs = 5_000

/** The first map of a new cluster, or the kept one with this proxy's present addresses. */
function primarySmap(kept: Smap | undefined, self: Snode, uuid: string, createdAt: string): Smap {
  const flagged: Snode = { ...self, flags: self.flags | snodeFlags.ic }
  if (kept === undefined) {
    const first = withPrimary(withNode(emptySmap(), flagged), self.daemonId, 0)
    return { ...first, uuid, creationTime: createdAt }
  }
  return withPrimary(withNode(kept, flagged), self.daemonId, 0)
}

/** Opens the node's files and networks, makes it part of its cluster, and keeps it there until `stop`. */
export async function runNode(options: NodeOptions): Promise<RunningNode> {
  const { platform, local, role } = options
  const { clock, random } = platform
  const nodeLog = await openNodeLog({
    folder: local.log_dir,
    name: `ais${role}`,
    bytesMax: options.config.log.max_size,
    filesMax: 8,
    toStderr: options.logToStderr ?? options.config.log.to_stderr,
    debug: options.config.log.level >= '4',
  })
  const { log } = nodeLog
  const store = await openDocumentStore(local.confdir, log)
  const daemonId = await nodeIdentity(store, random, options.daemonId)
  const kept = await loadMetadata(store)
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
  const startsCluster = role === 'proxy' && options.joinUrl === undefined
  const uuid = shortId(random)
  const createdAt = new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ')
  const config = kept.config ?? (startsCluster ? { ...options.config, uuid } : options.config)
  const metadata = createMetadata(
    {
      smap: kept.smap ?? emptySmap(),
      bmd: kept.bmd ?? emptyBmd(),
      config,
    },
    store,
    log,
  )
  const transport = createTransport(platform)
  let joinedNow = false

  const context: NodeContext = {
    platform,
    log,
    logs: nodeLog.reader,
    metadata,
    transport,
    stats: createStats(),
    localConfig: local,
    softwareVersion,
    buildTime,
    startedAt,
    self: () => self,
    ready: () => joinedNow,
    hosts: () => new Set([self.publicNet.hostname, ...metadata.config().net.allowed_hosts]),
    shutdown: () => options.onShutdown?.(),
  }

  /** One keepalive at `url`: the primary learns of us, we take over what it knows better. */
  async function announceAt(url: string): Promise<void> {
    const body = stringifyJson(keepaliveJson(self, metadata))
    const call = { method: 'POST', target: '/v1/cluster/keepalive', body }
    const answer = await platform.call(url, call, joinTimeoutMs)
    await metadata.apply(parseMetasync(parseJsonBytes(await checkStatus(answer))))
  }

  /**
   * Tells the primary that we are here. Its address of the map may be of an earlier run, and somebody else may
   * have it now: the configured one is asked as well before we give up.
   */
  async function announce(): Promise<void> {
    const primary = primaryOf(metadata.smap())
    const known = primary === undefined || primary.daemonId === daemonId ? undefined : primary
    const urls = [known?.controlNet.url, options.joinUrl].filter((url) => url !== undefined)
    let failure: unknown = new AisError('ErrNotReady', 'no gateway to join through is known')
    for (const url of urls) {
      try {
        await announceAt(url)
        return
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  let runningTarget: RunningTarget | undefined
  if (role === 'proxy') {
    const primary = createPrimary({ metadata, transport, clock, log, self: () => self })
    const proxy = composeProxy({
      context,
      primary,
      initialConfig: options.config,
      refresh: () => announce().catch(() => undefined),
    })
    roleNode = { role, node: proxy }
    if (startsCluster) {
      await metadata.apply({
        smap: primarySmap(kept.smap, self, uuid, createdAt),
        bmd: kept.bmd === undefined ? { ...emptyBmd(shortId(random)), version: 1 } : undefined,
        config: kept.config === undefined ? { ...config, config_version: 1 } : undefined,
      })
    }
  } else {
    try {
      runningTarget = await composeTarget({
        context,
        refresh: () => announce().catch(() => undefined),
      })
    } catch (error) {
      await listeners.close(0)
      await nodeLog.close()
      throw error
    }
    roleNode = { role, node: runningTarget.target }
  }
  handler = createHandler(roleNode, endpoints)

  /** A new cluster opens when the targets it was promised are there, or when `startup_time` is over. */
  async function awaitTargets(): Promise<void> {
    const wanted = options.targetsExpected ?? 0
    const deadline = clock.monotonic() + metadata.config().timeout.startup_time
    while (metadata.smap().targets.size < wanted && clock.monotonic() < deadline) {
      await clock.sleep(joinPauseMs, stopping.signal)
    }
  }

  async function join(): Promise<void> {
    if (startsCluster) {
      await awaitTargets()
      joinedNow = true
      return
    }
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      try {
        await announce()
        joinedNow = true
        log.info('joined', { cluster: metadata.smap().uuid, smap: metadata.smap().version })
        return
      } catch (error) {
        if (error instanceof AisError && error.status === 400) throw error
        if (failures % 50 === 0) log.warn('cannot join yet', { error })
        await clock.sleep(joinPauseMs, stopping.signal).catch(() => undefined)
      }
    }
  }

  /** Keeps the node known to the primary, and its metadata current, until it stops. */
  async function keepAlive(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { keepalivetracker } = metadata.config()
      await clock.sleep(keepalivetracker[role].interval, stopping.signal).catch(() => undefined)
      if (stopping.signal.aborted) return
      if (roleNode?.role === 'proxy' && roleNode.node.isPrimary()) {
        await roleNode.node.primary.retryPending()
      } else {
        await announce().catch((error: unknown) => {
          context.stats.add('err.kalive.n')
          log.warn('keepalive failed', { error })
        })
      }
      await runningTarget?.tick()
    }
  }

  const joined = join()
  const loop = joined.then(keepAlive, () => undefined)
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
