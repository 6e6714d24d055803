import { AisError } from '../errors/ais-error.ts'
import { nodeName } from '../node/node-name.ts'
import type { RemovalAction, RemovalRequest } from './removal-request.ts'
import { activeTargets, findNode, type Smap, withNode } from './smap.ts'
import { isActive, isDrained, type Snode, snodeFlags, withFlags } from './snode.ts'

export interface RemovalPlan {
  /** Nodes that something is to be done with. */
  readonly nodes: readonly Snode[]
  /** Objects have to move first: targets that hold some leave, or left earlier without their objects having moved. */
  readonly rebalance: boolean
}

/** @throws AisError `ErrNotFound` */
function nodeOf(smap: Smap, id: string, action: string): Snode {
  const node = findNode(smap, id)
  if (node) return node
  throw new AisError('ErrNotFound', `${action}: node "${id}" does not exist`)
}

const isLeaving = (node: Snode) => (node.flags & snodeFlags.decommission) !== 0

/**
 * What `action` comes to. A repeated one has nothing to do; one whose rebalance did not come to its end is done again.
 * @param enabled the cluster rebalances
 * @throws AisError `ErrNotFound` an unknown node; `ErrBadRequest` the primary, a node on its way out, or the last
 * active targets while their objects are to move
 */
export function planRemoval(
  action: RemovalAction,
  smap: Smap,
  request: RemovalRequest,
  enabled: boolean,
): RemovalPlan {
  const moves = enabled && !request.skipRebalance
  const all = request.ids.map((id) => nodeOf(smap, id, action))
  const primary = all.find(({ daemonId }) => daemonId === smap.primaryId)
  if (primary) {
    const name = nodeName(primary)
    throw new AisError(
      'ErrBadRequest',
      `${name} is the current primary, cannot perform action "${action}" on itself`,
    )
  }
  if (action === 'rm-unsafe' && !request.skipRebalance) {
    throw new AisError('ErrBadRequest', 'rm-unsafe: "skip_rebalance": expected true')
  }
  const nodes = all.filter((node) => {
    if (isActive(node) || action !== 'start-maintenance') return true
    if (isLeaving(node)) {
      throw new AisError('ErrBadRequest', `${nodeName(node)} is currently being decommissioned`)
    }
    return moves && node.daemonType === 'target' && !isDrained(node)
  })
  const targets = nodes.filter((node) => node.daemonType === 'target' && !isDrained(node))
  const active = targets.filter(isActive).length
  if (moves && active > 0 && active === activeTargets(smap).length) {
    throw new AisError(
      'ErrBadRequest',
      `${action}: ${targets.map(nodeName).join(', ')}: no active target would be left to take the objects (skip_rebalance)`,
    )
  }
  return { nodes, rebalance: moves && targets.length > 0 && activeTargets(smap).length > active }
}

/**
 * The nodes that come back into service; those at work are left out.
 * @throws AisError `ErrNotFound` an unknown node; `ErrBadRequest` one on its way out
 */
export function planReturn(smap: Smap, request: RemovalRequest): readonly Snode[] {
  const all = request.ids.map((id) => nodeOf(smap, id, 'stop-maintenance'))
  return all.filter((node) => {
    if (isLeaving(node)) {
      throw new AisError(
        'ErrBadRequest',
        `stop-maintenance: node ${nodeName(node)} is currently being decommissioned`,
      )
    }
    return !isActive(node)
  })
}

/** `smap` with flags of the nodes `ids` set and cleared; those that are gone are passed over. The same map when nothing changes. */
export function markNodes(smap: Smap, ids: readonly string[], set: number, clear = 0): Smap {
  let next = smap
  for (const id of ids) {
    const node = findNode(smap, id)
    if (node === undefined) continue
    const marked = withFlags(node, set, clear)
    if (marked.flags !== node.flags) next = withNode(next, marked)
  }
  return next
}
