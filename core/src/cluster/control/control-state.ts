import type { Smap } from '../smap.ts'
import type { ClusterState } from './cluster-state.ts'

/** What the primary of the present term knows of the others. */
export interface Leading {
  /** The first state of its term is committed: before, it proposes nothing else. */
  readonly established: boolean
  /** When it began, monotonic ms. */
  readonly since: number
  /** How long a node that was never heard from is waited for before it counts as silent, ms. */
  readonly graceMs: number
  /** When each node was last heard from, monotonic ms. */
  readonly heard: ReadonlyMap<string, number>
  /** Nodes that hold the pending state durably. */
  readonly acks: ReadonlySet<string>
}

/** What the steps of the control plane work on. Immutable; whatever is marked durable is on disk before anybody is told. */
export interface ControlState {
  readonly selfId: string
  /** The newest term that was heard of. Durable. */
  readonly term: number
  /** Who has this node's vote in `term`; empty: nobody. Durable. */
  readonly votedFor: string
  /** When that vote was given, monotonic ms. */
  readonly votedAt: number
  /** In force. Durable. */
  readonly committed: ClusterState
  /** Accepted, newer than `committed`, and not known to be in force. Durable. */
  readonly pending: ClusterState | undefined
  /** When the primary was last heard, monotonic ms. */
  readonly primaryHeardAt: number
  /** There while this node is the primary of `term`. */
  readonly leading: Leading | undefined
}

/** A step's outcome: the state that follows, and what the caller is told once that state is durable. */
export interface Step<A> {
  readonly state: ControlState
  readonly answer: A
}

/** All durations in ms, monotonic. K is the keepalive interval. */
export interface Timing {
  readonly intervalMs: number
  /** Silence of the primary after which a gateway stands for election. */
  readonly silenceMs: number
  /** So recently heard, the primary keeps this node's vote from others. */
  readonly loyaltyMs: number
  /** What each gateway further back in line waits longer than the one before it. */
  readonly rankDelayMs: number
  /** A primary not heard by a quorum for so long stops committing; a node not heard for so long is looked after. */
  readonly leaseMs: number
}

/** Bounds of the control plane for a keepalive interval: dead node out within 5 K, new primary within 6 K. */
export function timingOf(intervalMs: number): Timing {
  return {
    intervalMs,
    silenceMs: 2 * intervalMs,
    loyaltyMs: 1.25 * intervalMs,
    rankDelayMs: 0.5 * intervalMs,
    leaseMs: 3 * intervalMs,
  }
}

/** What a node that just started knows, from what it kept. */
export interface Kept {
  readonly term: number
  readonly votedFor: string
  readonly committed: ClusterState
  readonly pending: ClusterState | undefined
}

/** The newest state this node holds, in force or not. */
export function accepted(state: ControlState): ClusterState {
  return state.pending ?? state.committed
}

/** The map that will be in force when nothing goes wrong. */
export function newestSmap(state: ControlState): Smap {
  return accepted(state).smap
}

/**
 * The state of a node at its start. The primary of the term it last saw goes on as such: whatever it proposed it
 * holds, so it proposes no other content under the same stamp.
 */
export function resume(selfId: string, kept: Kept, now: number, graceMs: number): ControlState {
  const { term, votedFor, committed } = kept
  const newer = kept.pending !== undefined && isAfter(kept.pending, committed)
  const pending = newer ? kept.pending : undefined
  const newest = pending ?? committed
  const leads = newest.smap.primaryId === selfId && newest.stamp.term === term
  return {
    selfId,
    term,
    votedFor,
    committed,
    pending,
    votedAt: Number.NEGATIVE_INFINITY,
    primaryHeardAt: now,
    leading: leads
      ? {
          established: committed.stamp.term === term && committed.smap.primaryId === selfId,
          since: now,
          graceMs,
          heard: new Map(),
          acks: new Set([selfId]),
        }
      : undefined,
  }
}

function isAfter(a: ClusterState, b: ClusterState): boolean {
  return a.stamp.term === b.stamp.term ? a.stamp.index > b.stamp.index : a.stamp.term > b.stamp.term
}

/** A newer term was heard of: this node leads no more, and has its vote back. */
export function raiseTerm(state: ControlState, term: number): ControlState {
  if (term <= state.term) return state
  return { ...state, term, votedFor: '', leading: undefined }
}
