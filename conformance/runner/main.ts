import { writeFileSync } from 'node:fs'
import { allCases } from '../cases/registry.ts'
import { type CommandLine, parseOptions, UsageError, usage } from './parse-options.ts'
import { writeHuman } from './report/write-human.ts'
import { writeJunit } from './report/write-junit.ts'
import { runConformance } from './run-conformance.ts'
import { runCorruptions } from './run-corruptions.ts'
import { runMutations } from './run-mutations.ts'

/** Exit codes: 0 all passed, 1 something failed or could not run, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args)
  if (line === undefined) return 2
  if (line.list) {
    const only = line.options.only ?? /(?:)/
    const chosen = allCases.filter((subject) => only.test(subject.id))
    const rows = chosen.map(({ id, kind, features }) => `${id}\t${kind}\t${features.join(' ')}`)
    console.log(rows.join('\n'))
    return 0
  }
  try {
    if (line.mutate) return await mutate(line)
    if (line.corrupt) return await corrupt(line)
    const report = await runConformance(line.options)
    if (line.jsonFile !== undefined) {
      writeFileSync(line.jsonFile, `${JSON.stringify(report, null, 2)}\n`)
    }
    if (line.junitFile !== undefined) writeFileSync(line.junitFile, writeJunit(report))
    console.log(writeHuman(report))
    return report.summary.failed === 0 && report.summary.passed > 0 ? 0 : 1
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.error(`conformance: ${line.options.endpoint}: ${reason}`)
    return 1
  }
}

async function mutate({ options }: CommandLine): Promise<number> {
  const report = await runMutations(
    options.endpoint,
    options.only ?? /(?:)/,
    options.concurrency ?? 8,
  )
  for (const [id, count] of report.noticed) console.log(`${id}: noticed by ${count} cases`)
  for (const id of report.failingAnyway) console.log(`left out, fails anyway: ${id}`)
  for (const id of report.unableToFail) console.log(`unable to fail: ${id}`)
  console.log(`\n${report.tested} cases tested, ${report.unableToFail.length} unable to fail`)
  return report.unableToFail.length === 0 && report.tested > 0 ? 0 : 1
}

async function corrupt({ options, jsonFile }: CommandLine): Promise<number> {
  const report = await runCorruptions(
    options.endpoint,
    options.only ?? /(?:)/,
    options.concurrency ?? 8,
    ({ id, touched, noticedBy }) =>
      console.log(
        noticedBy.length > 0
          ? `${id}: noticed by ${noticedBy.length} cases, such as ${noticedBy[0]}`
          : `${id}: NOT NOTICED (${touched} messages changed)`,
      ),
  )
  if (jsonFile !== undefined) {
    const table = Object.fromEntries(report.results.map((result) => [result.id, result.noticedBy]))
    writeFileSync(jsonFile, `${JSON.stringify(table, null, 1)}\n`)
  }
  for (const id of report.leftOut) console.log(`left out, does not pass through a proxy: ${id}`)
  const missed = report.results.filter(({ noticedBy }) => noticedBy.length === 0)
  console.log(
    `\n${report.results.length} corruptions, ${missed.length} not noticed by ${report.cases} cases`,
  )
  return missed.length === 0 && report.results.length > 0 ? 0 : 1
}

function readCommandLine(args: readonly string[]): CommandLine | undefined {
  try {
    return parseOptions(args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`conformance: ${error.message}\n\n${usage}`)
    return undefined
  }
}

process.exitCode = await main(process.argv.slice(2))
