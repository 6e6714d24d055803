import { electables } from '../hrw.ts'
import { activeProxies, activeTargets, type Smap } from '../smap.ts'
import type { Snode } from '../snode.ts'
import type { ClusterState } from './cluster-state.ts'

/** Who has a say: every active proxy and target. */
export function voters(smap: Smap): readonly Snode[] {
  return [...activeProxies(smap), ...activeTargets(smap)]
}

/** With one gateway that may lead, nobody else can: its own store suffices. */
export function leadsAlone(smap: Smap, id: string): boolean {
  const able = electables(smap)
  return able.length === 1 && able[0]?.daemonId === id
}

function has(smap: Smap, ids: ReadonlySet<string>): { all: number; yes: number } {
  const all = voters(smap)
  return { all: all.length, yes: all.filter(({ daemonId }) => ids.has(daemonId)).length }
}

/** More than half of the voters, or exactly half with the primary among them. */
export function commitQuorum(smap: Smap, acks: ReadonlySet<string>, primaryId: string): boolean {
  if (leadsAlone(smap, primaryId)) return acks.has(primaryId)
  const { all, yes } = has(smap, acks)
  return yes * 2 > all || (yes * 2 === all && acks.has(primaryId) && smap.proxies.has(primaryId))
}

/**
 * More than half of the voters: so it has a node in common with every quorum that commits. The only one that may lead
 * commits without the others, so nothing is decided without it; where another one leads nevertheless, since it may not
 * any more, that one commits with more than half.
 */
export function electionQuorum(smap: Smap, votes: ReadonlySet<string>): boolean {
  const [first, second] = electables(smap)
  const { all, yes } = has(smap, votes)
  if (first === undefined || second !== undefined) return yes * 2 > all
  return votes.has(first.daemonId) && (smap.primaryId === first.daemonId || yes * 2 > all)
}

/**
 * Asks `quorum` of every map that may be in force: while a changed map is proposed and not known to be committed, the
 * one before it and the new one must both agree, so that no two quorums miss each other.
 * @see Raft dissertation, 4.3 "joint consensus"
 */
export function inEveryMap(
  committed: ClusterState,
  pending: ClusterState | undefined,
  quorum: (smap: Smap) => boolean,
): boolean {
  if (!quorum(committed.smap)) return false
  return pending === undefined || pending.smap === committed.smap || quorum(pending.smap)
}
