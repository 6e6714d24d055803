import { expect, it } from 'vitest'
import { fuzzNames } from '../fuzz/fuzz-names.ts'

it('S01: 2,000 names by ten ways in come back byte for byte or are refused, and nothing leaves its disk', async () => {
  const { taken, refused, problems } = await fuzzNames({ names: 2_000, seed: 20_261_123 })
  expect(problems).toEqual([])
  expect([taken.size, refused.size]).toEqual([10, 10])
}, 240_000)
