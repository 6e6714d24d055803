import { findNode } from '../cluster/smap.ts'
import { isActive, type Snode } from '../cluster/snode.ts'
import type { NodeContext } from './node-context.ts'

/** State bits of `NodeStateInfo.flags`; `clusterStarted | nodeStarted` is "OK". @see AIStore cmn/cos/node_state.go */
export const nodeState = {
  clusterStarted: 1 << 1,
  nodeStarted: 1 << 2,
  rebalancing: 1 << 3,
  rebalanceInterrupted: 1 << 4,
  nodeRestarted: 1 << 7,
  maintenance: 1 << 10,
} as const

/** This node as the map has it: with the flags that the cluster gave it. */
export function selfInMap(node: NodeContext): Snode {
  const self = node.self()
  const known = findNode(node.metadata.smap(), self.daemonId)
  return known === undefined ? self : { ...self, flags: known.flags }
}

/** What an alert column shows of this node. */
export function stateFlags(node: NodeContext): number {
  let flags = 0
  if (node.ready()) flags |= nodeState.clusterStarted | nodeState.nodeStarted
  if (!isActive(selfInMap(node))) flags |= nodeState.maintenance
  const { version, completed, aborted, targetIds } = node.metadata.rmd()
  if (completed < version && targetIds.includes(node.self().daemonId)) {
    flags |= aborted < version ? nodeState.rebalancing : nodeState.rebalanceInterrupted
  }
  if (node.lifecycle.crashed()) flags |= nodeState.nodeRestarted
  return flags
}
