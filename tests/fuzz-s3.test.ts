import { expect, it } from 'vitest'
import { fuzzS3 } from './fuzz/fuzz-s3.ts'

it('20,000 mutated requests of S3 crash nothing, and no 5xx is without a reason', async () => {
  const { statuses, problems } = await fuzzS3({ requests: 20_000, seed: 20_261_123 })
  expect(problems).toEqual([])
  const count = (status: number) => statuses.get(status) ?? 0
  // It reaches what it is about: not all is refused at the door.
  expect(count(200)).toBeGreaterThan(1_000)
  expect(count(400)).toBeGreaterThan(1_000)
  expect(count(403)).toBeGreaterThan(1_000)
  expect(count(501)).toBeGreaterThan(100)
}, 240_000)
