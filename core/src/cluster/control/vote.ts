import { electables } from '../hrw.ts'
import { compareStamps, type Stamp } from './cluster-state.ts'
import { accepted, type ControlState, raiseTerm, type Step, type Timing } from './control-state.ts'
import type { Held } from './follow.ts'
import { hasLease } from './lead.ts'
import { electionQuorum, inEveryMap, leadsAlone } from './quorum.ts'

/** A gateway asks for a vote. */
export interface VoteMsg {
  readonly uuid: string
  readonly candidateId: string
  readonly term: number
  /** The newest state the candidate holds. */
  readonly stamp: Stamp
  /** Only asks what the answer would be: so that a gateway that cannot win raises no term. @see Raft dissertation, 9.6 */
  readonly trial: boolean
  /** The primary itself hands over: that it was heard a moment ago is no reason to refuse. */
  readonly handover: boolean
}

export interface VoteAnswer {
  readonly term: number
  readonly yes: boolean
  /** Why not, for the log. */
  readonly reason: string
  /** What this node holds, when it is newer than what the candidate does. */
  readonly held: Held | undefined
}

function isBehind(message: VoteMsg, state: ControlState): boolean {
  return compareStamps(message.stamp, accepted(state).stamp) < 0
}

/**
 * Whether this node gave its vote to another than `candidateId` a moment ago. The winner needs that moment to be
 * heard: whoever stands meanwhile would depose it, be behind it, and win nothing.
 */
function rivals(state: ControlState, candidateId: string, now: number, timing: Timing): boolean {
  const given = state.votedFor !== '' && state.votedFor !== candidateId
  return given && now - state.votedAt < timing.intervalMs
}

function refusal(
  before: ControlState,
  state: ControlState,
  message: VoteMsg,
  now: number,
  timing: Timing,
): string | undefined {
  if (message.term < state.term) return `term ${state.term} is newer`
  if (!message.trial && message.term === state.term && state.votedFor !== message.candidateId) {
    return `term ${state.term} has this node's vote or its primary already`
  }
  if (isBehind(message, state)) return 'the candidate is behind'
  if (message.handover) return undefined
  if (rivals(before, message.candidateId, now, timing))
    return 'another candidate has a vote of late'
  if (state.leading && hasLease(state, now, timing)) return 'this node is the primary'
  if (!state.leading && now - state.primaryHeardAt < timing.loyaltyMs) return 'the primary is alive'
  return undefined
}

/**
 * A vote is asked for. One a term, for a candidate that holds all this node holds, and only when the primary is silent
 * here too.
 */
export function receiveVote(
  before: ControlState,
  message: VoteMsg,
  now: number,
  timing: Timing,
): Step<VoteAnswer> {
  const fresh = !message.trial && message.term > before.term
  const seen = fresh ? raised(before, message) : before
  const reason = refusal(before, seen, message, now, timing)
  const { term, committed, pending } = before
  if (reason !== undefined) {
    const held = isBehind(message, before) ? { committed, pending } : undefined
    return { state: before, answer: { term, yes: false, reason, held } }
  }
  const yes = { yes: true, reason: '', held: undefined }
  if (message.trial) return { state: before, answer: { term, ...yes } }
  const given = { votedFor: message.candidateId, votedAt: now }
  const state = { ...raiseTerm(before, message.term), ...given }
  return { state, answer: { term: state.term, ...yes } }
}

/** How `before` looks to the rules when the vote is of a newer term: the vote is free, what is known stays. */
function raised(before: ControlState, message: VoteMsg): ControlState {
  return { ...before, term: message.term, votedFor: message.candidateId }
}

/** Whether this gateway should stand for election now. */
export function campaignDue(state: ControlState, now: number, timing: Timing): boolean {
  if (state.leading !== undefined) return false
  const { selfId, committed } = state
  const { smap } = accepted(state)
  if (leadsAlone(smap, selfId) && leadsAlone(committed.smap, selfId)) return true
  const gone = new Set([committed.smap.primaryId, smap.primaryId])
  const line = electables(smap).filter(({ daemonId }) => daemonId === selfId || !gone.has(daemonId))
  const rank = line.findIndex(({ daemonId }) => daemonId === selfId)
  if (rank < 0 || rivals(state, selfId, now, timing)) return false
  return now - state.primaryHeardAt >= timing.silenceMs + rank * timing.rankDelayMs
}

/** Begins the next term with a vote for itself. */
export function beginCampaign(state: ControlState, now: number): ControlState {
  const { selfId, term } = state
  return { ...state, term: term + 1, votedFor: selfId, votedAt: now, leading: undefined }
}

/** The question that goes to all others. */
export function voteMsg(state: ControlState, trial: boolean, handover: boolean): VoteMsg {
  return {
    uuid: state.committed.smap.uuid,
    candidateId: state.selfId,
    term: trial ? state.term + 1 : state.term,
    stamp: accepted(state).stamp,
    trial,
    handover,
  }
}

/** Whether these votes make the candidate primary. */
export function won(state: ControlState, votes: ReadonlySet<string>): boolean {
  return inEveryMap(state.committed, state.pending, (smap) => electionQuorum(smap, votes))
}
