import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { CaseResult, Report } from 'aistore-conformance/runner/model/report.ts'

/** The folder of the results that are kept in the repository. */
export const resultsFolder = fileURLToPath(new URL('../conformance/results/', import.meta.url))

/** What is kept of a run; `differences`: what the original does instead, of the cases that show it. */
export interface KeptResults {
  readonly profile: string
  readonly serverVersion: string
  readonly summary: Report['summary']
  readonly results: Readonly<Record<string, CaseResult['outcome']>>
  readonly differences?: Readonly<Record<string, string>>
}

/** No times, so that a run without a change is no diff. */
function keptOf({ profile, serverVersion, summary, results, reference }: Report): KeptResults {
  const sorted = [...results].sort((a, b) => (a.id < b.id ? -1 : 1))
  const kept = {
    profile,
    serverVersion,
    summary,
    results: Object.fromEntries(sorted.map(({ id, outcome }) => [id, outcome] as const)),
  }
  if (!reference) return kept
  const differing = sorted.flatMap(({ id, outcome, deviation }) =>
    deviation === undefined || outcome !== 'passed' ? [] : [[id, deviation] as const],
  )
  return { ...kept, differences: Object.fromEntries(differing) }
}

/** Keeps a run as `conformance/results/<name>.json`. */
export async function keepResults(name: string, report: Report): Promise<void> {
  await writeFile(`${resultsFolder}${name}.json`, `${JSON.stringify(keptOf(report), null, 1)}\n`)
}
