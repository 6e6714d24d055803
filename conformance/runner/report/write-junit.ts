import type { CaseResult, Report } from '../model/report.ts'

/** The report as JUnit XML; not-tested and observed cases are `skipped` with their reason. */
export function writeJunit(report: Report): string {
  const { passed, failed, notTested, observed } = report.summary
  const counts = [
    `tests="${passed + failed + notTested + observed}"`,
    `failures="${failed}"`,
    `skipped="${notTested + observed}"`,
    `time="${report.durationMs / 1000}"`,
  ].join(' ')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="aistore-conformance ${escapeXml(report.profile)}" ${counts}>`,
    ...report.results.map(writeCase),
    '</testsuite>',
    '',
  ].join('\n')
}

function writeCase(result: CaseResult): string {
  const features = escapeXml(result.features.join(' '))
  const open = `  <testcase classname="${features}" name="${escapeXml(result.id)}" time="${result.durationMs / 1000}"`
  if (result.outcome === 'passed') return `${open}/>`
  const message = escapeXml(result.reason ?? '')
  const inner = result.outcome === 'failed' ? 'failure' : 'skipped'
  return `${open}><${inner} message="${message}"/></testcase>`
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // XML 1.0 has no way to write most control characters.
      .replaceAll(/[^\t\n\r -\uffff]/g, '?')
  )
}
