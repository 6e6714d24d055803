// The suite against a running cluster of the Go original: every declared difference must show, and nothing else.
import { writeHuman } from 'aistore-conformance/runner/report/write-human.ts'
import { runConformance } from 'aistore-conformance/runner/run-conformance.ts'
import { keepResults } from './kept-results.ts'

const endpoint = process.argv[2]
if (endpoint === undefined) {
  process.stderr.write('usage: npm run conformance:original -- http://HOST:PORT\n')
  process.exit(2)
}
const report = await runConformance({ endpoint, reference: true })
await keepResults('original', report)
process.stdout.write(writeHuman(report))
process.exitCode = report.summary.failed === 0 && report.summary.passed > 0 ? 0 : 1
