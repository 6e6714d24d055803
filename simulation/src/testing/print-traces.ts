// Prints the trace of each seed in the arguments, one a line: for a comparison of runtimes.
import process from 'node:process'
import { runSeed } from '../run-seed.ts'
import { turn } from './turn.ts'

for (const seed of process.argv.slice(2)) {
  const { hash, messages, failure } = await runSeed(Number(seed), { turn })
  console.log(`${seed} ${hash} ${messages} messages ${failure?.message ?? ''}`)
}
