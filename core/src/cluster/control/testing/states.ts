import { defaultClusterConfig } from '../../../config/cluster-config.ts'
import { emptySmap, type Smap, withNode } from '../../smap.ts'
import { createSnode, netInfo, type Snode } from '../../snode.ts'
import { blankState, type ClusterState, type Stamp } from '../cluster-state.ts'
import { type ControlState, type Leading, timingOf } from '../control-state.ts'

export const timing = timingOf(1_000)

const blank = blankState(defaultClusterConfig())

export function node(daemonId: string, flags = 0): Snode {
  const net = netInfo(daemonId, 1)
  const daemonType = daemonId.startsWith('p') ? 'proxy' : 'target'
  return createSnode({
    daemonId,
    daemonType,
    publicNet: net,
    controlNet: net,
    dataNet: net,
    flags,
  })
}

/** A map of nodes by name (`p1`, `t1`), led by the first one or by `primaryId`. */
export function mapOf(names: string, primaryId = names.split(' ')[0] ?? ''): Smap {
  const smap = names.split(' ').reduce((map, name) => withNode(map, node(name)), emptySmap())
  return { ...smap, uuid: 'cluster', primaryId }
}

export const stampOf = (term: number, index: number): Stamp => ({ term, index })

/** A state at `term.index` with this map. */
export function stateOf(term: number, index: number, smap: Smap): ClusterState {
  return { ...blank, stamp: stampOf(term, index), smap }
}

/** A node that follows and heard its primary at 0 ms. */
export function follower(selfId: string, committed: ClusterState): ControlState {
  const { term } = committed.stamp
  return {
    selfId,
    term,
    votedFor: '',
    committed,
    pending: undefined,
    votedAt: Number.NEGATIVE_INFINITY,
    primaryHeardAt: 0,
    leading: undefined,
  }
}

/** The primary of the term of `committed`, which heard everybody at 0 ms. */
export function leader(selfId: string, committed: ClusterState): ControlState {
  const { smap } = committed
  const leading: Leading = {
    established: true,
    since: 0,
    graceMs: 0,
    heard: new Map([...smap.proxies.keys(), ...smap.targets.keys()].map((id) => [id, 0])),
    acks: new Set([selfId]),
  }
  return { ...follower(selfId, committed), votedFor: selfId, leading }
}
