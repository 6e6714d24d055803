import { expect, it } from 'vitest'
import { emptyRmd } from '../cluster/rmd.ts'
import { unrestOf } from './xaction-orders.ts'

it('says why objects are not at rest, and what to do about it', () => {
  const rmd = { ...emptyRmd(), version: 3, completed: 2 }
  expect(unrestOf({ ...rmd, completed: 3 }, undefined)).toBeUndefined()
  expect(unrestOf(rmd, undefined)).toBe('rebalance[g3] is currently running, try again')
  expect(unrestOf({ ...rmd, aborted: 3 }, undefined)).toBe(
    'rebalance[g3] was stopped before all objects were in place, start it again',
  )
  expect(unrestOf({ ...rmd, aborted: 2 }, undefined)).toMatch(/currently running/)
  expect(unrestOf(emptyRmd(), { id: 'x' })).toBe('resilver[x] is currently running, try again')
  expect(unrestOf(emptyRmd(), { id: 'x', endedAt: 1 })).toBeUndefined()
})
