import type { SeedResult } from './run-seed.ts'
import { describeEvent } from './sim-event.ts'

/** What a person needs to know of a seed that failed: what broke, how to see it again, what it takes. */
export function describeFailure(result: SeedResult, mistake: string | undefined): string {
  const { seed, failure, schedule } = result
  const { proxies, targets, late, nonElectable } = schedule.shape
  const planted = mistake === undefined ? '' : ` --mistake ${mistake}`
  const roles = [
    late.length > 0 ? `late: ${late.join(' ')}` : '',
    nonElectable.length > 0 ? `non-electable: ${nonElectable.join(' ')}` : '',
  ].filter((text) => text !== '')
  return [
    `seed ${seed}: ${failure?.message ?? 'no failure'}`,
    `  again: npm run sim -- --seed ${seed}${planted} --trace 200`,
    `  cluster: ${proxies} gateways, ${targets} targets${roles.length > 0 ? `, ${roles.join(', ')}` : ''}`,
    `  events (faults end at ${(schedule.healAt / 1_000).toFixed(3)} s):`,
    ...schedule.events.map((event) => `    ${describeEvent(event)}`),
  ].join('\n')
}

/** Middle and worst of what was measured; empty: nothing was. */
function spread(name: string, values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  const [middle, worst] = [known[known.length >> 1], known.at(-1)]
  if (middle === undefined || worst === undefined) return ''
  return `${name} ${middle} ms (worst ${worst}, of ${known.length})`
}

/** What a run over many seeds came to, in one line for each thing. */
export function describeRun(results: readonly SeedResult[]): string {
  const sum = (of: (result: SeedResult) => number) => results.reduce((all, one) => all + of(one), 0)
  const figures = results.map((result) => result.figures)
  return [
    `${results.length} seeds, ${results.filter(({ failure }) => failure).length} failed`,
    `${sum((one) => one.messages)} messages, ${sum((one) => one.acknowledged)} changes acknowledged, ${sum((one) => one.unknown)} in doubt`,
    spread(
      'agreement after the faults',
      figures.map(({ convergedMs }) => convergedMs),
    ),
    spread(
      'new primary',
      figures.map(({ newPrimaryMs }) => newPrimaryMs),
    ),
    spread(
      'dead node out of the map',
      figures.map(({ deadNodeOutMs }) => deadNodeOutMs),
    ),
  ]
    .filter((line) => line !== '')
    .join('\n')
}
