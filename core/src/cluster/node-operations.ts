import { AisError } from '../errors/ais-error.ts'
import { nodeName } from '../node/node-name.ts'
import type { Log } from '../ports/log.ts'
import type { ControlPlane } from './control/control-plane.ts'
import type { Peers } from './control/peers.ts'
import { markNodes, planRemoval, planReturn, type RemovalAction } from './plan-removal.ts'
import type { Primary } from './primary.ts'
import { type RemovalRequest, removalToJson } from './removal-request.ts'
import { allNodes, findNode, withoutNode } from './smap.ts'
import { type Snode, snodeFlags } from './snode.ts'

/** Changes of who is in service, for the administrator. At the primary; one at a time. */
export interface NodeOperations {
  /**
   * Takes nodes out of service. Resolves with the ID of the rebalance that has to end first, or with an empty text
   * when it is done. Whatever dies on the way, the nodes' flags in the map say how far it came, and asking again
   * completes it.
   * @throws AisError as `planRemoval`; `ErrBusy` another such change is under way
   */
  remove(action: RemovalAction, request: RemovalRequest): Promise<string>
  /** Brings nodes back. @throws AisError as `planReturn`; `ErrBusy`; `ErrUnreachable` one does not answer */
  bringBack(request: RemovalRequest): Promise<string>
  /** A node asks to leave the map. @throws AisError `ErrNotFound`; `ErrBadRequest` it is the primary */
  removeSelf(daemonId: string): Promise<void>
  /** Has every other node run `action` of its own; who does not answer is gone already. */
  orderAll(action: string, request: RemovalRequest): Promise<void>
}

export interface NodeOperationsDependencies {
  readonly control: ControlPlane
  readonly primary: Primary
  readonly peers: Peers
  readonly log: Log
}

/** Time a node has to answer an order, ms. */
const orderMs = 2_000

export function createNodeOperations(dependencies: NodeOperationsDependencies): NodeOperations {
  const { control, primary, peers, log } = dependencies
  let underWay: string | undefined

  const smapNow = () => control.metadata.smap()
  const rebalances = () => control.metadata.config().rebalance.enabled

  /** @throws AisError `ErrBusy` */
  async function alone<T>(action: string, task: () => Promise<T>): Promise<T> {
    if (underWay !== undefined) {
      throw new AisError(
        'ErrBusy',
        `cluster membership is busy with "${underWay}", cannot "${action}" now: please try again`,
      )
    }
    underWay = action
    try {
      return await task()
    } finally {
      underWay = undefined
    }
  }

  /** A node that does not answer is gone, or will be told by the map. */
  async function order(node: Snode, action: string, request: RemovalRequest): Promise<void> {
    try {
      await peers.order(node, action, removalToJson(request), orderMs)
    } catch (error) {
      log.warn('order not confirmed', { node: node.daemonId, action, error })
    }
  }

  /** The last step, when no object has to move any more. */
  async function finish(
    action: RemovalAction,
    request: RemovalRequest,
    nodes: readonly Snode[],
  ): Promise<void> {
    if (action === 'start-maintenance') return
    await Promise.all(nodes.map((node) => order(node, action, request)))
    if (action === 'shutdown-node') return
    await primary.updateSmap((smap) =>
      nodes.reduce((map, { daemonId }) => withoutNode(map, daemonId), smap),
    )
  }

  async function remove(action: RemovalAction, request: RemovalRequest): Promise<string> {
    const { nodes, rebalance } = planRemoval(action, smapNow(), request, rebalances())
    if (nodes.length === 0) return ''
    if (rebalance) {
      throw new AisError(
        'ErrNotImpl',
        `${action} with rebalance - not implemented yet (skip_rebalance)`,
      )
    }
    log.info(action, { nodes: nodes.map(nodeName).join(' '), skipRebalance: request.skipRebalance })
    const { maintenance, decommission } = snodeFlags
    const flags = action === 'decommission-node' ? decommission : maintenance
    if (action !== 'rm-unsafe') {
      const ids = nodes.map(({ daemonId }) => daemonId)
      await primary.updateSmap((smap) => markNodes(smap, ids, flags))
    }
    await finish(action, request, nodes)
    return ''
  }

  /** A node that is not there would leave the map again at once. */
  async function checkThere(node: Snode): Promise<void> {
    const there = await peers
      .identify(peers.urlOf(node), control.timing().intervalMs)
      .catch(() => '')
    if (there === node.daemonId) return
    throw new AisError('ErrUnreachable', `stop-maintenance: ${nodeName(node)} is unreachable`)
  }

  async function bringBack(request: RemovalRequest): Promise<string> {
    const nodes = planReturn(smapNow(), request)
    if (nodes.length === 0) return ''
    await Promise.all(nodes.map(checkThere))
    log.info('stop-maintenance', { nodes: nodes.map(nodeName).join(' ') })
    const { maintenance, maintenancePostRebalance } = snodeFlags
    const ids = nodes.map(({ daemonId }) => daemonId)
    await primary.updateSmap((smap) =>
      markNodes(smap, ids, 0, maintenance | maintenancePostRebalance),
    )
    return ''
  }

  return {
    remove: (action, request) => alone(action, () => remove(action, request)),
    bringBack: (request) => alone('stop-maintenance', () => bringBack(request)),
    async removeSelf(daemonId) {
      const node = findNode(smapNow(), daemonId)
      if (node === undefined) {
        throw new AisError('ErrNotFound', `cannot remove: node "${daemonId}" does not exist`)
      }
      if (daemonId === smapNow().primaryId) {
        throw new AisError('ErrBadRequest', 'cannot remove primary proxy')
      }
      await primary.updateSmap((smap) => withoutNode(smap, daemonId))
    },
    async orderAll(action, request) {
      const others = allNodes(smapNow()).filter(
        ({ daemonId }) => daemonId !== control.state().selfId,
      )
      await Promise.all(others.map((node) => order(node, action, request)))
    },
  }
}
