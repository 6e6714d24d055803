import type { ControlState, Kept } from '@aistore-ts/core/cluster/control/control-state.ts'
import type { Peers } from '@aistore-ts/core/cluster/control/peers.ts'
import type { Distortion } from './network.ts'

/** A mistake planted into every node of a cluster, to see whether the checkers notice. Test-only. */
export interface Mistake {
  readonly name: string
  /** What it stands for. */
  readonly story: string
  /** The disk says that a write is safe when it was only asked for. */
  readonly ackBeforeSync?: boolean
  /** As `ackBeforeSync`, for objects. */
  readonly ackBeforeDataSync?: boolean
  /** What a process finds of what an earlier one kept. */
  kept?(kept: Kept): Kept
  /** What a step makes of the state. */
  step?(after: ControlState, now: number): ControlState
  /** What the control calls of a node answer to it. */
  peers?(peers: Peers): Peers
  /** What a node understands, and says, of messages. */
  readonly distortion?: Distortion
  /** A change is acknowledged although no quorum is known to hold it. */
  readonly ackBeforeQuorum?: boolean
}
