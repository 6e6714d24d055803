import { expect, it } from 'vitest'
import { fuzzJson } from '../fuzz/fuzz-json.ts'

it('S16: 5,000 documents, headers and queries that pollute prototypes are refused, or taken as they stand', async () => {
  const { statuses, problems } = await fuzzJson({ requests: 5_000, seed: 20_261_123 })
  expect(problems).toEqual([])
  const count = (status: number) => statuses.get(status) ?? 0
  expect(count(200)).toBeGreaterThan(200)
  expect(count(400)).toBeGreaterThan(1_000)
}, 240_000)
