import { describe, expect, it } from 'vitest'
import { emptyBmd } from '../bucket/bmd.ts'
import { defaultClusterConfig } from '../config/cluster-config.ts'
import {
  beginRemoval,
  endMaintenance,
  endRemoval,
  isRemovalOf,
  markDrained,
} from './change-service.ts'
import { blankDocuments, type Documents } from './control/documents.ts'
import { mapOf } from './control/testing/states.ts'
import { nextRebalance, returnedAbsent } from './plan-rebalance.ts'
import { markNodes, planRemoval, planReturn } from './plan-removal.ts'
import { parseRemoval } from './removal-request.ts'
import { emptyRmd, parseRmd, rmdToJson } from './rmd.ts'
import { findNode, type Smap } from './smap.ts'
import { snodeFlags } from './snode.ts'

const { maintenance, decommission, maintenancePostRebalance: drained } = snodeFlags
const documents = (smap: Smap): Documents => ({
  ...blankDocuments(defaultClusterConfig()),
  smap,
  bmd: emptyBmd('bmd'),
  rmd: { ...emptyRmd(), version: 4, completed: 4 },
})
const start = documents(mapOf('p1 p2 t1 t2 t3'))
const flags = (smap: Smap, id: string) => findNode(smap, id)?.flags
const request = (value: object) => parseRemoval(value)
const t1 = request({ sid: 't1' })
const still = { skip_rebalance: true }

/** `now` after a removal as far as the node's flags go. */
const marked = (action: 'start-maintenance' | 'decommission-node', now = start): Documents => ({
  ...now,
  ...beginRemoval(now, action, t1, false),
})

describe('a removal', () => {
  it('marks all nodes in one version of the map', () => {
    const ids = request({ sids: ['t1', 'p2'] })
    const { smap, rmd } = beginRemoval(start, 'start-maintenance', ids, false)
    expect(smap.version).toBe(start.smap.version + 1)
    expect([flags(smap, 't1'), flags(smap, 't2')]).toEqual([maintenance, 0])
    expect((flags(smap, 'p2') ?? 0) & maintenance).toBe(maintenance)
    expect(rmd).toBe(start.rmd)
  })

  it('without buckets waits for no rebalance', () => {
    const { rmd } = beginRemoval(start, 'decommission-node', t1, true)
    expect(rmd.version).toBe(4)
    expect(rmd.removal).toBeUndefined()
  })

  it('ends in maintenance, and says whether the objects are elsewhere', () => {
    const now = marked('start-maintenance')
    expect(endRemoval(now, 'start-maintenance', t1, false)).toEqual({
      smap: now.smap,
      rmd: now.rmd,
    })
    const { smap } = endRemoval(now, 'shutdown-node', t1, true)
    expect(flags(smap, 't1')).toBe(maintenance | drained)
  })

  it('ends out of the map; one taken out unsafe may come back with old objects', () => {
    const now = marked('decommission-node')
    expect(flags(now.smap, 't1')).toBe(decommission)
    const gone = endRemoval(now, 'decommission-node', t1, false)
    expect(findNode(gone.smap, 't1')).toBeUndefined()
    expect(gone.rmd.absent).toEqual([])
    expect(endRemoval(start, 'rm-unsafe', t1, false).rmd.absent).toEqual(['t1'])
  })

  it('of a node whose objects are elsewhere is completed without another rebalance', () => {
    const now = marked('decommission-node')
    const smap = markDrained(now, ['t1', 'p2', 'stranger'])
    expect(flags(smap, 't1')).toBe(decommission | drained)
    expect(smap.version).toBe(now.smap.version + 1)
    expect(markDrained({ ...now, smap }, ['t1'])).toBe(smap)
    expect(planRemoval('decommission-node', now.smap, t1, true).rebalance).toBe(true)
    expect(planRemoval('decommission-node', smap, t1, true).rebalance).toBe(false)
  })

  it('of a node that left by itself meanwhile ends as well', () => {
    const now = { ...start, rmd: { ...start.rmd, removal: { action: 'rm-unsafe', request: t1 } } }
    const absent = request({ sid: 'stranger' })
    const { smap, rmd } = endRemoval(now as Documents, 'decommission-node', absent, true)
    expect(smap).toBe(start.smap)
    expect(rmd.removal).toBeUndefined()
  })

  it('travels in the RMD', () => {
    const removal = { action: 'decommission-node', request: { ...t1, rmUserData: true } } as const
    const rmd = { ...start.rmd, removal }
    expect(parseRmd(JSON.parse(JSON.stringify(rmdToJson(rmd, 'c'))))).toEqual(rmd)
  })
})

