import { allNodes } from '../smap.ts'
import { isActive } from '../snode.ts'
import {
  type ClusterState,
  type Stamp,
  sameStamp,
  withDocuments,
  zeroStamp,
} from './cluster-state.ts'
import {
  accepted,
  type ControlState,
  type Leading,
  raiseTerm,
  type Timing,
} from './control-state.ts'
import { changedDocuments, type Documents } from './documents.ts'
import type { MetasyncAnswer, MetasyncMsg } from './follow.ts'
import { install } from './follow.ts'
import { commitQuorum, inEveryMap } from './quorum.ts'

function leadingOf(state: ControlState): Leading {
  if (state.leading === undefined) throw new Error('assert: only the primary does this')
  return state.leading
}

/**
 * The winner of an election becomes the primary: what it holds is proposed anew under its term, with itself as the
 * primary of a Smap 100 versions up. Until that is in force it proposes nothing else.
 */
export function takeOver(
  state: ControlState,
  documents: Partial<Documents>,
  now: number,
  timing: Timing,
): ControlState {
  const newest = accepted(state)
  const stamp = { term: state.term, index: newest.stamp.index + 1 }
  const heard = new Map<string, number>()
  const old = newest.smap.primaryId
  for (const { daemonId } of allNodes(newest.smap)) {
    heard.set(daemonId, daemonId === old ? now - timing.leaseMs : now)
  }
  const leading = {
    established: false,
    since: now,
    graceMs: timing.leaseMs,
    heard,
    acks: new Set([state.selfId]),
  }
  return settle({ ...state, pending: withDocuments(newest, documents, stamp), leading })
}

/** Proposes the next state. At most one is on its way: with one pending this is a mistake of the caller. */
export function propose(state: ControlState, documents: Partial<Documents>): ControlState {
  const leading = leadingOf(state)
  if (!leading.established || state.pending) throw new Error('assert: a proposal is on its way')
  const stamp = { term: state.term, index: state.committed.stamp.index + 1 }
  const pending = withDocuments(state.committed, documents, stamp)
  return settle({ ...state, pending, leading: { ...leading, acks: new Set([state.selfId]) } })
}

/** Takes the pending state into force when enough nodes hold it. */
export function settle(state: ControlState): ControlState {
  const { pending, committed } = state
  const leading = leadingOf(state)
  if (pending === undefined) return state
  const enough = inEveryMap(committed, pending, (smap) =>
    commitQuorum(smap, leading.acks, state.selfId),
  )
  if (!enough) return state
  return { ...install(state, pending), leading: { ...leading, established: true } }
}

/** A node answered a metasync of `stamp`. */
export function countAck(
  state: ControlState,
  from: string,
  stamp: Stamp,
  answer: MetasyncAnswer,
): ControlState {
  if (answer.term > state.term) return raiseTerm(state, answer.term)
  const { leading, pending } = state
  if (!leading || !pending || answer.outcome !== 'held') return state
  if (!sameStamp(pending.stamp, stamp)) return state
  return settle({ ...state, leading: { ...leading, acks: new Set(leading.acks).add(from) } })
}

/** A node was heard. */
export function countHeard(state: ControlState, from: string, now: number): ControlState {
  const { leading } = state
  if (leading === undefined) return state
  return { ...state, leading: { ...leading, heard: new Map(leading.heard).set(from, now) } }
}

/** May it commit, and answer for the cluster: does a quorum hear it? */
export function hasLease(state: ControlState, now: number, timing: Timing): boolean {
  const { leading, selfId } = state
  if (!leading?.established) return false
  const near = new Set([selfId])
  for (const [id, at] of leading.heard) if (now - at <= timing.leaseMs) near.add(id)
  return inEveryMap(state.committed, state.pending, (smap) => commitQuorum(smap, near, selfId))
}

/**
 * Whether nothing was heard of a node for so long that it will hardly answer: nobody should wait for it as for others.
 * It may still be in the map for a while.
 */
export function isQuiet(state: ControlState, id: string, now: number, timing: Timing): boolean {
  const { leading } = state
  if (leading === undefined) return false
  return now - (leading.heard.get(id) ?? leading.since) > timing.silenceMs
}

/**
 * May it tell others that it is the primary? Less long than it may commit: who stands for election waits for `silenceMs`
 * and takes nobody out for a lease, so that whoever was told so by this one is still in the map a lease later.
 */
export function mayConfirm(state: ControlState, now: number, timing: Timing): boolean {
  return hasLease(state, now, { ...timing, leaseMs: timing.silenceMs })
}

/** Nodes that were not heard for a lease: those in service, or those out of it. */
function unheard(
  state: ControlState,
  now: number,
  timing: Timing,
  inService: boolean,
): readonly string[] {
  const { leading, selfId, committed } = state
  if (leading === undefined) return []
  const silent: string[] = []
  for (const node of allNodes(committed.smap)) {
    if (node.daemonId === selfId || isActive(node) !== inService) continue
    const at = leading.heard.get(node.daemonId)
    const gone =
      at === undefined ? now - leading.since > leading.graceMs : now - at > timing.leaseMs
    if (gone) silent.push(node.daemonId)
  }
  return silent
}

/** Nodes at work that were not heard for a lease. */
export function silentNodes(state: ControlState, now: number, timing: Timing): readonly string[] {
  return unheard(state, now, timing, true)
}

/** Nodes in maintenance or on their way out that were not heard for a lease: they may be switched off. */
export function awayNodes(state: ControlState, now: number, timing: Timing): readonly string[] {
  return unheard(state, now, timing, false)
}

/** The message that brings `next` to a node that has `base`; without a base: all of it. */
export function metasyncMsg(
  state: ControlState,
  next: ClusterState,
  base: ClusterState | undefined,
  committed: boolean,
): MetasyncMsg {
  return {
    uuid: next.smap.uuid,
    primaryId: state.selfId,
    term: state.term,
    stamp: next.stamp,
    base: base?.stamp ?? zeroStamp,
    documents: base === undefined ? next : changedDocuments(base, next),
    inForce: state.committed.stamp,
    committed,
  }
}
