import { existsSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Bench, createBench, getText, listNames, put } from '../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

it.each([
  ['process', 'a', 'b'],
  ['disk', 'a', 'b'],
  ['process', 'a', 'a/b'],
  ['disk', 'a/b', 'a'],
  ['process', 'a//b', 'c/d'],
  ['disk', 'c/d', 'a//b'],
] as const)('moves content and metadata at %s: %s to %s', async (level, from, to) => {
  const mountpath = await bench.open()
  const before = await put(mountpath, bench.bucket, from, 'content')
  const after = await mountpath.rename(bench.bucket, from, to, level)
  expect(after).toEqual({ ...before, name: to, generation: after.generation })
  expect(after.generation).not.toBe(before.generation)
  expect(mountpath.load(bench.bucket, from)).toBeUndefined()
  expect(await getText(mountpath, bench.bucket, to)).toBe('content')
  await mountpath.close()
  const again = await bench.open()
  expect(listNames(again, bench.bucket)).toEqual([to])
  expect(await getText(again, bench.bucket, to)).toBe('content')
})

it('replaces what was there', async () => {
  const mountpath = await bench.open()
  await put(mountpath, bench.bucket, 'a', 'new')
  await put(mountpath, bench.bucket, 'b', 'old')
  await mountpath.rename(bench.bucket, 'a', 'b', 'process')
  expect(listNames(mountpath, bench.bucket)).toEqual(['b'])
  expect(await getText(mountpath, bench.bucket, 'b')).toBe('new')
  expect(existsSync(`${bench.path}/@ais/bench/%ob/a`)).toBe(false)
})

it('of a name to itself changes nothing; of nothing it fails', async () => {
  const mountpath = await bench.open()
  const before = await put(mountpath, bench.bucket, 'a', 'content')
  expect(await mountpath.rename(bench.bucket, 'a', 'a', 'process')).toEqual(before)
  await expect(mountpath.rename(bench.bucket, 'x', 'y', 'disk')).rejects.toMatchObject({
    code: 'ErrNotFound',
  })
})
