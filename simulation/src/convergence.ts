import { sameStamp } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import { allNodes, findNode } from '@aistore-ts/core/cluster/smap.ts'
import { snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import type { Cluster } from './cluster.ts'

/** Why the cluster is not whole and of one mind yet; `undefined`: it is. */
export function findIncomplete(
  cluster: Cluster,
  dead: ReadonlySet<string> = new Set(),
): string | undefined {
  const processes = cluster.running()
  const wanted = cluster.names.filter((id) => !dead.has(id))
  if (processes.length < wanted.length) return 'not every node has started'
  const leaders = processes.filter((process) => cluster.leadsWell(process))
  const [leader, other] = leaders
  if (leader === undefined) return 'no node leads with a quorum'
  if (other !== undefined) return `${leader.host.id} and ${other.host.id} lead`
  const { committed } = leader.control.state()
  if (committed.smap.primaryId !== leader.self.daemonId)
    return 'the primary of the map does not lead'
  const living = new Set(wanted.map((id) => cluster.nodeIdOf(id)))
  for (const { daemonId, flags } of allNodes(committed.smap)) {
    // Who forgot on an order that nobody was told is done stays marked, until it is given once more.
    const leaves = (flags & snodeFlags.decommission) !== 0
    if (!living.has(daemonId) && !leaves) return `${daemonId} is in the map, but dead`
  }
  for (const { host, control, self, joined } of processes) {
    const state = control.state()
    const { term, index } = state.committed.stamp
    if (!sameStamp(state.committed.stamp, committed.stamp)) {
      const { stamp } = committed
      return `${host.id} has ${term}.${index}, the primary ${stamp.term}.${stamp.index}`
    }
    const known = findNode(committed.smap, self.daemonId)
    if (known === undefined) return `${host.id} is not in the map`
    if (known.controlNet.url !== self.controlNet.url) return `${host.id} has another address`
    if (!joined()) return `${host.id} does not serve yet`
  }
  return undefined
}