it('a return clears all flags of maintenance and calls the removal off', () => {
  const now = marked('start-maintenance')
  const rmd = { ...now.rmd, removal: { action: 'shutdown-node', request: t1 } as const }
  const back = endMaintenance({ ...now, rmd }, request({ sid: 't1', ...still }))
  expect(flags(back.smap, 't1')).toBe(0)
  expect(back.rmd.removal).toBeUndefined()
  expect(back.rmd.version).toBe(4)
})

it('a removal that was called off, or waits for another rebalance, is not ended', () => {
  const now = marked('start-maintenance')
  const waiting = {
    ...now,
    rmd: { ...now.rmd, removal: { action: 'start-maintenance', request: t1 } as const },
  }
  expect(isRemovalOf(waiting, 4)).toBe(true)
  expect(isRemovalOf(waiting, 3)).toBe(false)
  const back = { ...waiting, ...endMaintenance(waiting, t1) }
  expect(isRemovalOf(back, 4)).toBe(false)
  expect(isRemovalOf(back, back.rmd.version)).toBe(false)
  // Whoever ends it all the same: the objects of a node in service are where it is.
  expect(flags(endRemoval(back, 'start-maintenance', t1, true).smap, 't1')).toBe(0)
  expect(markDrained(back, ['t1'])).toBe(back.smap)
})

it('a flag of maintenance that is left on a node in service says nothing', () => {
  const smap = markNodes(start.smap, ['t1'], drained)
  expect(planRemoval('decommission-node', smap, t1, true).rebalance).toBe(true)
  expect(nextRebalance(start.rmd, smap).targetIds).toEqual(['t1', 't2', 't3'])
})

it('a target that was away while its objects were to move has them moved when it is back', () => {
  const { smap } = marked('start-maintenance')
  const rmd = { ...start.rmd, absent: ['t1', 'stranger'] }
  expect(returnedAbsent(rmd, smap, [])).toEqual(['t1'])
  expect(returnedAbsent(rmd, smap, ['t1'])).toEqual([])
  expect(returnedAbsent({ ...rmd, version: 5 }, smap, [])).toEqual([])
})

describe('what a removal comes to', () => {
  const plan = (now: Documents, value: object, enabled = true) =>
    planRemoval('start-maintenance', now.smap, request(value), enabled)

  it('depends on whether objects are to move and can', () => {
    expect(plan(start, { sid: 't1' }).rebalance).toBe(true)
    expect(plan(start, { sid: 't1', ...still }).rebalance).toBe(false)
    expect(plan(start, { sid: 't1' }, false).rebalance).toBe(false)
    expect(plan(start, { sid: 'p2' }).rebalance).toBe(false)
    expect(() => plan(start, { sids: ['t1', 't2', 't3'] })).toThrow('skip_rebalance')
    expect(plan(start, { sids: ['t1', 't2', 't3'] }, false).nodes).toHaveLength(3)
  })

  it('is nothing when it was done, and the rebalance when that did not come to its end', () => {
    const now = marked('start-maintenance')
    expect(plan(now, { sid: 't1', ...still }).nodes).toEqual([])
    expect(plan(now, { sid: 't1' })).toMatchObject({ rebalance: true, nodes: [{ daemonId: 't1' }] })
    const done = { ...now, ...endRemoval(now, 'start-maintenance', t1, true) }
    expect(plan(done, { sid: 't1' })).toEqual({ nodes: [], rebalance: false })
    const later = planRemoval('decommission-node', done.smap, t1, true)
    expect(later).toMatchObject({ rebalance: false, nodes: [{ daemonId: 't1' }] })
  })

  it('is refused for one on its way out, in both directions', () => {
    const { smap } = marked('decommission-node')
    expect(() => planRemoval('start-maintenance', smap, t1, true)).toThrow('being decommissioned')
    expect(() => planReturn(smap, t1)).toThrow('being decommissioned')
  })
})
