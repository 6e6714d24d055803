import { expect, it } from 'vitest'
import { createSpace } from './space.ts'

it('refuses by what the disk says now, not by what it said before', async () => {
  let freeBytes = 50n
  const disk = () => ({ totalBytes: 1_000n, freeBytes, availableBytes: freeBytes })
  const files = { statfs: async () => disk(), statfsSync: disk }
  const clock = { now: () => 0, nowNs: () => 0n, monotonic: () => 0, sleep: async () => {} }
  const space = await createSpace('/mp', files, clock, { outOfSpacePercent: 95, spaceCheckMs: 1e9 })
  expect(() => space.check()).toThrow(expect.objectContaining({ code: 'ErrCapExceeded' }))
  freeBytes = 500n
  expect(() => space.check()).not.toThrow()
  space.add(450)
  expect(() => space.check()).not.toThrow()
  freeBytes = 20n
  space.add(450)
  expect(() => space.check()).toThrow(/98%/)
})
