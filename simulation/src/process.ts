import { endpoints } from '@aistore-ts/core/api/registry.ts'
import { createAbsorption } from '@aistore-ts/core/cluster/absorption.ts'
import { createClusterTime } from '@aistore-ts/core/cluster/cluster-time.ts'
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
import { createHandOver } from '@aistore-ts/core/cluster/hand-over.ts'
import { createKeyRing } from '@aistore-ts/core/cluster/key-ring.ts'
import { createMembership } from '@aistore-ts/core/cluster/membership.ts'
import { createPrimary, type Primary } from '@aistore-ts/core/cluster/primary.ts'
import { createSnode, netInfo, type Snode, snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import { parseLocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { openNodeConfig } from '@aistore-ts/core/config/node-config.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import { composeProxy } from '@aistore-ts/core/node/compose-proxy.ts'
import { composeTarget } from '@aistore-ts/core/node/compose-target.ts'
import { createHandler, type RoleNode } from '@aistore-ts/core/node/dispatch.ts'
import type { Departure, Lifecycle } from '@aistore-ts/core/node/lifecycle.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { createStats } from '@aistore-ts/core/node/stats.ts'
import type { Network as Face, Handler } from '@aistore-ts/core/ports/call.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { openExchangeKeys } from '@aistore-ts/core/redirect/exchange-key.ts'
import { createRedirectParts } from '@aistore-ts/core/redirect/redirect-parts.ts'
import type { DataDisk } from './data-disk.ts'
import type { Disk } from './disk.ts'
import type { Host } from './host.ts'
import { createMemoryMountpath, OpenFiles } from './memory-mountpath.ts'
import type { Mistake } from './mistake.ts'
import type { SimNetwork } from './network.ts'

/** What a machine lends to the process that runs on it. */
export interface ProcessParts {
  readonly role: 'proxy' | 'target'
  readonly host: Host
  readonly platform: Platform
  readonly network: SimNetwork
  readonly disk: Disk
  readonly dataDisk: DataDisk
  readonly log: Log
  readonly config: ClusterConfig
  /** Where it listens: `http://NAME:PORT`, one port per network. */
  readonly hostname: string
  readonly port: number
  readonly nonElectable: boolean
  readonly nodeId: string
  /** Starts the cluster when it has no past. */
  readonly first: boolean
  /** Public URLs of gateways that everybody knows. */
  joinUrls(): readonly string[]
  readonly mistake: Mistake | undefined
  /** The cluster ordered this node to end. */
  onDepart(departure: Departure): void
}

/** A node's process at work, made of the code of a real one. */
export interface SimProcess {
  readonly host: Host
  readonly self: Snode
  readonly control: ControlPlane
  readonly clock: Clock
  joined(): boolean
}

/** Time between an order to end and the end, ms. */
const departMs = 1

/** What secrets of access keys are sealed with, at every gateway. */
const sealingKey = new Uint8Array(32)

const faces: readonly Face[] = ['public', 'control', 'data']

function planted(control: ControlPlane, mistake: Mistake | undefined): ControlPlane {
  const { step: distort } = mistake ?? {}
  if (distort === undefined) return control
  return {
    ...control,
    run: (step) =>
      control.run((state, now) => {
        const after = step(state, now)
        return { ...after, state: distort(after.state, now) }
      }),
  }
}

/** Planted: a change that no quorum holds yet is called done. */
function hasty(primary: Primary): Primary {
  async function hurry<T>(change: Promise<T>, otherwise: () => T): Promise<T> {
    try {
      return await change
    } catch (error) {
      if (isAisError(error, 'ErrNotReady') && error.message.includes('may still come')) {
        return otherwise()
      }
      throw error
    }
  }
  return {
    ...primary,
    updateBmd(change) {
      let last: Awaited<ReturnType<Primary['updateBmd']>> | undefined
      const done = primary.updateBmd((bmd) => {
        last = change(bmd) ?? bmd
        return change(bmd)
      })
      return hurry(done, () => {
        if (last === undefined) throw new Error('assert: nothing was proposed')
        return last
      })
    },
  }
}

/** Starts a node as the daemon does: what it kept, its parts, its place in the cluster. */
export async function startProcess(parts: ProcessParts): Promise<SimProcess> {
  const { role, host, platform, network, disk, log, config, mistake } = parts
  const { clock, random } = platform
  const store = disk.storeOf(host)
  const blank = blankState(config)
  const found = await loadKept(store, blank)
  const kept = found && (mistake?.kept?.(found) ?? found)
  const initial = resume(
    parts.nodeId,
    kept ?? { term: 0, votedFor: '', committed: blank, pending: undefined },
    clock.monotonic(),
    config.timeout.startup_time,
  )
  const control = planted(createControlPlane({ initial, store, clock, log }), mistake)
  const { metadata } = control
  const settings = await openNodeConfig({ store, log, cluster: metadata.config })

  const { hostname, port } = parts
  const [publicNet, controlNet, dataNet] = [
    netInfo(hostname, port),
    netInfo(hostname, port + 1_000),
    netInfo(hostname, port + 2_000),
  ]
  const flags = parts.nonElectable ? snodeFlags.nonElectable : 0
  const exchangeKeys = await openExchangeKeys(store, random, platform.crypto)
  const self = createSnode({
    daemonId: parts.nodeId,
    daemonType: role,
    publicNet,
    controlNet,
    dataNet,
    flags,
    exchangeKey: exchangeKeys.publicKey,
  })
  const files = new OpenFiles()
  let handler: Handler = () => ({ status: 503, headers: [] })
  for (const [at, { url }] of [publicNet, controlNet, dataNet].entries()) {
    const face = faces[at] ?? 'public'
    const readSlice = (slice: { readonly fd: number; offset: number; length: number }) =>
      files.read(slice)
    network.listen(url, {
      host,
      face,
      handler: (call) => handler(call),
      state: control.state,
      readSlice,
    })
  }

  let joined = false
  let aside = false
  let departed = false
  const entries: string[] = []
  const lifecycle: Lifecycle = {
    standby: () => aside,
    standAside() {
      aside = true
    },
    enter(url) {
      entries.unshift(url)
      aside = false
    },
    crashed: () => false,
    forgetCrash() {},
    depart(departure) {
      if (departed) return
      departed = true
      // The answer still goes out.
      host.after(departMs, () => parts.onDepart(departure))
    },
  }
  const realPeers = createPeers(platform)
  const peers = mistake?.peers?.(realPeers) ?? realPeers
  const time = createClusterTime(clock)
  const stats = createStats()
  const ownHosts = new Set([hostname])
  const empty = async () => new Uint8Array()
  const context: NodeContext = {
    platform,
    log,
    logs: { read: empty, archive: empty, rotate: async () => undefined },
    metadata,
    control,
    peers,
    settings,
    ...createRedirectParts({ platform, metadata, time, own: exchangeKeys, self: () => self }),
    keyRing: createKeyRing({
      crypto: platform.crypto,
      random,
      metadata,
      nowMs: () => clock.now(),
      sealingKey,
    }),
    time,
    transport: {
      call(to, face, call, timeoutMs) {
        const net = face === 'control' ? to.controlNet : face === 'data' ? to.dataNet : to.publicNet
        return platform.call(net.url, call, timeoutMs)
      },
    },
    stats,
    lifecycle,
    localConfig: parseLocalConfig({ confdir: '/c', log_dir: '/l', fspaths: { '/d': '' } }),
    softwareVersion: 'simulated',
    buildTime: '',
    startedAt: clock.monotonic(),
    self: () => self,
    ready: () => joined && !aside,
    hosts: () => ownHosts,
  }
  const joinUrls = () => [...entries, ...parts.joinUrls()]
  const membership = createMembership({
    control,
    peers,
    time,
    self: () => self,
    joinUrls,
    expectedCluster: '',
    rebalanced() {
      if (roleNode?.role !== 'target') return 0
      return mistake?.endsEarly ? metadata.rmd().version : roleNode.node.rebalancer.finished()
    },
  })
  const refresh = () => membership.announce().catch(() => undefined)

  let roleNode: RoleNode | undefined
  let gateway: GatewayParts | undefined
  let tickTarget: (() => Promise<void>) | undefined
  if (role === 'proxy') {
    const real = createPrimary({ control, peers, time, clock, log })
    const primary = mistake?.ackBeforeQuorum ? hasty(real) : real
    const election = createElection({ control, peers, clock, random, log })
    const handOver = createHandOver({ control, peers, primary, clock, log })
    const proxy = composeProxy({ context, primary, election, handOver, refresh })
    gateway = { primary, election, operations: proxy.operations }
    roleNode = { role, node: proxy }
    if (found === undefined && parts.first) {
      await control.run((state) => beginCluster(state, self, config, platform))
    }
  } else {
    const { dataDisk } = parts
    const running = await composeTarget({
      context,
      store,
      refresh,
      confirmedAt: membership.confirmedAt,
      openDisk: async (path, label) => {
        const mountpath = createMemoryMountpath({
          id: `mp-${host.id}`,
          path,
          label,
          disk: dataDisk,
          host,
          clock,
          random,
          files,
          epoch: () => context.metadata.smap().version,
          ackBeforeMovedSync: mistake?.ackBeforeMovedSync,
        })
        return { mountpath: mistake?.mountpath?.(mountpath) ?? mountpath, title: '' }
      },
    })
    tickTarget = running.tick
    roleNode = { role, node: mistake?.target?.(running.target) ?? running.target }
  }
  handler = createHandler(roleNode, endpoints)

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
      entered: async ({ urls }) => urls.forEach(lifecycle.enter),
    }),
    clock,
    log,
    stopping: new AbortController().signal,
    standby: lifecycle.standby,
    self: () => self,
    onKeepaliveError: (error) => log.debug('keepalive failed', { error }),
  })
  async function housekeeping(): Promise<void> {
    while (host.alive()) {
      await clock.sleep(control.timing().intervalMs)
      await tickTarget?.()
    }
  }
  void controlLoop
    .join()
    .then(() => {
      joined = true
      log.info('joined')
      return Promise.all([controlLoop.run(), housekeeping()])
    })
    .catch((error: unknown) => log.error('control plane stopped', { error }))
  return { host, self, control, clock, joined: () => joined }
}
