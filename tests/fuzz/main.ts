// Gives the S3 handler mutated requests and fails on a crash, an unexplained 5xx or a malformed reply.
import { parseArgs } from 'node:util'
import { fuzzS3 } from './fuzz-s3.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
})

const { statuses, problems } = await fuzzS3({
  requests: Number(values.requests),
  seed: Number(values.seed),
  onProgress: (done) => {
    if (done % 100_000 === 0) process.stderr.write(`${done} requests\n`)
  },
})
for (const [status, count] of [...statuses].sort(([a], [b]) => a - b)) {
  process.stdout.write(`${status} ${String(count).padStart(9)}\n`)
}
for (const problem of problems) process.stdout.write(`${problem}\n`)
const total = [...statuses.values()].reduce((sum, count) => sum + count, 0)
process.stdout.write(`${total} requests, ${problems.length} problems\n`)
process.exit(problems.length === 0 ? 0 : 1)
