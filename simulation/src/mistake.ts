import type { ControlState, Kept } from '@aistore-ts/core/cluster/control/control-state.ts'
import type { Peers } from '@aistore-ts/core/cluster/control/peers.ts'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import type { TargetNode } from '@aistore-ts/core/target/target.ts'
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
  /** An object that comes from another target is acknowledged before it is on the disk. */
  readonly ackBeforeMovedSync?: boolean
  /** A target says that a rebalance has ended here as soon as it hears of it. */
  readonly endsEarly?: boolean
  /** What a target makes of its disks. */
  mountpath?(real: Mountpath): Mountpath
  /** What a target is for the calls that reach it; its own rebalance goes on as it should. */
  target?(real: TargetNode): TargetNode
}
