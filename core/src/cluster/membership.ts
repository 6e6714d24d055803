import { AisError } from '../errors/ais-error.ts'
import type { ClusterTime } from './cluster-time.ts'
import type { ControlPlane } from './control/control-plane.ts'
import { newestSmap, raiseTerm } from './control/control-state.ts'
import { receiveMetasync } from './control/follow.ts'
import type { Peers } from './control/peers.ts'
import { primaryOf } from './smap.ts'
import type { Snode } from './snode.ts'

/** How a node becomes, and stays, part of its cluster. */
export interface Membership {
  /** Tells the primary that we are here, and takes over what we lack. @throws AisError when no gateway answers */
  announce(): Promise<void>
  /** When the newest keepalive was sent that the primary itself has answered, monotonic ms. */
  confirmedAt(): number
  /** Tells the primary that this node stops, so that nobody waits for it. Nobody has to answer. */
  farewell(): Promise<void>
}

export interface MembershipDependencies {
  readonly control: ControlPlane
  readonly peers: Peers
  /** Follows the primary's. */
  readonly time: ClusterTime
  self(): Snode
  /** Public URLs of gateways to ask beside those of the map: the primary's, the original one, the one for discovery. */
  joinUrls(): readonly string[]
  /** Newest rebalance in which this node has nothing left to send; 0 at a gateway. */
  rebalanced(): number
  /** Cluster that the node's disks belong to, when its folder is new; else, or when there is none: empty. */
  readonly expectedCluster: string
}

export function createMembership(dependencies: MembershipDependencies): Membership {
  const { control, peers, time, self, joinUrls, expectedCluster } = dependencies
  let confirmedAt = Number.NEGATIVE_INFINITY

  async function announceAt(url: string): Promise<void> {
    const { committed, term } = control.state()
    const uuid = committed.smap.uuid || expectedCluster
    const { stamp } = committed
    const message = { node: self(), uuid, term, stamp, rebalanced: dependencies.rebalanced() }
    const sentAt = await control.run((state, now) => ({ state, answer: now }))
    const answer = await peers.keepalive(url, message, control.timing().intervalMs)
    if (answer.fromPrimary && answer.nowMs !== undefined) time.heard(answer.nowMs, sentAt)
    await control.run((state, now) => {
      if (answer.term < state.term) return { state, answer: undefined }
      const raised = raiseTerm(state, answer.term)
      if (answer.fromPrimary) confirmedAt = Math.max(confirmedAt, sentAt)
      const heard = answer.fromPrimary ? { ...raised, primaryHeardAt: now } : raised
      if (answer.newer === undefined) return { state: heard, answer: undefined }
      return { state: receiveMetasync(heard, answer.newer, now).state, answer: undefined }
    })
    await control.followed()
  }

  /**
   * The map's address of the primary may be of an earlier run, and it may lead no more: when it does not answer, the
   * other gateways and the configured ones are asked, all at once. Each passes the call on to the primary it knows.
   * A map that is not in force may have been proposed by one that was cut off: its gateways count beside those in force.
   */
  async function announce(): Promise<void> {
    const smap = newestSmap(control.state())
    const own = self().daemonId
    const primary = primaryOf(smap)
    let failure: unknown = new AisError('ErrNotReady', 'no gateway to join through is known')
    const first = primary && primary.daemonId !== own ? peers.urlOf(primary) : undefined
    if (first !== undefined) {
      try {
        await announceAt(first)
        return
      } catch (error) {
        failure = error
      }
    }
    const rest = new Set(joinUrls())
    for (const map of [control.state().committed.smap, smap]) {
      for (const gateway of map.proxies.values()) {
        if (gateway.daemonId !== own) rest.add(peers.urlOf(gateway))
      }
    }
    if (first !== undefined) rest.delete(first)
    rest.delete(self().publicNet.url)
    try {
      await Promise.any([...rest].map((url) => announceAt(url)))
    } catch (error) {
      if (error instanceof AggregateError && error.errors.length > 0) {
        // Refused for what we are says more than one that is away.
        const refused = (one: unknown) => one instanceof AisError && [400, 409].includes(one.status)
        throw error.errors.find(refused) ?? error.errors[0] ?? failure
      }
      throw failure
    }
  }

  async function farewell(): Promise<void> {
    const primary = primaryOf(control.state().committed.smap)
    const { daemonId } = self()
    if (primary === undefined || primary.daemonId === daemonId) return
    await peers.farewell(primary, daemonId, control.timing().intervalMs / 2).catch(() => undefined)
  }

  return { announce, farewell, confirmedAt: () => confirmedAt }
}
