import {
  type ClusterState,
  compareStamps,
  type Stamp,
  sameStamp,
  withDocuments,
  zeroStamp,
} from './cluster-state.ts'
import { type ControlState, raiseTerm, type Step } from './control-state.ts'
import { type Documents, wholeDocuments } from './documents.ts'

/** A state on its way from the primary: whole, or what changed since `base`. */
export interface MetasyncMsg {
  /** Cluster ID. */
  readonly uuid: string
  readonly primaryId: string
  readonly term: number
  readonly stamp: Stamp
  /** State the documents are to be put on; `zeroStamp`: they are all there. */
  readonly base: Stamp
  readonly documents: Partial<Documents>
  /** In force at the primary. Who has less in force takes that first, and may then hold what is built on it. */
  readonly inForce: Stamp
  /** In force. Else: hold it, until more is heard. */
  readonly committed: boolean
}

export interface MetasyncAnswer {
  readonly term: number
  /** `held`: durable here. `behind`: send the whole state. `refused`: there is a newer term. */
  readonly outcome: 'held' | 'behind' | 'refused'
}

/** The state that `message` describes, where this node has what it builds on. */
function build(state: ControlState, message: MetasyncMsg): ClusterState | undefined {
  const { pending, committed } = state
  if (pending && sameStamp(pending.stamp, message.stamp)) return pending
  if (sameStamp(message.base, zeroStamp)) {
    return { stamp: message.stamp, ...wholeDocuments(message.documents) }
  }
  if (sameStamp(message.base, committed.stamp)) {
    return withDocuments(committed, message.documents, message.stamp)
  }
  if (pending && sameStamp(message.base, pending.stamp)) {
    return withDocuments(pending, message.documents, message.stamp)
  }
  return undefined
}

/** Takes `next` into force. What was held and is not newer goes. */
export function install(state: ControlState, next: ClusterState): ControlState {
  if (compareStamps(next.stamp, state.committed.stamp) <= 0) return state
  const { pending } = state
  const kept = pending && compareStamps(pending.stamp, next.stamp) > 0 ? pending : undefined
  return { ...state, committed: next, pending: kept }
}

/** What this node holds goes into force when the primary has it in force. */
function learnInForce(state: ControlState, inForce: Stamp): ControlState {
  const { pending } = state
  return pending && sameStamp(pending.stamp, inForce) ? install(state, pending) : state
}

/**
 * A state arrives from a primary. States of an older term are refused; an older state of this term changes nothing,
 * since its primary proposes the next one only when the last is in force. A state that is not in force yet is held
 * only on top of what it was proposed on: the votes of a node count in the maps of both, and with an older map in the
 * place of the former two quorums could miss each other.
 */
export function receiveMetasync(
  before: ControlState,
  message: MetasyncMsg,
  now: number,
): Step<MetasyncAnswer> {
  const { term } = before
  if (message.term < term) return { state: before, answer: { term, outcome: 'refused' } }
  const state: ControlState = { ...raiseTerm(before, message.term), primaryHeardAt: now }
  const answer = (outcome: MetasyncAnswer['outcome']) => ({ term: state.term, outcome })
  if (compareStamps(message.stamp, state.committed.stamp) <= 0) {
    return { state, answer: answer('held') }
  }
  if (message.committed) {
    const next = build(state, message)
    if (next === undefined) return { state, answer: answer('behind') }
    return { state: install(state, next), answer: answer('held') }
  }
  if (state.pending && compareStamps(message.stamp, state.pending.stamp) <= 0) {
    return { state, answer: answer('held') }
  }
  const informed = learnInForce(state, message.inForce)
  const next = build(informed, message)
  if (next === undefined || compareStamps(informed.committed.stamp, message.inForce) < 0) {
    return { state: informed, answer: answer('behind') }
  }
  return { state: { ...informed, pending: next }, answer: answer('held') }
}

/** What a node holds: in force, and perhaps on its way. */
export interface Held {
  readonly committed: ClusterState
  readonly pending: ClusterState | undefined
}

/**
 * What another node holds is taken over where it is newer, as if its primary had sent it here as well. So a candidate
 * that missed the last state of a primary that is gone catches up with those whose votes it needs.
 */
export function learnHeld(state: ControlState, held: Held): ControlState {
  if (state.leading) return state
  const informed = install(state, held.committed)
  const { pending } = held
  const newest = informed.pending ?? informed.committed
  if (pending === undefined || compareStamps(pending.stamp, newest.stamp) <= 0) return informed
  return { ...informed, pending }
}
