import type { RemovalRequest } from '../cluster/removal-request.ts'

/** How a node ends on the cluster's order. */
export interface Departure {
  /** For the log: `shutdown-node`, `decommission`. */
  readonly reason: string
  /** Forget cluster and identity: the next start is that of a new node. */
  readonly forget: boolean
  /** With `forget`: the objects go as well. */
  readonly removeUserData: boolean
  /** With `forget`: the configuration files the node was deployed with stay. */
  readonly keepInitialConfig: boolean
  /** With `forget`: the process stays, out of the cluster, until it is stopped or joined again. */
  readonly stay: boolean
}

/** The part of a node's life that the cluster decides: whether it is to be in the map, and its end. */
export interface Lifecycle {
  /** Waits out of the map for an administrator: no keepalive, no election. */
  standby(): boolean
  /** Leaves the map to the others until `enter`, or until the process starts again. */
  standAside(): void
  /** Becomes part of the cluster that the gateway at `url` belongs to. */
  enter(url: string): void
  /** The last run ended without a stop, and nothing mended since what it may have left undone. */
  crashed(): boolean
  /** What a crash may have left undone is done: a rebalance came to its end. */
  forgetCrash(): void
  /** Ends this node; the answer of the call that asked for it still goes out. */
  depart(departure: Departure): void
}

/** Ends the process and nothing else: the node returns when it is started again. */
export function stopOnly(reason: string): Departure {
  return { reason, forget: false, removeUserData: false, keepInitialConfig: true, stay: false }
}

/** Ends a node for good, as the administrator asked. */
export function departureOf(reason: string, request: RemovalRequest): Departure {
  return {
    reason,
    forget: true,
    removeUserData: request.rmUserData,
    keepInitialConfig: request.keepInitialConfig,
    stay: request.noShutdown,
  }
}
