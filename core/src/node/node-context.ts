import type { ClusterTime } from '../cluster/cluster-time.ts'
import type { ControlPlane } from '../cluster/control/control-plane.ts'
import type { Peers } from '../cluster/control/peers.ts'
import type { KeyRing } from '../cluster/key-ring.ts'
import type { Metadata } from '../cluster/metadata.ts'
import type { Snode } from '../cluster/snode.ts'
import type { LocalConfig } from '../config/local-config.ts'
import type { NodeConfig } from '../config/node-config.ts'
import type { Log } from '../ports/log.ts'
import type { Platform } from '../ports/platform.ts'
import type { Tls } from '../ports/tls.ts'
import type { Transport } from '../ports/transport.ts'
import type { PairKeys } from '../redirect/pair-keys.ts'
import type { RedirectSigner } from '../redirect/redirect-signer.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Stats } from './stats.ts'

/** What reading the node's own log needs. */
export interface LogReader {
  /** The current log from `offset` bytes on. @throws AisError `ErrNotFound`, `ErrBadRequest` past the end */
  read(severity: 'info' | 'warning' | 'error', offset: number): Promise<Uint8Array>
  /** All logs as one tar.gz. */
  archive(): Promise<Uint8Array>
  rotate(): Promise<void>
}

/** What proxies and targets share. Put together once by the daemon, handed down by argument. */
export interface NodeContext {
  readonly platform: Platform
  readonly log: Log
  readonly logs: LogReader
  readonly metadata: Metadata
  /** This node's part of the control plane, which the metadata comes from. */
  readonly control: ControlPlane
  readonly peers: Peers
  /** What this node runs with: the cluster config of the metadata and this node's overrides. */
  readonly settings: NodeConfig
  readonly transport: Transport
  readonly time: ClusterTime
  /** Access keys and what their signatures are checked with. */
  readonly keyRing: KeyRing
  /** Sends clients on to targets. */
  readonly redirectSigner: RedirectSigner
  /** What this node shares with each of the others. */
  readonly pairKeys: PairKeys
  readonly stats: Stats
  readonly lifecycle: Lifecycle
  readonly localConfig: LocalConfig
  /** Absent: the node serves plain HTTP. */
  readonly tls?: Tls | undefined
  /** Reported version, of upstream's numbering so that its CLI accepts us. */
  readonly softwareVersion: string
  readonly buildTime: string
  /** `Clock.monotonic` when the node was composed. */
  readonly startedAt: number
  self(): Snode
  /** Joined, and its metadata current: before, most calls answer 503. */
  ready(): boolean
  /** Names beside the loopback ones that `Host` may carry. */
  hosts(): ReadonlySet<string>
}
