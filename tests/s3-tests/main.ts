// Runs Ceph's conformance suite of S3 on a cluster of its own and holds the results against the list that is kept.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { launchCluster } from '../stock/launched-cluster.ts'
import { pythonEnvironment } from '../stock/python-environment.ts'
import { run } from '../stock/run-program.ts'
import versions from '../stock/versions.json' with { type: 'json' }
import { familyOf } from './family.ts'
import { suiteConfig } from './suite-config.ts'
import {
  readReport,
  readResults,
  regressions,
  type TestResult,
  type TestResults,
  writeResults,
} from './test-results.ts'

const usage = `npm run test:s3-tests -- --suite DIR [--python FILE] [--port N] [--only EXPRESSION] [--write]

  --suite DIR        a checkout of ceph/s3-tests
  --python FILE      a Python that has what the suite needs (without: an environment is made)
  --port N           of the cluster's first gateway (30000)
  --only EXPRESSION  of the tests, those that pytest's -k selects
  --write            keep these results instead of comparing with the kept ones
  --log FILE         where pytest's output goes`

const resultsFile = fileURLToPath(new URL('results.txt', import.meta.url))
const testFiles = ['s3tests/functional/test_headers.py', 's3tests/functional/test_s3.py']

/** Most time of one test, s. */
const testSeconds = 300

/** What a day of lifecycle lasts during the suite, s. */
const daySeconds = 10

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    python: { type: 'string' },
    port: { type: 'string', default: '30000' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    log: { type: 'string' },
  },
})

function table(results: TestResults): string {
  const counts = new Map<string, Record<TestResult, number>>()
  for (const [name, result] of results) {
    const family = familyOf(name)
    const count = counts.get(family) ?? { passed: 0, failed: 0, skipped: 0 }
    count[result]++
    counts.set(family, count)
  }
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  const row = (name: string, cells: readonly (string | number)[]) =>
    `${name.padEnd(24)}${cells.map((cell) => String(cell).padStart(9)).join('')}\n`
  return [
    row('family', ['passed', 'failed', 'skipped']),
    ...rows.map(([name, { passed, failed, skipped }]) => row(name, [passed, failed, skipped])),
  ].join('')
}

async function runSuite(suite: string, python: string): Promise<TestResults> {
  const folder = await mkdtemp(join(tmpdir(), 'aistore-s3-tests-'))
  const cluster = await launchCluster(Number(values.port), {
    AIS_TEST_DAY_SECONDS: String(daySeconds),
  })
  try {
    const users = {
      main: await cluster.makeUser('main'),
      alt: await cluster.makeUser('alt'),
      tenant: await cluster.makeUser('tenant'),
    }
    const configFile = join(folder, 's3tests.conf')
    await writeFile(configFile, suiteConfig(users, cluster.s3Port, daySeconds), { mode: 0o600 })
    const report = join(folder, 'report.xml')
    const selection = values.only === undefined ? [] : ['-k', values.only]
    const { out } = await run(
      python,
      [
        ...['-m', 'pytest', '-q', '--tb=short', '-p', 'no:cacheprovider'],
        ...[`--timeout=${testSeconds}`, `--junitxml=${report}`],
        ...selection,
        ...testFiles,
      ],
      {
        folder: suite,
        environment: { S3TEST_CONF: configFile },
        onOutput: (text) => process.stderr.write(text.replace(/\n[\s\S]{400,}/, '')),
      },
    )
    if (values.log !== undefined) await writeFile(values.log, out)
    return readReport(await readFile(report, 'utf8'))
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

if (values.suite === undefined) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}
const python =
  values.python ?? join(await pythonEnvironment('s3-tests', versions.python['s3-tests']), 'python')
const results = await runSuite(resolve(values.suite), python)
process.stdout.write(`\n${table(results)}`)
const count = (wanted: TestResult) => [...results.values()].filter((one) => one === wanted).length
if (values.write) {
  const kept = values.only === undefined ? [] : readResults(await readFile(resultsFile, 'utf8'))
  await writeFile(resultsFile, writeResults(new Map([...kept, ...results])))
}
const lost = values.write
  ? []
  : regressions(readResults(await readFile(resultsFile, 'utf8')), results)
for (const name of lost) process.stdout.write(`passed before: ${name}\n`)
process.stdout.write(
  `${results.size} tests: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped; ${lost.length} passed before\n`,
)
process.exit(lost.length === 0 && results.size > 0 ? 0 : 1)
