import { expect, it } from 'vitest'
import { SeededRandom } from './seeded-random.ts'
import { turn } from './testing/turn.ts'
import { Timeline } from './timeline.ts'

it('runs in order of time, then of registration, each after all that follows from the one before', async () => {
  const timeline = new Timeline(turn)
  const random = new SeededRandom(7)
  const due = Array.from({ length: 500 }, (_, order) => ({ at: random.below(50), order }))
  const seen: { at: number; order: number }[] = []
  let running = 0
  for (const one of due) {
    timeline.at(one.at, async () => {
      expect(running).toBe(0)
      running += 1
      for (let step = 0; step < 200; step++) await null
      running -= 1
      seen.push(one)
    })
  }
  await timeline.run(49, () => undefined)
  expect(seen).toEqual(due.toSorted((a, b) => a.at - b.at || a.order - b.order))
})

it('leaves out what was cancelled and what comes later', async () => {
  const timeline = new Timeline(turn)
  const seen: string[] = []
  timeline.at(1, () => seen.push('one'))
  timeline.at(2, () => seen.push('two'))()
  timeline.at(3, () => seen.push('three'))
  await timeline.run(2, () => undefined)
  expect(seen).toEqual(['one'])
  expect(timeline.now).toBe(2)
})
