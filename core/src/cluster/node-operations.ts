import { AisError } from '../errors/ais-error.ts'
import { nodeName } from '../node/node-name.ts'
import type { Log } from '../ports/log.ts'
import {
  beginRemoval,
  endMaintenance,
  endRemoval,
  isRemovalOf,
  markDrained,
} from './change-service.ts'
import type { ControlPlane } from './control/control-plane.ts'
import type { Documents } from './control/documents.ts'
import type { Peers } from './control/peers.ts'
import { planRemoval, planReturn } from './plan-removal.ts'
import type { Primary } from './primary.ts'
import { type RemovalAction, type RemovalRequest, removalToJson } from './removal-request.ts'
import { rebalanceId } from './rmd.ts'
import { allNodes, findNode, withoutNode } from './smap.ts'
import type { Snode } from './snode.ts'

/** Changes of who is in service, for the administrator. At the primary; one at a time. */
export interface NodeOperations {
  /**
   * Takes nodes out of service. Resolves with the ID of the rebalance that has to end first, or with an empty text
   * when it is done. Whatever dies on the way, the nodes' flags in the map say how far it came, and asking again
   * completes it.
   * @throws AisError as `planRemoval`; `ErrBusy` another such change or a rebalance is under way
   */
  remove(action: RemovalAction, request: RemovalRequest): Promise<string>
  /** Brings nodes back. @throws AisError as `planReturn`; `ErrBusy`; `ErrBadRequest` one does not answer */
  bringBack(request: RemovalRequest): Promise<string>
  /** A node asks to leave the map. @throws AisError `ErrNotFound`; `ErrBadRequest` it is the primary */
  removeSelf(daemonId: string): Promise<void>
  /** Has every other node run `action` of its own; who does not answer is gone already. */
  orderAll(action: string, request: RemovalRequest): Promise<void>
  /** Lets those go whose objects are elsewhere by now. Called several times per keepalive interval. */
  tick(): Promise<void>
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
  let finishing = false

  const smapNow = () => control.metadata.smap()
  const rebalances = () => control.metadata.config().rebalance.enabled

  /** @throws AisError `ErrBusy` */
  async function alone<T>(action: string, task: () => Promise<T>): Promise<T> {
    const { version, completed, aborted } = control.metadata.rmd()
    const rebalance = Math.max(completed, aborted) < version ? rebalanceId(version) : undefined
    const busy = underWay ?? (rebalance && `rebalance[${rebalance}]`)
    if (busy !== undefined) {
      throw new AisError(
        'ErrBusy',
        `cluster membership is busy with "${busy}", cannot "${action}" now: please try again`,
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

  /**
   * The last step: no object has to move any more. `drained`: they have moved. Other changes may come before each of its own:
   * `isDue` says of what is in force then whether the removal still is.
   */
  async function finish(
    action: RemovalAction,
    request: RemovalRequest,
    drained: boolean,
    isDue: (now: Documents) => boolean = () => true,
  ): Promise<void> {
    const nodes = request.ids.flatMap((id) => findNode(smapNow(), id) ?? [])
    if (action !== 'start-maintenance') {
      if (drained) {
        const after = await primary.update((now) => {
          const smap = markDrained(now, request.ids)
          return smap === now.smap || !isDue(now) ? undefined : { smap }
        })
        if (!isDue(after)) return
      }
      await Promise.all(nodes.map((node) => order(node, action, request)))
    }
    await primary.update((now) => {
      if (!isDue(now)) return undefined
      const next = endRemoval(now, action, request, drained)
      return next.smap === now.smap && next.rmd === now.rmd ? undefined : next
    })
  }

  async function remove(action: RemovalAction, request: RemovalRequest): Promise<string> {
    const { nodes, rebalance } = planRemoval(action, smapNow(), request, rebalances())
    if (nodes.length === 0) return ''
    log.info(action, { nodes: nodes.map(nodeName).join(' '), rebalance })
    const acting = { ...request, ids: nodes.map(({ daemonId }) => daemonId) }
    const before = control.metadata.rmd().version
    if (action !== 'rm-unsafe') {
      const { rmd } = await primary.update((now) => beginRemoval(now, action, acting, rebalance))
      if (rmd.version > before) return rebalanceId(rmd.version)
    }
    await finish(action, acting, rebalance)
    return ''
  }

  /** A node that is not where the map has it would leave the map again at once, or get calls at its old address. */
  async function checkThere(node: Snode): Promise<void> {
    const there = await peers
      .identify(node.controlNet.url, control.timing().intervalMs)
      .catch(() => '')
    if (there === node.daemonId) return
    throw new AisError('ErrBadRequest', `stop-maintenance: ${nodeName(node)} is unreachable`)
  }

  async function bringBack(request: RemovalRequest): Promise<string> {
    const nodes = planReturn(smapNow(), request)
    if (nodes.length === 0) return ''
    await Promise.all(nodes.map(checkThere))
    log.info('stop-maintenance', { nodes: nodes.map(nodeName).join(' ') })
    const acting = { ...request, ids: nodes.map(({ daemonId }) => daemonId) }
    const before = control.metadata.rmd().version
    const { rmd } = await primary.update((now) => endMaintenance(now, acting))
    return rmd.version > before ? rebalanceId(rmd.version) : ''
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
      await primary.updateSmap((smap) => withoutNode(smap, daemonId), [daemonId])
    },
    async orderAll(action, request) {
      const others = allNodes(smapNow()).filter(
        ({ daemonId }) => daemonId !== control.state().selfId,
      )
      await Promise.all(others.map((node) => order(node, action, request)))
    },
    async tick() {
      const { leading, committed } = control.state()
      const { removal, completed, version, absent } = committed.rmd
      if (!leading?.established || finishing || !removal || completed < version) return
      finishing = true
      try {
        // Who was switched off meanwhile still has its objects: it stays as marked, until it is asked for once more.
        const ids = removal.request.ids.filter((id) => !absent.includes(id))
        const isDue = (now: Documents) => isRemovalOf(now, version)
        await finish(removal.action, { ...removal.request, ids }, true, isDue)
      } finally {
        finishing = false
      }
    },
  }
}
