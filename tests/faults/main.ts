// Breaks clusters of real processes, each on a machine of its own (network namespaces), and checks what must hold.
import { parseArgs } from 'node:util'
import { openLab } from './lab.ts'
import { whyNoNetwork } from './network.ts'
import { createTrial, type Scenario } from './scenario.ts'
import { batchScenarios } from './scenarios/batches.ts'
import { crashPointScenarios } from './scenarios/crash-points.ts'
import { growingScenarios } from './scenarios/growing.ts'
import { jobScenarios } from './scenarios/jobs.ts'
import { memberScenarios } from './scenarios/members.ts'
import { mixedScenarios } from './scenarios/mixed.ts'
import { movingScenarios } from './scenarios/moving.ts'
import { networkScenarios } from './scenarios/network.ts'
import { partitionScenarios } from './scenarios/partitions.ts'
import { primaryScenarios } from './scenarios/primary.ts'
import { rebalanceScenarios } from './scenarios/rebalance.ts'
import { resetScenarios } from './scenarios/resets.ts'
import { serviceScenarios } from './scenarios/service.ts'
import { strangerScenarios } from './scenarios/strangers.ts'
import { versionScenarios } from './scenarios/versions.ts'

const all: readonly Scenario[] = [
  ...primaryScenarios,
  ...partitionScenarios,
  ...memberScenarios,
  ...networkScenarios,
  ...resetScenarios,
  ...rebalanceScenarios,
  ...movingScenarios,
  ...serviceScenarios,
  ...strangerScenarios,
  ...versionScenarios,
  ...jobScenarios,
  ...batchScenarios,
  ...growingScenarios,
  ...mixedScenarios,
  ...crashPointScenarios,
]

const usage = `npm run faults -- [--only A01,A06] [--seed N] [--slack N] [--minutes N] [--short] [--keep] [--network 0-99] [--list]`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    slack: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    network: { type: 'string', default: '0' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

function chosen(): readonly Scenario[] {
  if (values.only === undefined) {
    return all.filter(({ id, short }) => (values.short ? short : !id.includes('-')))
  }
  return values.only.split(',').map((id) => {
    const scenario = all.find((one) => one.id === id)
    if (scenario === undefined) throw new Error(`no scenario ${id}; see --list`)
    return scenario
  })
}

/** Of what is wrong in one scenario, so much is written out. */
const problemsShown = 20

/** One scenario on a cluster of its own. Resolves with what is wrong. */
async function runOne(scenario: Scenario, seed: number): Promise<string[]> {
  const slack = Number(values.slack)
  const lab = await openLab(scenario.shape, { networkNumber: Number(values.network), slack })
  const { trial, findings, end } = createTrial(lab, {
    seed,
    slack,
    minutes: Number(values.minutes),
  })
  try {
    await scenario.run(trial)
  } catch (error) {
    findings.problems.push(error instanceof Error ? error.message : String(error))
  } finally {
    await end()
    await lab.close(values.keep)
    if (values.keep) process.stdout.write(`kept ${lab.folder}\n`)
  }
  const figures = Object.entries(findings.figures).map(([name, value]) => `${name} ${value}`)
  const verdict = findings.problems.length === 0 ? 'PASS' : 'FAIL'
  process.stdout.write(
    `${verdict} ${scenario.id} ${scenario.title} (seed ${seed}): ${figures.join(', ')}\n`,
  )
  const all = findings.problems
  for (const problem of all.slice(0, problemsShown)) process.stdout.write(`     ${problem}\n`)
  const last = all.slice(Math.max(problemsShown, all.length - problemsShown))
  const more = all.length - problemsShown - last.length
  if (more > 0) process.stdout.write(`     and ${more} more\n`)
  for (const problem of last) process.stdout.write(`     ${problem}\n`)
  return findings.problems
}

if (values.help) {
  process.stdout.write(`${usage}\n`)
} else if (values.list) {
  for (const { id, title } of all) process.stdout.write(`${id}  ${title}\n`)
} else {
  const reason = await whyNoNetwork()
  if (reason !== undefined) {
    process.stdout.write(`skipped: ${reason}\n`)
  } else {
    let failed = 0
    const scenarios = chosen()
    for (const scenario of scenarios) {
      try {
        if ((await runOne(scenario, Number(values.seed))).length > 0) failed += 1
      } catch (error) {
        failed += 1
        process.stdout.write(`FAIL ${scenario.id}: no cluster to break: ${error}\n`)
      }
    }
    process.stdout.write(`${scenarios.length - failed} passed, ${failed} failed\n`)
    process.exitCode = failed === 0 ? 0 : 1
  }
}
