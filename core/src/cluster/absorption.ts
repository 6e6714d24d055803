import { AisError } from '../errors/ais-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { changeCluster } from './control/change-cluster.ts'
import type { ControlPlane } from './control/control-plane.ts'
import { hasLease } from './control/lead.ts'
import type { Peers } from './control/peers.ts'
import { offerOf } from './offer.ts'
import type { Primary } from './primary.ts'
import { allNodes, type OtherCluster, primaryOf, type Smap } from './smap.ts'

/** A node's part when its cluster gives itself up for another one. */
export interface Absorption {
  /** Does the next step, if there is any. Called several times per keepalive interval. */
  tick(): Promise<void>
  /**
   * Goes over when the gateways that this node knows did. Resolves with whether it has, or one of them is just about to
   * hear of the winner: then it is worth asking again.
   */
  seek(): Promise<boolean>
}

export interface AbsorptionDependencies {
  readonly control: ControlPlane
  readonly peers: Peers
  readonly clock: Clock
  readonly log: Log
  /** Absent at a target. */
  readonly primary: Primary | undefined
  /** Public URLs of gateways beside those of the map. */
  readonly joinUrls: () => readonly string[]
  /** The node belongs to that cluster from now on: its disks are to say so before it joins. */
  readonly entered: (cluster: OtherCluster) => Promise<void>
}

/** So many leases long the last primary waits for the others to go first. */
const lingerLeases = 1

/**
 * What is kept says how far it came, whoever dies: a cluster is given up when its map in force names the winner; the
 * winner then takes in its buckets and lists it; a node goes over when the winner lists its cluster. Who missed that hears
 * it from gateways of its map that went.
 */
export function createAbsorption(dependencies: AbsorptionDependencies): Absorption {
  const { control, peers, clock, log, primary, joinUrls, entered } = dependencies
  let busy = false
  let lingersUntil: number | undefined
  let lookedAt = Number.NEGATIVE_INFINITY

  const timeoutMs = () => control.timing().intervalMs
  const own = () => control.metadata.smap()
  const publicUrls = (smap: Smap) =>
    [...smap.proxies.values()].map(({ publicNet }) => publicNet.url)

  /** The maps of those at `urls` that belong to another cluster by now. */
  async function otherMaps(urls: readonly string[]): Promise<readonly Smap[]> {
    const { uuid } = own()
    const asked = urls.map((url) => peers.smapAt(url, timeoutMs()).catch(() => undefined))
    return (await Promise.all(asked)).flatMap((smap) =>
      smap === undefined || smap.uuid === '' || smap.uuid === uuid ? [] : [smap],
    )
  }

  async function goOver(winner: Smap): Promise<void> {
    const to: OtherCluster = { uuid: winner.uuid, urls: publicUrls(winner) }
    log.warn('this node goes over to another cluster', { from: own().uuid, to: to.uuid })
    await control.run((state) => ({ state: changeCluster(state, to), answer: undefined }))
    await entered(to)
  }

  /** The winner takes in what this cluster has; what it refuses for good is taken back. */
  async function handIn(leader: Primary, winner: Smap): Promise<void> {
    const head = primaryOf(winner)
    if (head === undefined) return
    try {
      await peers.absorb(
        head.controlNet.url,
        offerOf(control.state().committed, false),
        timeoutMs(),
      )
    } catch (error) {
      log.warn('the other cluster has not taken this one in', { cluster: winner.uuid, error })
      if (!(error instanceof AisError) || error.status >= 500) return
      await leader.updateSmap(({ absorbedBy: _, ...smap }) => smap)
    }
  }

  /** Whether the others have gone over, or had time to: without their primary they would have to hear it elsewhere. */
  async function othersAreGone(): Promise<boolean> {
    lingersUntil ??= clock.monotonic() + lingerLeases * control.timing().leaseMs
    if (clock.monotonic() > lingersUntil) return true
    const { uuid } = own()
    const others = allNodes(own()).filter(({ daemonId }) => daemonId !== control.state().selfId)
    const clusters = others.map(({ controlNet }) =>
      peers.clusterAt(controlNet.url, timeoutMs()).catch(() => uuid),
    )
    return (await Promise.all(clusters)).every((cluster) => cluster !== uuid)
  }

  /** Who is refused by its own gateways, or does not find them, asks whether they went over. */
  async function seek(): Promise<boolean> {
    const { uuid } = own()
    const maps = uuid === '' ? [] : await otherMaps([...publicUrls(own()), ...joinUrls()])
    const winner = maps.find(({ absorbed }) => absorbed?.includes(uuid))
    if (winner === undefined) return maps.some(({ version }) => version === 0)
    await goOver(winner)
    return true
  }

  async function step({ uuid, absorbedBy }: Smap): Promise<void> {
    const now = clock.monotonic()
    const { leading, primaryHeardAt } = control.state()
    const { leaseMs } = control.timing()
    const leads = primary !== undefined && hasLease(control.state(), now, control.timing())
    if (absorbedBy === undefined) {
      lingersUntil = undefined
      if (leads || now - primaryHeardAt < leaseMs || now - lookedAt < timeoutMs()) return
      lookedAt = now
      await seek()
      return
    }
    const maps = await otherMaps(absorbedBy.urls)
    const winner = maps
      .filter((smap) => smap.uuid === absorbedBy.uuid && smap.primaryId !== '')
      .reduce<Smap | undefined>((a, b) => (a && a.version > b.version ? a : b), undefined)
    if (winner === undefined) return
    if (!winner.absorbed?.includes(uuid)) {
      if (leads) await handIn(primary, winner)
      return
    }
    if (leading === undefined || (await othersAreGone())) await goOver(winner)
  }

  async function alone<T>(task: () => Promise<T>, otherwise: T): Promise<T> {
    if (busy) return otherwise
    busy = true
    try {
      return await task()
    } finally {
      busy = false
    }
  }

  return {
    seek: () => alone(seek, false),
    tick: () => alone(() => step(own()), undefined),
  }
}
