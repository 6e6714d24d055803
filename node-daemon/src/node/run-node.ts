import { createAbsorption } from '@aistore-ts/core/cluster/absorption.ts'
import { createClusterTime } from '@aistore-ts/core/cluster/cluster-time.ts'
import type { ControlPlane } from '@aistore-ts/core/cluster/control/control-plane.ts'
import { createPeers } from '@aistore-ts/core/cluster/control/peers.ts'
import { createControlLoop, type GatewayParts } from '@aistore-ts/core/cluster/control-loop.ts'
import { findCluster } from '@aistore-ts/core/cluster/discover.ts'
import { createElection } from '@aistore-ts/core/cluster/election.ts'
import { beginCluster } from '@aistore-ts/core/cluster/first-state.ts'
import { createHandOver, type HandOver } from '@aistore-ts/core/cluster/hand-over.ts'
import { createKeyRing } from '@aistore-ts/core/cluster/key-ring.ts'
import { createMembership } from '@aistore-ts/core/cluster/membership.ts'
import type { Metadata } from '@aistore-ts/core/cluster/metadata.ts'
import { createPrimary } from '@aistore-ts/core/cluster/primary.ts'
import { findNode } from '@aistore-ts/core/cluster/smap.ts'
import { createSnode, type Snode, snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { composeProxy } from '@aistore-ts/core/node/compose-proxy.ts'
import { composeTarget, type RunningTarget } from '@aistore-ts/core/node/compose-target.ts'
import type { RoleNode } from '@aistore-ts/core/node/dispatch.ts'
import type { Departure } from '@aistore-ts/core/node/lifecycle.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { createNodeHandlers, type NodeHandlers } from '@aistore-ts/core/node/node-handlers.ts'
import { nodeName } from '@aistore-ts/core/node/node-name.ts'
import { isOfS3, refusalReply, s3RefusalReply } from '@aistore-ts/core/node/refusal-reply.ts'
import { createStats } from '@aistore-ts/core/node/stats.ts'
import type { Reply } from '@aistore-ts/core/ports/call.ts'
import { createRedirectParts } from '@aistore-ts/core/redirect/redirect-parts.ts'
import { writeOwner } from '../files/disk-owner.ts'
import { openNodeLog } from '../files/node-log.ts'
import { createAllowedHosts } from './allowed-hosts.ts'
import { awaitTargets } from './await-targets.ts'
import { diskOpener } from './disk-opener.ts'
import { createLife } from './life.ts'
import { openListeners } from './listeners.ts'
import type { NodeOptions } from './node-options.ts'
import { openNodeState } from './node-state.ts'
import { openNodeTls } from './node-tls.ts'
import { createTransport } from './transport.ts'
import { buildTime, softwareVersion } from './version.ts'

/** A node at work. */
export interface RunningNode {
  readonly snode: Snode
  /** URL of S3 at the root, where that was asked for. */
  readonly s3Url: string | undefined
  /** Resolves when the node is in the map and serves. */
  readonly joined: Promise<void>
  /** Out of the map until an administrator, or a disk, brings it in. */
  standsAside(): boolean
  readonly metadata: Metadata
  readonly control: ControlPlane
  /** Drains and stops; nothing of the node is left in the process. A primary hands over first. */
  stop(options?: StopOptions): Promise<void>
  /** Resolves when the node is gone, with how the cluster ordered it, if it did. */
  readonly gone: Promise<Departure | undefined>
}

export interface StopOptions {
  /** Time that calls in progress have, ms. */
  readonly graceMs?: number
  /** The whole cluster stops: nobody is there to hand over to. */
  readonly withCluster?: boolean
}

const defaultGraceMs = 5_000
/** Time a primary that stops has to hand over, ms. */
const handOverMs = 1_000
/** Rotated logs kept beside the one that is written. */
const rotatedLogsMax = 8

/** Opens the node's files and networks, makes it part of its cluster, and keeps it there until `stop`. */
export async function runNode(options: NodeOptions): Promise<RunningNode> {
  const { local, role } = options
  const { clock, random } = options.platform
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
  const state = await openNodeState(options, log).catch(async (error: unknown) => {
    await nodeLog.close()
    throw error
  })
  const { store, daemonId, control, settings } = state
  const { metadata } = control
  const { tls, platform } = await openNodeTls(options, settings.current().net, log).catch(
    async (error: unknown) => {
      await nodeLog.close()
      throw error
    },
  )
  logSettings = () => settings.current().log
  const stopping = new AbortController()
  const startedAt = clock.monotonic()

  let roleNode: RoleNode | undefined
  let handlers: NodeHandlers | undefined
  const notYet: Reply = { status: 503, headers: [] }
  const listeners = await openListeners({
    platform,
    local,
    log,
    tls,
    handler: (call) => handlers?.main(call) ?? notYet,
    s3:
      options.s3Port === undefined
        ? undefined
        : { port: options.s3Port, handler: (call) => handlers?.s3(call) ?? notYet },
    refuse: (refused, s3) =>
      s3 || isOfS3(refused)
        ? s3RefusalReply(refused, random)
        : refusalReply(nodeName({ daemonId, daemonType: role }), refused),
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
    flags: options.nonElectable === true ? snodeFlags.nonElectable : 0,
    exchangeKey: state.exchangeKeys.publicKey,
  })
  const transport = createTransport(platform)
  const time = createClusterTime(clock)
  const hosts = createAllowedHosts(self, metadata)
  const peers = createPeers(platform)
  const stats = createStats()
  let joinedNow = false
  const standsBy = options.standby === true && findNode(metadata.smap(), daemonId) === undefined
  const life = createLife({ log, marker: state.marker, standby: standsBy, leave })

  const context: NodeContext = {
    platform,
    log,
    logs: nodeLog.reader,
    metadata,
    control,
    peers,
    settings,
    transport,
    time,
    keyRing: createKeyRing({
      crypto: platform.crypto,
      random,
      metadata,
      nowMs: () => clock.now(),
      sealingKey: options.sealingKey,
    }),
    ...createRedirectParts({ platform, metadata, time, own: state.exchangeKeys, self: () => self }),
    stats,
    lifecycle: life,
    localConfig: local,
    tls,
    softwareVersion,
    buildTime,
    startedAt,
    self: () => self,
    ready: () => joinedNow && !life.standby(),
    hosts,
  }

  /** Gateways to ask beside those of the map. */
  function joinUrls(): readonly string[] {
    const { primary_url, original_url, discovery_url } = metadata.config().proxy
    const named = [...life.entries(), options.joinUrl ?? '', primary_url, original_url]
    return [...named, discovery_url].filter((url) => url !== '')
  }
  const membership = createMembership({
    control,
    peers,
    time,
    self: () => self,
    joinUrls,
    expectedCluster: state.diskCluster,
    rebalanced: () => runningTarget?.target.rebalancer.finished() ?? 0,
  })
  async function refresh(): Promise<void> {
    if (!life.standby()) await membership.announce().catch(() => undefined)
  }

  /** A gateway without a past starts the cluster, unless it is there already. */
  async function startCluster(): Promise<void> {
    if (!state.fresh || options.joinUrl !== undefined || life.standby()) return
    const others = joinUrls().filter((url) => url !== self.publicNet.url)
    const found = await findCluster(peers, clock, others)
    if (found !== undefined) {
      log.warn('a cluster is there already: joining it', { through: found })
      return
    }
    if (options.nonElectable === true) {
      throw new AisError('ErrBadRequest', 'a non-electable gateway cannot start a cluster')
    }
    await control.run((now) => beginCluster(now, self, options.config, platform))
  }

  async function closeAll(error: unknown): Promise<never> {
    await listeners.close(0)
    await runningTarget?.close()
    await nodeLog.close()
    throw error
  }

  /** Tells the disks whose they are: when the node's folder is lost, they know. */
  async function ownDisks(cluster: string): Promise<void> {
    const paths = runningTarget?.target.mountpaths().map(({ path }) => path) ?? []
    await writeOwner(paths, { daemonId, cluster }, log)
  }

  let runningTarget: RunningTarget | undefined
  let gateway: GatewayParts | undefined
  let handOver: HandOver | undefined
  if (role === 'proxy') {
    const primary = createPrimary({ control, peers, time, clock, log })
    const election = createElection({ control, peers, clock, random, log })
    handOver = createHandOver({ control, peers, primary, clock, log })
    const proxy = composeProxy({ context, primary, election, handOver, refresh })
    gateway = { primary, election, operations: proxy.operations }
    roleNode = { role, node: proxy }
    await startCluster().catch(closeAll)
  } else {
    try {
      runningTarget = await composeTarget({
        context,
        store,
        refresh,
        confirmedAt: membership.confirmedAt,
        openDisk: diskOpener(context, options.mountpathLimits),
      })
      await ownDisks(metadata.smap().uuid || state.diskCluster)
    } catch (error) {
      return closeAll(error)
    }
    roleNode = { role, node: runningTarget.target }
    const { completed } = metadata.rmd()
    metadata.onChange((_, { rmd }) => {
      if (rmd === undefined || rmd.completed < rmd.version || rmd.completed === completed) return
      // It took part: whatever its crash left behind was looked at.
      if (rmd.targetIds.includes(daemonId)) life.forgetCrash()
    })
  }
  handlers = createNodeHandlers(roleNode)

  const controlLoop = createControlLoop({
    control,
    membership,
    gateway,
    absorption: createAbsorption({
      control,
      peers,
      clock,
      log,
      primary: gateway?.primary,
      joinUrls,
      async entered({ uuid, urls }) {
        await ownDisks(uuid)
        for (const url of urls) life.enter(url)
      },
    }),
    clock,
    log,
    stopping: stopping.signal,
    standby: life.standby,
    self: () => self,
    onKeepaliveError(error) {
      stats.add('err.kalive.n')
      log.warn('keepalive failed', { error })
    },
  })

  async function housekeeping(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(control.timing().intervalMs, stopping.signal).catch(() => undefined)
      if (!stopping.signal.aborted) await runningTarget?.tick()
    }
  }

  // Whoever finds this target in the map sends calls at once.
  if (role === 'target') {
    metadata.onChange((_, { smap }) => {
      if (smap?.targets.has(daemonId)) joinedNow = !stopping.signal.aborted
    })
  }
  const inMap = controlLoop.join()
  const loop = inMap
    .then(() => Promise.all([controlLoop.run(), housekeeping()]))
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) log.error('control plane stopped', { error })
    })
  // A new cluster opens when the targets it was promised are there.
  const promised =
    role === 'proxy' && options.joinUrl === undefined ? (options.targetsExpected ?? 0) : 0
  const complete = () => awaitTargets(promised, control, clock, stopping.signal)
  const joined = inMap.then(complete).then(async () => {
    await ownDisks(metadata.smap().uuid)
    joinedNow = !stopping.signal.aborted
    if (joinedNow) log.info('joined', { cluster: metadata.smap().uuid })
  })
  // Who starts several nodes looks at them later.
  joined.catch(() => undefined)
  log.info('started', {
    role,
    daemonId,
    runtime: `${platform.name} ${platform.version}`,
    url: self.publicNet.url,
  })

  let stopped: Promise<void> | undefined
  let leaveForGood: (departure: Departure | undefined) => void = () => undefined
  const gone = new Promise<Departure | undefined>((resolve) => {
    leaveForGood = resolve
  })

  async function stopNow({ graceMs = defaultGraceMs, withCluster = false }: StopOptions) {
    log.info('stopping')
    if (!withCluster) await handOver?.beforeStop(handOverMs)
    joinedNow = false
    stopping.abort(new Error('stopping'))
    await listeners.close(graceMs)
    if (!withCluster && !life.standby()) await membership.farewell()
    await loop
    await runningTarget?.close()
    await state.marker?.leave()
    tls?.close()
    log.info('stopped')
    await nodeLog.close()
  }

  function stopOnce(options: StopOptions): Promise<void> {
    stopped ??= stopNow(options)
    return stopped
  }

  /** Ends, or stands aside, as the cluster ordered. */
  async function leave(departure: Departure): Promise<void> {
    const { forget, removeUserData, stay } = departure
    if (!stay) await stopOnce({ withCluster: true })
    else if (removeUserData) await runningTarget?.removeAll()
    if (forget) await state.forget(removeUserData, stay)
    if (!stay) leaveForGood(departure)
  }

  return {
    snode: self,
    s3Url: listeners.s3?.url,
    joined,
    standsAside: life.standby,
    metadata,
    control,
    gone,
    async stop(options = {}) {
      await stopOnce(options)
      leaveForGood(undefined)
    },
  }
}
