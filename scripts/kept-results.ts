import type { Report } from 'aistore-conformance/runner/model/report.ts'

/** What is kept of a run in `conformance/results`, as text: no times, so that a run without a change is no diff. */
export function keptResults({ profile, serverVersion, summary, results }: Report): string {
  const outcomes = [...results]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, outcome }) => [id, outcome] as const)
  const kept = { profile, serverVersion, summary, results: Object.fromEntries(outcomes) }
  return `${JSON.stringify(kept, undefined, 1)}\n`
}
