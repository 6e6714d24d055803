import { runSeed, type SeedOptions, type SeedResult } from './run-seed.ts'
import type { SimEvent } from './sim-event.ts'

/** Runs that looking for a shorter schedule may take, unless told otherwise. */
const enoughRuns = 200

/**
 * Leaves out of a failing seed's schedule whatever its failure does not need: delta debugging, ever smaller parts.
 * The result fails the same check.
 */
export async function minimise(
  failed: SeedResult,
  options: SeedOptions,
  runsMax = enoughRuns,
): Promise<SeedResult> {
  let best = failed
  let runs = 0

  async function fails(events: readonly SimEvent[]): Promise<boolean> {
    if (runs >= runsMax) return false
    runs += 1
    const schedule = { ...failed.schedule, events }
    const result = await runSeed(failed.seed, { ...options, schedule })
    if (result.failure?.check !== failed.failure?.check) return false
    best = result
    return true
  }

  let parts = 2
  while (best.schedule.events.length > 0 && runs < runsMax) {
    const { events } = best.schedule
    const size = Math.ceil(events.length / parts)
    let shorter = false
    for (let from = 0; from < events.length && !shorter; from += size) {
      shorter = await fails([...events.slice(0, from), ...events.slice(from + size)])
    }
    if (shorter) parts = Math.max(2, parts - 1)
    else if (size === 1) break
    else parts = Math.min(events.length, 2 * parts)
  }
  return best
}
