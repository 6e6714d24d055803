import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { type ClusterState, compareStamps, type Stamp, sameStamp } from './control/cluster-state.ts'
import type { ControlPlane } from './control/control-plane.ts'
import { countAck, isQuiet, metasyncMsg } from './control/lead.ts'
import type { Peers } from './control/peers.ts'
import { allNodes } from './smap.ts'
import type { Snode } from './snode.ts'

/** How what the primary proposed comes to the other nodes. */
export interface Delivery {
  /** Sends what is on its way until it is in force or the time is over. One at a time: what a tick began, a change waits for. */
  deliver(): Promise<void>
  /** Sends what is in force to all others; waits for them, but not long for one that does not answer. */
  distribute(next: ClusterState, base: ClusterState): Promise<void>
  /** Whether this node leads, and the state of that stamp or a later one is in force. */
  inForce(stamp: Stamp): boolean
  /** Sends a node the whole state in force: one that was cut off as the primary asks nobody for it. */
  catchUp(node: Snode): Promise<void>
}

export interface DeliveryDependencies {
  readonly control: ControlPlane
  readonly peers: Peers
  readonly clock: Clock
  readonly log: Log
}

/** Members of the map in force and of the one on its way. */
function members(state: ClusterState, next: ClusterState | undefined): readonly Snode[] {
  const nodes = new Map<string, Snode>()
  for (const smap of [state.smap, next?.smap]) {
    if (smap) for (const node of allNodes(smap)) nodes.set(node.daemonId, node)
  }
  return [...nodes.values()]
}

/** What was not answered is sent again so many times per keepalive interval. */
const redeliveriesPerInterval = 4
/** How long a change waits for nodes that hold it to put it into force, ms. */
const installWaitMs = 2_000

export function createDelivery({ control, peers, clock, log }: DeliveryDependencies): Delivery {
  let delivering: { readonly stamp: Stamp; readonly done: Promise<void> } | undefined

  const leads = () => control.state().leading !== undefined
  const inForce = (stamp: Stamp) =>
    compareStamps(control.state().committed.stamp, stamp) >= 0 && leads()

  /** Brings `next` to one node; whole, and after what is in force here, when the node lacks what it builds on. */
  async function send(
    to: Snode,
    next: ClusterState,
    base: ClusterState | undefined,
    committed: boolean,
    timeoutMs: number,
  ): Promise<void> {
    const state = control.state()
    if (state.leading === undefined) return
    try {
      const message = metasyncMsg(state, next, base, committed)
      let answer = await peers.metasync(to, message, timeoutMs)
      if (answer.outcome === 'behind' && (base || !committed)) {
        if (!committed) await send(to, state.committed, undefined, true, timeoutMs)
        const whole = metasyncMsg(state, next, undefined, committed)
        answer = await peers.metasync(to, whole, timeoutMs)
      }
      await control.run((now) => ({
        state: countAck(now, to.daemonId, next.stamp, answer),
        answer: undefined,
      }))
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      log.debug('metasync: node not reached', { node: to.daemonId, cause })
    }
  }

  function others(state: ClusterState, next: ClusterState | undefined): readonly Snode[] {
    const { selfId } = control.state()
    return members(state, next).filter(({ daemonId }) => daemonId !== selfId)
  }

  /** At least one of both: `pauseMs` have gone by, or the state is in force or lost. */
  async function pauseOrChange(pauseMs: number, deadline: number): Promise<void> {
    const until = Math.min(deadline, clock.monotonic() + pauseMs)
    const { pending } = control.state()
    while (clock.monotonic() < until && leads() && control.state().pending === pending) {
      await control.change(until - clock.monotonic())
    }
  }

  /** Sends the pending state to those that are not known to hold it, until it is in force or the time is over. */
  async function deliverPending(): Promise<void> {
    const { pending, committed } = control.state()
    if (pending === undefined) return
    const { leaseMs, intervalMs } = control.timing()
    const underWay = new Set<string>()
    const nodes = others(committed, pending)
    const deadline = clock.monotonic() + leaseMs
    const isOnItsWay = () => control.state().pending === pending && leads()
    while (isOnItsWay() && clock.monotonic() < deadline) {
      for (const node of nodes) {
        const { daemonId } = node
        if (underWay.has(daemonId) || control.state().leading?.acks.has(daemonId)) continue
        underWay.add(daemonId)
        void send(node, pending, committed, false, intervalMs / 2).finally(() =>
          underWay.delete(daemonId),
        )
      }
      await pauseOrChange(intervalMs / redeliveriesPerInterval, deadline)
    }
    if (!inForce(pending.stamp)) return
    await distribute(control.state().committed, committed)
  }

  async function distribute(next: ClusterState, base: ClusterState): Promise<void> {
    const timing = control.timing()
    const { intervalMs } = timing
    await Promise.all(
      others(next, undefined).map((node) => {
        const quiet = isQuiet(control.state(), node.daemonId, clock.monotonic(), timing)
        const waitMs = quiet ? intervalMs / 2 : Math.max(installWaitMs, intervalMs)
        return send(node, next, base, true, waitMs)
      }),
    )
    await control.followed()
  }

  async function deliver(): Promise<void> {
    const stamp = control.state().pending?.stamp
    if (stamp === undefined) return
    if (delivering === undefined || !sameStamp(delivering.stamp, stamp)) {
      delivering = { stamp, done: deliverPending() }
    }
    const { done } = delivering
    await done
    if (delivering?.done === done) delivering = undefined
  }

  return {
    deliver,
    distribute,
    inForce,
    catchUp: (node) =>
      send(node, control.state().committed, undefined, true, control.timing().intervalMs / 2),
  }
}
