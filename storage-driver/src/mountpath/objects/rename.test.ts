import { existsSync } from 'node:fs'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  listNames,
  put,
  putChunked,
} from '../../testing/mountpath-bench.ts'

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

it('of a chunked object keeps its intents until the new manifest is written', async () => {
  let hold = false
  const reached = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const { files } = bench
  let manifestFd = -1
  const mountpath = await bench.open({
    limits: { intentBatch: 1, reserveBytes: 0 },
    files: {
      ...files,
      openSync: (path, mode) => {
        const fd = files.openSync(path, mode)
        if (hold && path.includes('%manifest')) manifestFd = fd
        return fd
      },
      fsync: async (fd) => {
        if (fd === manifestFd) {
          manifestFd = -1
          reached.resolve()
          await gate.promise
        }
        return files.fsync(fd)
      },
    },
  })
  await putChunked(mountpath, bench.bucket, 'a', [bytesOf('content')])

  hold = true
  const renamed = mountpath.rename(bench.bucket, 'a', 'b', 'disk')
  await reached.promise
  await put(mountpath, bench.bucket, 'other', 'settles what is waiting')
  const catalog = openSqlite(`${bench.path}/.ais/catalog.db`, { readOnly: true })
  const intents = () =>
    catalog
      .prepare('SELECT name, kind FROM intent ORDER BY seq')
      .all()
      .map(({ name, kind }) => [name, kind])
  while (intents().some(([name]) => name === 'other')) {
    await new Promise<void>((resolve) => files.afterTurn(resolve))
  }
  const open = intents()
  catalog.close()
  gate.resolve()
  await renamed
  expect(open).toEqual([
    ['a', 'remove'],
    ['b', 'manifest'],
  ])
})
