import { expect, it } from 'vitest'
import { blankState } from '../cluster/control/cluster-state.ts'
import { timingOf } from '../cluster/control/control-state.ts'
import { emptySmap } from '../cluster/smap.ts'
import { defaultClusterConfig } from '../config/cluster-config.ts'
import { createWriteFence } from './write-fence.ts'

const timing = timingOf(1_000)
const done = { status: 200, headers: [] }

/** A target whose clock the test moves: a pause takes as long as it says. */
function bench(answers: (now: number) => boolean) {
  let now = 0
  let confirmedAt = 0
  let version = 7
  const { bmd, config, rmd, credentials, emd, revoked } = blankState(defaultClusterConfig())
  const clock = {
    now: () => now,
    nowNs: () => BigInt(now) * 1_000_000n,
    monotonic: () => now,
    async sleep(delayMs: number) {
      now += delayMs
    },
  }
  const fence = createWriteFence({
    control: {
      timing: () => timing,
      metadata: {
        smap: () => ({ ...emptySmap(), version }),
        bmd: () => bmd,
        config: () => config,
        rmd: () => rmd,
        credentials: () => credentials,
        emd: () => emd,
        revoked: () => revoked,
        onChange() {},
      },
      change: clock.sleep,
    },
    clock,
    confirmedAt: () => confirmedAt,
    async refresh() {
      if (answers(now)) confirmedAt = now
    },
  })
  return {
    fence,
    pass(ms: number) {
      now += ms
    },
    map(next: number) {
      version = next
    },
    now: () => now,
  }
}

it('acknowledges at once within a lease', async () => {
  const { fence, pass, now } = bench(() => false)
  pass(timing.leaseMs - 1)
  expect(await fence.guard(() => done)).toBe(done)
  expect(now()).toBe(timing.leaseMs - 1)
})

it('begins nothing after it when the primary does not answer for another lease', async () => {
  const { fence, pass } = bench(() => false)
  pass(timing.leaseMs)
  let begun = false
  const call = fence.guard(() => {
    begun = true
    return done
  })
  await expect(call).rejects.toMatchObject({ code: 'ErrNotReady' })
  expect(begun).toBe(false)
})

it('waits for the next primary', async () => {
  const { fence, pass, now } = bench((at) => at >= 4_000)
  pass(timing.leaseMs)
  expect(await fence.guard(() => done)).toBe(done)
  expect(now()).toBe(4_000)
})

it('does not tell the success of a call that outlasted the lease in a map that is gone', async () => {
  const { fence, pass, map } = bench((at) => at >= 4_000)
  const slow = (next: number) => () => {
    pass(timing.leaseMs + 1_000)
    map(next)
    return done
  }
  expect(await fence.guard(slow(7))).toBe(done)
  await expect(fence.guard(slow(8))).rejects.toMatchObject({ code: 'ErrNotReady' })
})

it('passes on what failed anyway', async () => {
  const { fence, pass } = bench(() => false)
  const failed = { status: 404, headers: [] }
  const call = fence.guard(() => {
    pass(timing.leaseMs)
    return failed
  })
  expect(await call).toBe(failed)
})
