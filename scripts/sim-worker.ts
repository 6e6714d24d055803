// One core of npm run sim: runs a seed for each message, and cuts a failing one down.
import { minimise } from '@aistore-ts/simulation/minimise.ts'
import { mistakes } from '@aistore-ts/simulation/mistakes/registry.ts'
import { runSeed, type SeedResult } from '@aistore-ts/simulation/run-seed.ts'

export interface SimTask {
  readonly seed: number
  readonly mistake: string | undefined
  readonly traceLines: number
}

export interface SimAnswer {
  readonly result: SeedResult
}

/** A macrotask: before it runs, every promise that can settle has. */
const turn = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve)
  })

// Refusals are many and expected here; where each came from is seen with --trace.
Error.stackTraceLimit = 0

let current = -1

function die(error: unknown): never {
  console.error(`seed ${current}: an error nobody handled:`, error)
  process.exit(1)
}

process.on('unhandledRejection', die)
process.on('uncaughtException', die)

process.on('message', async ({ seed, mistake: name, traceLines }: SimTask) => {
  current = seed
  const mistake = mistakes.find((one) => one.name === name)
  const options = { turn, mistake, traceLines }
  let result = await runSeed(seed, options)
  // Who looks at a trace has the events already.
  if (result.failure && name === undefined && traceLines === 0) {
    const { trace } = result
    result = { ...(await minimise(result, { turn, mistake })), trace }
  }
  process.send?.({ result } satisfies SimAnswer)
})
