import { describe, expect, it } from 'vitest'
import { withNode } from '../smap.ts'
import { snodeFlags } from '../snode.ts'
import { follower, leader, mapOf, node, stampOf, stateOf, timing } from './testing/states.ts'
import { beginCampaign, campaignDue, receiveVote, type VoteMsg, voteMsg, won } from './vote.ts'

const smap = mapOf('p1 p2 p3 t1 t2')
const inForce = stateOf(3, 7, smap)

const ask = (more: Partial<VoteMsg> = {}): VoteMsg => ({
  uuid: 'cluster',
  candidateId: 'p2',
  term: 4,
  stamp: inForce.stamp,
  trial: false,
  handover: false,
  ...more,
})

describe('a vote', () => {
  const silent = 2_000
  const voter = follower('t1', inForce)

  it('is given once a term, and again to the same candidate', () => {
    const given = receiveVote(voter, ask(), silent, timing)
    expect(given.answer.yes).toBe(true)
    expect(given.state).toMatchObject({ term: 4, votedFor: 'p2' })
    expect(receiveVote(given.state, ask(), silent, timing).answer.yes).toBe(true)
    expect(receiveVote(given.state, ask({ candidateId: 'p3' }), silent, timing).answer.yes).toBe(
      false,
    )
  })

  it('is not given in a term that is over', () => {
    const { state, answer } = receiveVote({ ...voter, term: 9 }, ask(), silent, timing)
    expect(answer).toMatchObject({ yes: false, term: 9 })
    expect(state.term).toBe(9)
  })

  it('is not given, and the term not raised, while the primary is heard', () => {
    const { state, answer } = receiveVote(voter, ask(), timing.loyaltyMs - 1, timing)
    expect(answer.yes).toBe(false)
    expect(state).toBe(voter)
  })

  it('is given at once when the primary hands over', () => {
    expect(receiveVote(voter, ask({ handover: true }), 1, timing).answer.yes).toBe(true)
  })

  it('is not given to one that lacks what this node holds, which is told instead', () => {
    const pending = stateOf(3, 8, smap)
    const { answer } = receiveVote({ ...voter, pending }, ask(), silent, timing)
    expect(answer.yes).toBe(false)
    expect(answer.held).toEqual({ committed: inForce, pending })
  })

  it('is given by a primary only when no quorum hears it', () => {
    const primary = leader('p1', inForce)
    expect(receiveVote(primary, ask(), timing.leaseMs, timing).answer.yes).toBe(false)
    const { state, answer } = receiveVote(primary, ask(), timing.leaseMs + 1, timing)
    expect(answer.yes).toBe(true)
    expect(state.leading).toBeUndefined()
  })

  it('once given leaves its winner a moment to be heard', () => {
    const { state } = receiveVote(voter, ask(), silent, timing)
    const rival = (now: number) =>
      receiveVote(state, ask({ candidateId: 'p3', term: 5, trial: true }), now, timing).answer
    expect(rival(silent + timing.intervalMs - 1)).toMatchObject({ yes: false, term: 4 })
    expect(rival(silent + timing.intervalMs).yes).toBe(true)
    const again = ask({ term: 5, trial: true })
    expect(receiveVote(state, again, silent + 1, timing).answer.yes).toBe(true)
  })

  it('on trial changes nothing', () => {
    const { state, answer } = receiveVote(voter, ask({ trial: true }), silent, timing)
    expect(answer.yes).toBe(true)
    expect(state).toBe(voter)
  })
})

describe('a gateway stands for election', () => {
  const line = ['p2', 'p3']
    .map((id) => ({ id, state: follower(id, inForce) }))
    .map(({ id, state }) => ({
      id,
      from: [2_000, 2_500].find((now) => campaignDue(state, now, timing)),
    }))

  it('one after the other, the primary left out', () => {
    expect(line.map(({ from }) => from).sort()).toEqual([2_000, 2_500])
    for (const { id } of line) {
      expect(campaignDue(follower(id, inForce), timing.silenceMs - 1, timing)).toBe(false)
    }
  })

  it('not when it may not lead, nor when it leads', () => {
    const barred = withNode(smap, node('p2', snodeFlags.nonElectable))
    expect(campaignDue(follower('p2', stateOf(3, 7, barred)), 60_000, timing)).toBe(false)
    expect(campaignDue(leader('p1', inForce), 60_000, timing)).toBe(false)
    expect(campaignDue(follower('t1', inForce), 60_000, timing)).toBe(false)
  })

  it('at once when nobody else can', () => {
    const alone = stateOf(3, 7, mapOf('p1 t1 t2'))
    expect(campaignDue(follower('p1', alone), 0, timing)).toBe(true)
  })

  it('for the next term, with its own vote', () => {
    const state = beginCampaign(follower('p2', inForce), 2_000)
    expect(state).toMatchObject({ term: 4, votedFor: 'p2', leading: undefined })
    expect(voteMsg(state, false, false)).toMatchObject({ term: 4, stamp: stampOf(3, 7) })
    expect(voteMsg(follower('p2', inForce), true, false).term).toBe(4)
  })

  it('and wins with more than half of the map in force and of the one on its way', () => {
    const candidate = {
      ...follower('p2', stateOf(3, 7, mapOf('p1 p2 t1'))),
      pending: stateOf(3, 8, mapOf('p1 p2 t1 t2 t3')),
    }
    expect(won(candidate, new Set(['p2', 't2', 't3']))).toBe(false)
    expect(won(candidate, new Set(['p2', 't1']))).toBe(false)
    expect(won(candidate, new Set(['p2', 't1', 't2']))).toBe(true)
  })

  it('and never wins before it was in a map', () => {
    const fresh = { ...follower('p2', stateOf(0, 0, mapOf('p9'))), pending: undefined }
    expect(won(fresh, new Set(['p2']))).toBe(false)
  })
})
