import { describe, expect, it } from 'vitest'
import { runControlPlane } from './control-plane.ts'

const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1)

describe('metadata changes under loss and crashes', () => {
  it.each(seeds)(
    'seed %i: what was acknowledged is what every node has, once faults stop',
    async (seed) => {
      const run = await runControlPlane({
        seed,
        targets: 1 + (seed % 5),
        operations: 25,
        loss: 0.15,
      })
      const wanted = [...run.acknowledged]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, exists]) => `${name}=${exists}`)
        .join(' ')
      for (const view of run.views) expect(view.replace(/^v\d+ /, '')).toBe(wanted)
      expect(new Set(run.views).size).toBe(1)
    },
  )

  it('repeats a run exactly', async () => {
    const options = { seed: 7, targets: 3, operations: 20, loss: 0.2 }
    const [one, two] = [await runControlPlane(options), await runControlPlane(options)]
    expect(two.trace).toEqual(one.trace)
    expect(one.trace.some((line) => line.includes('crash') || line.includes('lost'))).toBe(true)
  })
})
