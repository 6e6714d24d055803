import type { Snode } from '../cluster/snode.ts'
import type { Answer, Network, NodeCall } from './call.ts'

/** Node to node. Broadcast, retry and streams are functions over it. */
export interface Transport {
  /** Any HTTP status is an answer. @throws AisError `ErrUnreachable` when none came in time */
  call(to: Snode, network: Network, call: NodeCall, timeoutMs: number): Promise<Answer>
}
