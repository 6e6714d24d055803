import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Smap, withNode } from '../smap.ts'
import { snodeFlags } from '../snode.ts'
import { commitQuorum, electionQuorum, inEveryMap } from './quorum.ts'
import { mapOf, node, stateOf } from './testing/states.ts'

const ids = (text: string) => new Set(text.split(' ').filter((id) => id !== ''))

describe('a commit', () => {
  it.each([
    ['p1 p2 t1', 'p1 t1', true],
    ['p1 p2 t1', 'p1', false],
    ['p1 p2 t1 t2', 'p1 t1', true],
    ['p1 p2 t1 t2', 'p2 t1', false],
    ['p1 p2 t1 t2', 'p2 t1 t2', true],
    ['p1 t1 t2 t3', 'p1', true],
    ['p1 t1 t2 t3', 't1 t2 t3', false],
  ])('of %s held by %s: %s', (map, acks, enough) => {
    expect(commitQuorum(mapOf(map), ids(acks), 'p1')).toBe(enough)
  })

  it('counts neither who is under maintenance nor who left the map', () => {
    const smap = withNode(mapOf('p1 p2 t1 t2'), node('t2', snodeFlags.maintenance))
    expect(commitQuorum(smap, ids('p1 t2 t9'), 'p1')).toBe(false)
    expect(commitQuorum(smap, ids('p1 t1'), 'p1')).toBe(true)
  })
})

describe('an election', () => {
  it.each([
    ['p1 p2 t1 t2', 'p2 t1', false],
    ['p1 p2 t1 t2', 'p2 t1 t2', true],
    ['p1 t1 t2 t3', 't1 t2 t3', false],
    ['p1 t1 t2 t3', 'p1', true],
  ])('in %s with the votes of %s: %s', (map, votes, enough) => {
    expect(electionQuorum(mapOf(map), ids(votes))).toBe(enough)
  })

  it('needs more than half as well when a primary that may lead no more still does', () => {
    const smap = withNode(mapOf('p1 p2 t1'), node('p1', snodeFlags.nonElectable))
    expect(electionQuorum(smap, ids('p2'))).toBe(false)
    expect(electionQuorum(smap, ids('p1 t1'))).toBe(false)
    expect(electionQuorum(smap, ids('p2 t1'))).toBe(true)
  })
})

it('every quorum that elects meets every quorum that commits, whoever leads, whatever the flags', () => {
  const flag = fc.constantFrom(0, 0, snodeFlags.nonElectable, snodeFlags.maintenance)
  const names = ['p1', 'p2', 'p3', 't1', 't2', 't3']
  const world = fc.record({
    flags: fc.array(flag, { minLength: 6, maxLength: 6 }),
    size: fc.integer({ min: 1, max: 6 }),
    primary: fc.constantFrom('p1', 'p2', 'p3'),
    votes: fc.uniqueArray(fc.constantFrom(...names)),
    acks: fc.uniqueArray(fc.constantFrom(...names)),
  })
  fc.assert(
    fc.property(world, ({ flags, size, primary, votes, acks }) => {
      const members = ['p1', 'p2', 'p3', 't1', 't2', 't3'].slice(0, size)
      fc.pre(members.includes(primary))
      let smap: Smap = { ...mapOf(members.join(' ')), primaryId: primary }
      members.forEach((id, at) => {
        const own = flags[at] ?? 0
        if (id.startsWith('p') || own !== snodeFlags.nonElectable)
          smap = withNode(smap, node(id, own))
      })
      const committed = commitQuorum(smap, new Set([...acks, primary]), primary)
      const elected = electionQuorum(smap, new Set(votes))
      fc.pre(committed && elected)
      expect([...acks, primary].some((id) => votes.includes(id))).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

it('asks the map in force and the one on its way', () => {
  const before = stateOf(1, 1, mapOf('p1 p2 t1'))
  const after = stateOf(1, 2, mapOf('p1 p2 t1 t2 t3'))
  const quorum = (acks: string) => (smap: Smap) => commitQuorum(smap, ids(acks), 'p1')
  expect(inEveryMap(before, after, quorum('p1 t2 t3'))).toBe(false)
  expect(inEveryMap(before, after, quorum('p1 t1'))).toBe(false)
  expect(inEveryMap(before, after, quorum('p1 t1 t2'))).toBe(true)
})
