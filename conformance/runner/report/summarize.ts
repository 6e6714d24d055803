import type { CaseResult, Outcome, Summary } from '../model/report.ts'

/** Counts results by outcome. */
export function summarize(results: readonly CaseResult[]): Summary {
  const count = (outcome: Outcome): number =>
    results.filter((result) => result.outcome === outcome).length
  return {
    passed: count('passed'),
    failed: count('failed'),
    notTested: count('not-tested'),
    observed: count('observed'),
  }
}
