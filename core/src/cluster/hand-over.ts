import { AisError } from '../errors/ais-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { ControlPlane } from './control/control-plane.ts'
import { metasyncMsg } from './control/lead.ts'
import type { Peers } from './control/peers.ts'
import { electables } from './hrw.ts'
import type { Primary } from './primary.ts'
import { findNode, type Smap } from './smap.ts'
import { isActive, isElectable, type Snode, snodeFlags } from './snode.ts'

/** The primary gives its place to a gateway of the administrator's choice, or to the next in line. */
export interface HandOver {
  /**
   * Resolves when `daemonId` leads and this node knows the map that says so.
   * @throws AisError as `findCandidate`; `ErrBusy` the gateway could not be reached or elected: ask for the map again
   */
  to(daemonId: string): Promise<void>
  /** Leaves the cluster with a primary, if one can be had in `budgetMs`. Does nothing at a node that does not lead. */
  beforeStop(budgetMs: number): Promise<void>
}

export interface HandOverDependencies {
  readonly control: ControlPlane
  readonly peers: Peers
  readonly primary: Primary
  readonly clock: Clock
  readonly log: Log
}

/** The gateway that is to lead. @throws AisError `ErrNotFound` no such gateway; `ErrBadRequest` it may not lead */
export function findCandidate(smap: Smap, daemonId: string): Snode {
  const node = findNode(smap, daemonId)
  if (node === undefined) throw new AisError('ErrNotFound', `node "${daemonId}" does not exist`)
  if (node.daemonType !== 'proxy') {
    throw new AisError('ErrNotFound', `t[${daemonId}] is not a proxy`)
  }
  if (!isActive(node)) {
    const why = node.flags & snodeFlags.maintenance ? 'under maintenance' : 'being decommissioned'
    throw new AisError(
      'ErrBadRequest',
      `p[${daemonId}] cannot become new primary as it is currently ${why}`,
    )
  }
  if (!isElectable(node)) {
    throw new AisError(
      'ErrBadRequest',
      `p[${daemonId}] is non-electable and cannot become new primary`,
    )
  }
  return node
}

export function createHandOver(dependencies: HandOverDependencies): HandOver {
  const { control, peers, primary, clock, log } = dependencies

  const leaderId = () => control.metadata.smap().primaryId

  /** What it does not hold, the others' votes would fail for. */
  async function bringUpToDate(node: Snode, timeoutMs: number): Promise<void> {
    const state = control.state()
    const message = metasyncMsg(state, state.committed, undefined, true)
    const { outcome } = await peers.metasync(node, message, timeoutMs)
    if (outcome !== 'held') throw new AisError('ErrBusy', `p[${node.daemonId}] ${outcome}`)
  }

  async function toNode(node: Snode, budgetMs: number): Promise<void> {
    const deadline = clock.monotonic() + budgetMs
    const left = () => Math.max(1, deadline - clock.monotonic())
    await bringUpToDate(node, left())
    await peers.handOver(node, left())
    while (leaderId() !== node.daemonId) {
      if (clock.monotonic() >= deadline) {
        throw new AisError('ErrBusy', `p[${node.daemonId}] was not heard as the primary yet`)
      }
      await control.change(left())
    }
    log.info('handed over', { to: node.daemonId })
  }

  return {
    async to(daemonId) {
      const own = control.state().selfId
      if (daemonId === own && leaderId() === own) return
      findCandidate(control.metadata.smap(), daemonId)
      // What is on its way is delivered first, and nothing else begins meanwhile.
      await primary.update(() => undefined)
      await primary.exclusively(async () => {
        const node = findCandidate(control.metadata.smap(), daemonId)
        try {
          await toNode(node, control.timing().leaseMs)
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          throw new AisError('ErrBusy', `p[${daemonId}] did not become primary: ${why}`, {
            cause: error,
          })
        }
      })
    },
    async beforeStop(budgetMs) {
      const { selfId, leading } = control.state()
      if (leading === undefined) return
      const deadline = clock.monotonic() + budgetMs
      const line = electables(control.metadata.smap()).filter((node) => node.daemonId !== selfId)
      for (const node of line) {
        const left = deadline - clock.monotonic()
        if (left <= 0 || control.state().leading === undefined) return
        try {
          await toNode(node, left)
          return
        } catch (error) {
          log.warn('not handed over', { to: node.daemonId, error })
        }
      }
    },
  }
}
