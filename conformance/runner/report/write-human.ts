import type { CaseResult, Outcome, Report } from '../model/report.ts'

/** The report as people read it: what failed, what was not tested and why, the counts last. */
export function writeHuman(report: Report): string {
  const { passed, failed, notTested, observed } = report.summary
  const against = `${report.endpoint} (${report.serverVersion}), profile ${report.profile}`
  const seconds = (report.durationMs / 1000).toFixed(1)
  return [
    `AIStore conformance: ${against}${report.reference ? ', as the reference' : ''}`,
    ...section('Observed', report.results, 'observed'),
    ...section('Not tested', report.results, 'not-tested'),
    ...section('Failed', report.results, 'failed'),
    '',
    `${passed} passed, ${failed} failed, ${notTested} not tested, ${observed} observed (${seconds} s)`,
    '',
  ].join('\n')
}

function section(title: string, results: readonly CaseResult[], outcome: Outcome): string[] {
  const chosen = results.filter((result) => result.outcome === outcome)
  if (chosen.length === 0) return []
  return [
    '',
    `${title}:`,
    ...chosen.map((result) => {
      const features = result.features.length === 0 ? '' : ` [${result.features.join(' ')}]`
      return `  ${result.id}${features}\n    ${result.reason ?? ''}`
    }),
  ]
}
