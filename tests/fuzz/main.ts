// Gives the S3 handler mutated requests and fails on a crash, an unexplained 5xx or a malformed reply.
// `--of names`: names of all kinds by every way in, native ones too; `--of json`: documents that pollute prototypes.
import { parseArgs } from 'node:util'
import { fuzzJson } from './fuzz-json.ts'
import { fuzzNames } from './fuzz-names.ts'
import { fuzzS3 } from './fuzz-s3.ts'

const { values } = parseArgs({
  options: {
    of: { type: 'string', default: 'requests' },
    requests: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
})

const requests = Number(values.requests)
const seed = Number(values.seed)
const onProgress = (done: number) => {
  if (done % 100_000 === 0) process.stderr.write(`${done} requests\n`)
}

/** Counts by what was counted, and what is wrong. */
async function run(): Promise<
  [counts: (readonly [string, number])[], problems: readonly string[]]
> {
  if (values.of === 'json') {
    const { statuses, problems } = await fuzzJson({ requests, seed })
    return [[...statuses].map(([status, count]) => [String(status), count] as const), problems]
  }
  if (values.of === 'names') {
    const { taken, refused, problems } = await fuzzNames({ names: requests, seed })
    const counts = [...taken].map(([way, count]) => [`${way} took`, count] as const)
    const others = [...refused].map(([way, count]) => [`${way} refused`, count] as const)
    return [[...counts, ...others], problems]
  }
  const { statuses, problems } = await fuzzS3({ requests, seed, onProgress })
  return [[...statuses].map(([status, count]) => [String(status), count] as const), problems]
}

const [counts, problems] = await run()
for (const [what, count] of counts.sort(([a], [b]) => (a < b ? -1 : 1))) {
  process.stdout.write(`${what} ${String(count).padStart(9)}\n`)
}
for (const problem of problems) process.stdout.write(`${problem}\n`)
const total = counts.reduce((sum, [, count]) => sum + count, 0)
process.stdout.write(`${total} requests, ${problems.length} problems\n`)
process.exit(problems.length === 0 ? 0 : 1)
