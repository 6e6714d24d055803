// npm run sim: seeds of the simulation on every core. See docs/simulation.md.
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mistakes } from '@aistore-ts/simulation/mistakes/registry.ts'
import { describeFailure, describeRun } from '@aistore-ts/simulation/report.ts'
import type { SeedResult } from '@aistore-ts/simulation/run-seed.ts'
import type { SimAnswer, SimTask } from './sim-worker.ts'

const usage = `npm run sim -- [--seeds N] [--from F] [--seed S] [--workers W] [--mistake NAME] [--trace LINES]
  --seeds N      run N seeds (100), from F (0) on
  --seed S       run this one
  --mistake NAME plant a mistake first: ${mistakes.map(({ name }) => name).join(', ')}
  --trace LINES  print the last lines of the trace of each seed, with the logs of the nodes
  --all-mistakes each mistake in turn, up to N seeds each: every one must be found`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    mistake: { type: 'string' },
    trace: { type: 'string', default: '0' },
    'all-mistakes': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  console.error(`--${name}: expecting a whole number (have "${text}")`)
  process.exit(2)
}

/** Seeds a failing run goes on to look at: the first ones tell enough. */
const failuresMax = 5

const workerPath = fileURLToPath(new URL('./sim-worker.ts', import.meta.url))

/** Runs `seeds` over all workers, until `enough` of them failed. Results in order of seeds. */
async function runAll(
  seeds: readonly number[],
  mistake: string | undefined,
  enough: number,
  quiet = false,
): Promise<SeedResult[]> {
  const left = [...seeds]
  const results: SeedResult[] = []
  const traceLines = whole('trace', values.trace)
  const workers = Math.min(whole('workers', values.workers), seeds.length)
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(workerPath)
      const next = () => {
        const failed = results.filter(({ failure }) => failure).length
        const seed = failed < enough ? left.shift() : undefined
        if (seed === undefined) worker.disconnect()
        else worker.send({ seed, mistake, traceLines } satisfies SimTask)
      }
      worker.on('message', ({ result }: SimAnswer) => {
        results.push(result)
        if (result.failure && !quiet) console.log(describeFailure(result, mistake))
        if (traceLines > 0) console.log(result.trace.slice(-traceLines).join('\n'))
        if (seeds.length === 1) console.log(`trace ${result.hash}`)
        next()
      })
      worker.on('exit', (code) => {
        if (code === 0) resolve()
        else reject(new Error(`a worker ended with ${code}`))
      })
      next()
    })
  await Promise.all(Array.from({ length: workers }, work))
  return results.sort((a, b) => a.seed - b.seed)
}

function seedsWanted(): readonly number[] {
  if (values.seed !== undefined) return [whole('seed', values.seed)]
  const from = whole('from', values.from)
  return Array.from({ length: whole('seeds', values.seeds) }, (_, at) => from + at)
}

/** Whether each planted mistake is found. */
async function tryMistakes(): Promise<boolean> {
  let all = true
  for (const { name, story } of mistakes) {
    const [found] = (await runAll(seedsWanted(), name, 1, true)).filter(({ failure }) => failure)
    console.log(`${name}: ${found ? `seed ${found.seed}: ${found.failure?.message}` : 'NOT FOUND'}`)
    if (found === undefined) console.log(`  planted: ${story}`)
    all &&= found !== undefined
  }
  return all
}

async function main(): Promise<boolean> {
  if (values.help) {
    console.log(usage)
    return true
  }
  if (values['all-mistakes']) return tryMistakes()
  const { mistake } = values
  if (mistake !== undefined && !mistakes.some(({ name }) => name === mistake)) {
    console.error(`--mistake: there is no "${mistake}"\n${usage}`)
    return false
  }
  const startedAt = performance.now()
  const results = await runAll(seedsWanted(), mistake, failuresMax)
  console.log(describeRun(results))
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
  return results.every(({ failure }) => failure === undefined)
}

process.exitCode = (await main()) ? 0 : 1
