// npm run bench -- NAME | all [--quick] [--rounds N] [--seconds N] [--port N] [--no-save]
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { clientCore, findProgram } from './harness/command.ts'
import { type Lab, openLab } from './harness/lab.ts'
import { describeMachine } from './harness/machine.ts'
import { findResult, medianValue, type Result, saveResult, summarize } from './harness/result.ts'
import type { Measure, Row } from './harness/row.ts'
import { describeResult, writeTable } from './harness/table.ts'
import { rows } from './rows/registry.ts'

interface Plan {
  readonly rounds: number
  /** Of one measurement of any row; as the row says when absent. */
  readonly seconds: number | undefined
}

const quick: Plan = { rounds: 1, seconds: 2 }
const thorough: Plan = { rounds: 3, seconds: undefined }

/** Length of one measurement of a row that does not say, s. */
const usualSeconds = 8

/** Load before the first round, s: what a runtime compiles meanwhile is no answer to the question. */
const warmUpSeconds = 4

/** First port of the servers that a run starts, unless `--port` says another. */
const firstPort = 24_000

/** Programs a measurement cannot do without, and the Debian package of each. */
const needed = { wrk: 'wrk', nginx: 'nginx-extras', taskset: 'util-linux', curl: 'curl' } as const

/** Subjects take turns, so that a noisy minute of the machine falls on all of them. */
async function measureRow(row: Row, lab: Lab, plan: Plan): Promise<Result | undefined> {
  const subjects = await row.subjects(lab)
  if (subjects.length === 0) return undefined
  const measures = new Map<string, Measure[]>(subjects.map(({ name }) => [name, []]))
  if (row.warmsUp === true) {
    for (const { measure } of subjects) await measure(warmUpSeconds)
  }
  const seconds = plan.seconds ?? row.seconds ?? usualSeconds
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name, measure } of subjects) {
      measures.get(name)?.push(await measure(seconds))
    }
  }
  const reference = medianValue(measures.get(row.reference) ?? [])
  return {
    row: row.name,
    question: row.question,
    unit: row.unit,
    reference: row.reference,
    goals: row.goals ?? {},
    ...(row.limits === undefined ? {} : { limits: row.limits }),
    date: new Date().toISOString(),
    secondsEach: seconds,
    machine: describeMachine(),
    subjects: Object.fromEntries(
      [...measures].map(([name, of]) => [name, summarize(of, reference)]),
    ),
  }
}

function usage(): string {
  const names = rows.map(({ name, question }) => `  ${name.padEnd(14)} ${question}`)
  return `npm run bench -- NAME... | all [--quick] [--rounds N] [--seconds N] [--port N] [--no-save]\n\n${names.join('\n')}\n`
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      port: { type: 'string' },
      'no-save': { type: 'boolean' },
    },
  })
  const unknown = positionals.find(
    (name) => name !== 'all' && !rows.some((row) => row.name === name),
  )
  if (positionals.length === 0 || unknown !== undefined) {
    process.stderr.write(unknown === undefined ? usage() : `no row "${unknown}"\n\n${usage()}`)
    process.exit(2)
  }
  const missing = Object.entries(needed).filter(([program]) => findProgram(program) === undefined)
  if (missing.length > 0) {
    const packages = missing.map(([, name]) => name).join(' ')
    process.stderr.write(`missing programs; on Debian: apt-get install -y ${packages}\n`)
    process.exit(2)
  }
  const base = values.quick === true ? quick : thorough
  const plan: Plan = {
    rounds: Number(values.rounds ?? base.rounds),
    seconds: values.seconds === undefined ? base.seconds : Number(values.seconds),
  }
  // Ours is the client's side of the machine; servers are put on the other core as they start.
  execFileSync('taskset', ['-a', '-p', '-c', String(clientCore), String(process.pid)])
  const lab = openLab(Number(values.port ?? firstPort))
  const stop = () => void lab.close().finally(() => process.exit(130))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    for (const row of rows) {
      if (!positionals.includes('all') && !positionals.includes(row.name)) continue
      const result = await measureRow(row, lab, plan)
      await lab.endRow()
      if (result === undefined) {
        process.stdout.write(`${row.name}: not measured, for want of ${row.needs}\n`)
        continue
      }
      process.stdout.write(`${describeResult(result)}\n`)
      if (values['no-save'] !== true) saveResult(result)
    }
  } finally {
    await lab.close()
  }
  if (values['no-save'] !== true) {
    writeTable(rows.map(findResult).filter((result) => result !== undefined))
  }
}

await main()
