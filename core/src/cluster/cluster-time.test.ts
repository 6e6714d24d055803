import { expect, it } from 'vitest'
import { createClusterTime } from './cluster-time.ts'

it('follows the primary and is not moved by the clock of the machine', () => {
  const at = { wall: 1_000_000, monotonic: 500 }
  const time = createClusterTime({
    now: () => at.wall,
    nowNs: () => BigInt(at.wall) * 1_000_000n,
    monotonic: () => at.monotonic,
    sleep: async () => undefined,
  })
  expect(time.now()).toBe(1_000_000)
  at.monotonic += 10
  at.wall -= 3_600_000
  expect(time.now()).toBe(1_000_010)
  time.heard(9_000_000, at.monotonic)
  at.monotonic += 5
  expect(time.now()).toBe(9_000_005)
})
