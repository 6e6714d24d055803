import { describe, expect, it } from 'vitest'
import { minimise } from './minimise.ts'
import { mistakes } from './mistakes/registry.ts'
import { describeFailure } from './report.ts'
import { drawSeed, runSeed, type SeedResult } from './run-seed.ts'
import type { SimEvent } from './sim-event.ts'
import { turn } from './testing/turn.ts'

/** Seeds of a short run; the long one is `npm run sim`. */
const seeds = Array.from({ length: 10 }, (_, seed) => seed)
/** Virtual time is cheap, but the machine may be busy. */
const patienceMs = 240_000

it('gives one seed one trace', { timeout: patienceMs }, async () => {
  for (const seed of [3, 8]) {
    const once = await runSeed(seed, { turn })
    const told = await runSeed(seed, { turn, traceLines: 10 })
    expect(told.hash).toBe(once.hash)
    expect(told.schedule).toEqual(once.schedule)
    expect((await runSeed(seed + 1, { turn })).hash).not.toBe(once.hash)
  }
})

it('finds nothing wrong with the cluster', { timeout: patienceMs }, async () => {
  const failed: string[] = []
  let acknowledged = 0
  for (const seed of seeds) {
    const result = await runSeed(seed, { turn })
    acknowledged += result.acknowledged
    if (result.failure) failed.push(describeFailure(result, undefined))
  }
  expect(failed).toEqual([])
  expect(acknowledged).toBeGreaterThan(5 * seeds.length)
})

/** What is drawn since those seeds were found. */
const later = new Set<SimEvent['kind']>([
  'leave',
  'leave-twice',
  'rename',
  'rename-objects',
  'credentials',
])

/** What a seed found once, as long as the schedule is drawn as it was then. */
const found = [
  [247, 'an object stored by who was no owner any more, after its pass of the rebalance'],
  [750, 'a deleted name brought back by a target that had been away'],
  [1483, 'an object sent round between two targets until neither had it'],
  [1398, 'a primary that was cut off, and whom nobody told of the next one'],
] as const

it.each(found)('seed %i passes: %s', { timeout: patienceMs }, async (seed) => {
  const drawn = drawSeed(seed)
  const events = drawn.events.filter(({ kind }) => !later.has(kind))
  const result = await runSeed(seed, { turn, schedule: { ...drawn, events } })
  expect(result.failure && describeFailure(result, undefined)).toBeUndefined()
})

/** The same of seeds whose nodes leave service and whose buckets change names. */
const foundLater = [
  [255, 'a rebalance waited a minute for the answer of a target that had been cut off'],
  [271, 'the same of a question for the newest version'],
  [825, 'a rebalance went round without a pause while no target was in service'],
  [909, 'a target that forgot itself as ordered, and whom the map was never without'],
  [833, 'a target answered 404 for a name that became another one’s while it asked for it'],
  [191, 'a target that was back in service was marked as emptied, and took its objects with it'],
  [726, 'objects of a target in maintenance that was cut off while they were to move'],
  [1371, 'a target that could not learn of a newer map answered 404 for a renamed bucket'],
] as const

it.each(foundLater)('seed %i passes: %s', { timeout: patienceMs }, async (seed) => {
  const result = await runSeed(seed, { turn })
  expect(result.failure && describeFailure(result, undefined)).toBeUndefined()
})

describe('a planted mistake', () => {
  /** Of each a seed that finds it; `npm run sim:mistakes` looks for one, of every mistake. */
  const soon = [
    ['forget-lease', 1],
    ['forget-vote', 0],
    ['ack-before-quorum', 5],
    ['skip-quorum', 12],
    ['forget-pending', 0],
    ['ignore-base', 0],
    ['moved-before-durable', 20],
    ['older-overwrites-newer', 100],
    ['written-anywhere', 20],
    ['forget-tombstone', 13],
    ['nothing-elsewhere', 117],
  ] as const
  /** What is drawn and sent changes with the product: so many seeds from there on are tried. */
  const triesMax = 10
  const firstFailure = async (name: string, from: number): Promise<SeedResult | undefined> => {
    const mistake = mistakes.find((one) => one.name === name)
    if (mistake === undefined) throw new Error(`assert: mistake ${name}`)
    for (let seed = from; seed < from + triesMax; seed++) {
      const result = await runSeed(seed, { turn, mistake })
      if (result.failure) return result
    }
    return undefined
  }

  it.each(soon)('%s is found', { timeout: patienceMs }, async (name, seed) => {
    expect((await firstFailure(name, seed))?.failure).toBeDefined()
  })

  it('is shown with few events', { timeout: patienceMs }, async () => {
    const failed = await firstFailure('ack-before-quorum', 5)
    if (failed === undefined) throw new Error('assert: it was found above')
    const mistake = mistakes.find(({ name }) => name === 'ack-before-quorum')
    const least = await minimise(failed, { turn, mistake }, 12)
    expect(least.failure?.check).toBe(failed.failure?.check)
    expect(least.schedule.events.length).toBeLessThan(failed.schedule.events.length)
  })
})
