import { describe, expect, it } from 'vitest'
import { withPrimary } from '../smap.ts'
import { resume } from './control-state.ts'
import { countAck, countHeard, hasLease, isQuiet, propose, silentNodes, takeOver } from './lead.ts'
import { follower, leader, mapOf, stampOf, stateOf, timing } from './testing/states.ts'

const smap = mapOf('p1 p2 t1 t2 t3')
const inForce = stateOf(3, 7, smap)
const held = { term: 3, outcome: 'held' } as const

describe('a proposal', () => {
  const proposed = propose(leader('p1', inForce), { smap: { ...smap, version: 99 } })

  it('is the next state of the term, in force when a quorum holds it, and not before', () => {
    expect(proposed.pending?.stamp).toEqual(stampOf(3, 8))
    const one = countAck(proposed, 't1', stampOf(3, 8), held)
    expect(one.committed).toBe(inForce)
    const two = countAck(one, 't2', stampOf(3, 8), held)
    expect(two.committed.smap.version).toBe(99)
    expect(two.pending).toBeUndefined()
  })

  it('is not held by who says anything else, holds another one, or says it twice', () => {
    let state = countAck(proposed, 't1', stampOf(3, 8), { term: 3, outcome: 'behind' })
    state = countAck(state, 't2', stampOf(3, 7), held)
    state = countAck(state, 't3', stampOf(3, 8), held)
    state = countAck(state, 't3', stampOf(3, 8), held)
    expect(state.committed).toBe(inForce)
  })

  it('ends with the lead when somebody knows a newer term', () => {
    const state = countAck(proposed, 't1', stampOf(3, 8), { term: 4, outcome: 'refused' })
    expect(state).toMatchObject({ term: 4, leading: undefined, pending: proposed.pending })
    expect(countAck(state, 't2', stampOf(3, 8), held)).toBe(state)
  })

  it('of a change that is under way is a mistake', () => {
    expect(() => propose(proposed, {})).toThrow('on its way')
  })

  it('is in force at once where nobody else may lead', () => {
    const alone = stateOf(3, 7, mapOf('p1 t1 t2'))
    expect(propose(leader('p1', alone), {}).committed.stamp).toEqual(stampOf(3, 8))
  })

  it('needs the old map as well as the new one', () => {
    const bigger = mapOf('p1 p2 t1 t2 t3 t4 t5')
    let state = propose(leader('p1', inForce), { smap: bigger })
    for (const id of ['t4', 't5', 't1']) state = countAck(state, id, stampOf(3, 8), held)
    expect(state.committed).toBe(inForce)
    state = countAck(state, 't2', stampOf(3, 8), held)
    expect(state.committed.smap).toBe(bigger)
  })
})

describe('a new primary', () => {
  const elected = { ...follower('p2', inForce), term: 4, votedFor: 'p2' }
  const pending = stateOf(3, 8, mapOf('p1 p2 t1 t2 t3 t4'))

  it('proposes what it holds anew under its own term, and nothing else before that is in force', () => {
    const documents = { smap: withPrimary(pending.smap, 'p2', 100) }
    const state = takeOver({ ...elected, pending }, documents, 5_000, timing)
    expect(state.pending?.stamp).toEqual(stampOf(4, 9))
    expect(state.leading?.established).toBe(false)
    expect(hasLease(state, 5_000, timing)).toBe(false)
    expect(() => propose(state, {})).toThrow('on its way')
  })

  it('counts the old one as silent, all others as heard', () => {
    const state = takeOver(elected, { smap: withPrimary(smap, 'p2', 100) }, 5_000, timing)
    expect(silentNodes(state, 5_001, timing)).toEqual(['p1'])
  })
})

describe('the lease', () => {
  const primary = leader('p1', inForce)

  it('lasts while a quorum was heard', () => {
    expect(hasLease(primary, timing.leaseMs, timing)).toBe(true)
    expect(hasLease(primary, timing.leaseMs + 1, timing)).toBe(false)
    const renewed = countHeard(countHeard(primary, 't1', 3_000), 't2', 3_000)
    expect(hasLease(renewed, timing.leaseMs + 1, timing)).toBe(true)
  })

  it('tells who is silent', () => {
    const state = countHeard(primary, 't1', 3_000)
    expect(silentNodes(state, timing.leaseMs + 1, timing)).toEqual(['p2', 't2', 't3'])
  })
})

describe('a restart', () => {
  const kept = { term: 3, votedFor: 'p1', committed: inForce, pending: undefined }

  it('leaves the primary of the newest term the primary, and what it proposed its proposal', () => {
    const pending = stateOf(3, 8, smap)
    const state = resume('p1', { ...kept, pending }, 50, 60_000)
    expect(state.leading).toMatchObject({ established: true, since: 50 })
    expect(state.pending).toBe(pending)
    expect(hasLease(state, 50, timing)).toBe(false)
    expect(silentNodes(state, 60_050, timing)).toEqual([])
    expect(silentNodes(state, 60_051, timing)).toHaveLength(4)
  })

  it('does not bring back a lead that another term ended', () => {
    expect(resume('p1', { ...kept, term: 4 }, 0, 0).leading).toBeUndefined()
    expect(resume('p2', kept, 0, 0).leading).toBeUndefined()
  })

  it('drops what was held and is older than what is in force', () => {
    expect(resume('t1', { ...kept, pending: stateOf(2, 9, smap) }, 0, 0).pending).toBeUndefined()
  })
})

describe('a node that is not heard', () => {
  it('is quiet before it is silent, and not when it is heard again', () => {
    const state = leader('p1', inForce)
    expect(isQuiet(state, 't1', timing.silenceMs, timing)).toBe(false)
    expect(isQuiet(state, 't1', timing.silenceMs + 1, timing)).toBe(true)
    expect(isQuiet(countHeard(state, 't1', 1), 't1', timing.silenceMs + 1, timing)).toBe(false)
    expect(timing.silenceMs).toBeLessThan(timing.leaseMs)
  })

  it('is not quiet for who does not lead, and hardly for who just began to', () => {
    expect(isQuiet(follower('p2', inForce), 't1', 60_000, timing)).toBe(false)
    const fresh = resume(
      'p1',
      { term: 3, votedFor: 'p1', committed: inForce, pending: undefined },
      5_000,
      60_000,
    )
    expect(isQuiet(fresh, 't1', 7_000, timing)).toBe(false)
    expect(isQuiet(fresh, 't1', 7_001, timing)).toBe(true)
  })
})
