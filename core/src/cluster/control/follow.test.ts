import { describe, expect, it } from 'vitest'
import { type ClusterState, zeroStamp } from './cluster-state.ts'
import { learnHeld, type MetasyncMsg, receiveMetasync } from './follow.ts'
import { follower, leader, mapOf, stampOf, stateOf } from './testing/states.ts'

const three = mapOf('p1 p2 t1')
const four = mapOf('p1 p2 t1 t2')
const five = mapOf('p1 p2 t1 t2 t3')

function message(next: ClusterState, inForce: ClusterState, more: Partial<MetasyncMsg> = {}) {
  const { stamp, ...documents } = next
  return {
    uuid: 'cluster',
    primaryId: 'p1',
    term: stamp.term,
    stamp,
    base: zeroStamp,
    documents,
    inForce: inForce.stamp,
    committed: false,
    ...more,
  }
}

describe('a state from the primary', () => {
  const first = stateOf(1, 1, three)
  const second = stateOf(1, 2, four)
  const third = stateOf(1, 3, five)

  it('is held until it is in force, and then in force', () => {
    const held = receiveMetasync(follower('t1', first), message(second, first), 7)
    expect(held.answer).toEqual({ term: 1, outcome: 'held' })
    expect(held.state).toMatchObject({ primaryHeardAt: 7, committed: first, pending: second })
    const difference = { base: first.stamp, documents: { smap: four } }
    const told = message(second, second, { ...difference, committed: true })
    const after = receiveMetasync(held.state, told, 8)
    expect(after.state.committed).toEqual(second)
    expect(after.state.pending).toBeUndefined()
  })

  it('takes what it builds on into force when that is held', () => {
    const { state } = receiveMetasync(follower('t1', first), message(second, first), 7)
    const difference = { base: second.stamp, documents: { smap: five } }
    const next = receiveMetasync(state, message(third, second, difference), 8)
    expect(next.answer.outcome).toBe('held')
    expect(next.state.committed).toEqual(second)
    expect(next.state.pending).toEqual(third)
  })

  it('is not held, even whole, by a node that lacks what it was proposed on', () => {
    const { state, answer } = receiveMetasync(follower('t1', first), message(third, second), 7)
    expect(answer.outcome).toBe('behind')
    expect(state.pending).toBeUndefined()
  })

  it('is asked for whole when the difference is to something else', () => {
    const difference = { base: second.stamp, documents: { smap: five }, committed: true }
    const { state, answer } = receiveMetasync(
      follower('t1', first),
      message(third, third, difference),
      7,
    )
    expect(answer.outcome).toBe('behind')
    expect(state.committed).toBe(first)
  })

  it('goes into force beside a newer one that is held', () => {
    const { state } = receiveMetasync(
      { ...follower('t1', first), pending: third },
      message(second, second, { committed: true }),
      7,
    )
    expect(state.committed).toEqual(second)
    expect(state.pending).toBe(third)
  })

  it('of an older term is refused, and does not count as a sign of life', () => {
    const before = { ...follower('t1', first), term: 5 }
    const { state, answer } = receiveMetasync(before, message(second, first), 7)
    expect(answer).toEqual({ term: 5, outcome: 'refused' })
    expect(state).toBe(before)
  })

  it('of a newer term ends the lead of this node and takes its proposal away', () => {
    const before = { ...leader('p1', first), pending: second }
    const other = stateOf(2, 2, mapOf('p1 p2 t1', 'p2'))
    const { state } = receiveMetasync(before, message(other, first), 7)
    expect(state).toMatchObject({ term: 2, votedFor: '', leading: undefined, pending: other })
  })

  it('that is older than what is in force changes nothing', () => {
    const before = follower('t1', second)
    const { state, answer } = receiveMetasync(before, message(first, first), 7)
    expect(answer.outcome).toBe('held')
    expect(state.committed).toBe(second)
    expect(state.pending).toBeUndefined()
  })
})

describe('what another node holds', () => {
  const first = stateOf(1, 1, three)
  const second = stateOf(1, 2, four)
  const third = stateOf(1, 3, five)

  it('is taken over where it is newer, with what it builds on', () => {
    const state = learnHeld(follower('p2', first), { committed: second, pending: third })
    expect(state).toMatchObject({ committed: second, pending: third })
  })

  it('is left where it is older', () => {
    const mine = { ...follower('p2', second), pending: stateOf(2, 3, five) }
    expect(learnHeld(mine, { committed: first, pending: third })).toEqual(mine)
  })

  it('is nothing to a primary', () => {
    const mine = leader('p1', first)
    expect(learnHeld(mine, { committed: second, pending: undefined })).toBe(mine)
  })

  it('does not count as heard from the primary', () => {
    const state = learnHeld(follower('p2', first), { committed: second, pending: undefined })
    expect(state.primaryHeardAt).toBe(0)
    expect(state.committed.stamp).toEqual(stampOf(1, 2))
  })
})
