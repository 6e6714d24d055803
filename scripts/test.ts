// Runs every test and ends with the one line that CI reads: "N passed, N failed".
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, 'run', ...args], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

interface Totals {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
}

const folder = await mkdtemp(join(tmpdir(), 'aistore-test-'))
const report = join(folder, 'report.json')
const own = process.argv.slice(2)
const code = await run([
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...own,
])
const totals: Totals = JSON.parse(await readFile(report, 'utf8'))
await rm(folder, { recursive: true, force: true })
// A file that does not load fails without a test of its own: it must not look like success.
const failed =
  totals.numFailedTests > 0
    ? totals.numFailedTests
    : code === 0
      ? 0
      : Math.max(1, totals.numFailedTestSuites)
process.stdout.write(`${totals.numPassedTests} passed, ${failed} failed\n`)
process.exit(code === 0 && failed === 0 ? 0 : 1)
