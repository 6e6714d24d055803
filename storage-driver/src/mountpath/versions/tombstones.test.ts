import { cpSync, rmSync } from 'node:fs'
import type { Mountpath, NewObject } from '@aistore-ts/core/ports/mountpath.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  mountpathOptions,
  newObject,
  put,
  putChunked,
  putPart,
} from '../../testing/mountpath-bench.ts'
import { openMountpath } from '../open-mountpath.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const generation = (digits: string) => digits.padEnd(32, '0')

/** Writes `content` as a version that came from elsewhere. */
async function bring(mountpath: Mountpath, name: string, content: string, came: string) {
  const object: NewObject = { ...newObject(bytesOf(content)), generation: came }
  const draft = await mountpath.draft(bench.bucket, name)
  try {
    await draft.write(bytesOf(content))
    return await mountpath.commit(bench.bucket, name, draft, object, 'process')
  } finally {
    await draft.discard()
  }
}

const tombstonesOf = (mountpath: Mountpath, after = '', limit = 1_000) =>
  mountpath.tombstones(bench.bucket, after, limit)

/** Rows of the table, superseded ones too. */
function rows(): number {
  const catalog = openSqlite(`${bench.path}/.ais/catalog.db`, { readOnly: true })
  const row = catalog.prepare('SELECT count(*) AS count FROM tombstone').get()
  catalog.close()
  return Number(row?.count)
}

const turn = () => new Promise<void>((resolve) => bench.files.afterTurn(resolve))

describe.each(['process', 'disk'] as const)('a delete at %s', (level) => {
  it('leaves a tombstone above what it deleted, over a restart', async () => {
    const mountpath = await bench.open()
    const { bucket } = bench
    for (const name of ['b', 'c', 'a']) await put(mountpath, bucket, name, name)
    const before = mountpath.stamp(bucket, 'a')
    expect(before).toEqual({
      generation: mountpath.load(bucket, 'a')?.generation,
      deleted: false,
    })
    for (const name of ['b', 'a', 'c']) await mountpath.remove(bucket, name, level)
    expect(await mountpath.remove(bucket, 'never', level)).toBe(false)
    await mountpath.close()

    const again = await bench.open()
    expect(tombstonesOf(again).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(tombstonesOf(again, 'a', 1).map(({ name }) => name)).toEqual(['b'])
    const after = again.stamp(bucket, 'a')
    expect(after?.deleted).toBe(true)
    expect(String(after?.generation) > String(before?.generation)).toBe(true)
    expect(again.stamp(bucket, 'never')).toBeUndefined()
  })

  it('of what moved leaves none; of another version than expected does nothing', async () => {
    const mountpath = await bench.open()
    const { bucket } = bench
    const meta = await put(mountpath, bucket, 'a', 'one')
    const other = { expect: { generation: generation('1') }, moved: true }
    expect(await mountpath.remove(bucket, 'a', level, other)).toBe(false)
    expect(await getText(mountpath, bucket, 'a')).toBe('one')
    expect(await mountpath.remove(bucket, 'a', level, { expect: meta, moved: true })).toBe(true)
    expect(mountpath.stamp(bucket, 'a')).toBeUndefined()
  })
})

it('a new version takes the place of a tombstone, and is above it with a clock and a map that went back', async () => {
  let epoch = 9
  const mountpath = await bench.open({ epoch: () => epoch })
  const { bucket } = bench
  await put(mountpath, bucket, 'a', 'one')
  await mountpath.remove(bucket, 'a', 'process')
  const buried = mountpath.stamp(bucket, 'a')?.generation ?? ''
  expect(buried.slice(0, 10)).toBe('0000000009')
  epoch = 2
  const { generation: next } = await put(mountpath, bucket, 'a', 'two')
  expect(next > buried).toBe(true)
  expect(mountpath.stamp(bucket, 'a')).toEqual({ generation: next, deleted: false })
  expect(tombstonesOf(mountpath)).toEqual([])
  await mountpath.close()
  expect(rows()).toBe(0)
})

it('a renamed name leaves a tombstone', async () => {
  const mountpath = await bench.open()
  const { bucket } = bench
  const meta = await put(mountpath, bucket, 'a', 'one')
  await mountpath.rename(bucket, 'a', 'b', 'process')
  const [buried] = tombstonesOf(mountpath)
  expect(buried?.name).toBe('a')
  expect(String(buried?.generation) > meta.generation).toBe(true)
  expect(mountpath.stamp(bucket, 'b')?.deleted).toBe(false)
})

describe('a version that came from elsewhere', () => {
  it('keeps its generation, unless something newer is known', async () => {
    const mountpath = await bench.open()
    const { bucket } = bench
    const came = generation('0000000005')
    expect((await bring(mountpath, 'a', 'one', came)).generation).toBe(came)
    const older = bring(mountpath, 'a', 'older', generation('0000000004'))
    await expect(older).rejects.toMatchObject({ code: 'ErrPreempted' })
    expect(await getText(mountpath, bucket, 'a')).toBe('one')
    await bring(mountpath, 'a', 'again', came)
    expect(await getText(mountpath, bucket, 'a')).toBe('again')

    await mountpath.remove(bucket, 'a', 'process')
    const late = bring(mountpath, 'a', 'late', came)
    await expect(late).rejects.toMatchObject({ code: 'ErrPreempted' })
    expect(mountpath.load(bucket, 'a')).toBeUndefined()
    await bring(mountpath, 'a', 'newer', generation('0000000006'))
    expect(await getText(mountpath, bucket, 'a')).toBe('newer')
  })

  it('also in chunks', async () => {
    const mountpath = await bench.open()
    const { bucket } = bench
    await putChunked(mountpath, bucket, 'a', [bytesOf('here')])
    const complete = async (id: string, came: string) => {
      await mountpath.uploadBegin(bucket, { id, name: 'a', createdNs: 1n, custom: [] }, 'process')
      await putPart(mountpath, bucket, id, 1, bytesOf('came'))
      const object = { ...newObject(bytesOf('came')), generation: came }
      return mountpath.uploadComplete(bucket, id, [1], object, 'process')
    }
    const here = mountpath.stamp(bucket, 'a')?.generation ?? ''
    await expect(complete('up-1', generation('0'))).rejects.toMatchObject({ code: 'ErrPreempted' })
    expect(await getText(mountpath, bucket, 'a')).toBe('here')
    expect(here < generation('1')).toBe(true)
    expect((await complete('up-2', generation('1'))).generation).toBe(generation('1'))
    expect(await getText(mountpath, bucket, 'a')).toBe('came')
  })
})

it('a delete decided elsewhere removes what is older, and is remembered', async () => {
  const mountpath = await bench.open()
  const { bucket } = bench
  await bring(mountpath, 'older', 'x', generation('0000000005'))
  await bring(mountpath, 'newer', 'x', generation('0000000007'))
  const buried = generation('0000000006')
  for (const name of ['older', 'newer', 'unknown']) {
    await mountpath.bury(bucket, name, buried, 'disk')
  }
  expect(mountpath.load(bucket, 'older')).toBeUndefined()
  expect(await getText(mountpath, bucket, 'newer')).toBe('x')
  expect(tombstonesOf(mountpath)).toEqual([
    { name: 'older', generation: buried },
    { name: 'unknown', generation: buried },
  ])
  await mountpath.bury(bucket, 'older', generation('0000000003'), 'disk')
  expect(mountpath.stamp(bucket, 'older')).toEqual({ generation: buried, deleted: true })
})

it('stay of a name that is not here when the delete says that it may be elsewhere', async () => {
  const mountpath = await bench.open()
  const { bucket } = bench
  expect(await mountpath.remove(bucket, 'away', 'disk')).toBe(false)
  expect(mountpath.stamp(bucket, 'away')).toBeUndefined()
  expect(await mountpath.remove(bucket, 'away', 'disk', { unseen: true })).toBe(false)
  const first = mountpath.stamp(bucket, 'away')
  expect(first?.deleted).toBe(true)
  await mountpath.remove(bucket, 'away', 'disk', { unseen: true })
  const second = mountpath.stamp(bucket, 'away')
  expect(String(second?.generation) > String(first?.generation)).toBe(true)
})

it('a recovery that goes back before a new version keeps the delete before it', async () => {
  const mountpath = await bench.open({ limits: { reserveBytes: 0, scrubBytesPerSecond: 0 } })
  const { bucket, path } = bench
  await put(mountpath, bucket, 'a', 'one')
  await mountpath.remove(bucket, 'a', 'disk')
  await put(mountpath, bucket, 'a', 'two')
  const copy = `${path}-copy`
  cpSync(path, copy, { recursive: true })
  rmSync(`${copy}/@ais/bench/%ob/a`)
  const recovered = await openMountpath(copy, mountpathOptions(bench.clock))
  try {
    expect(recovered.load(bucket, 'a')).toBeUndefined()
    expect(recovered.stamp(bucket, 'a')?.deleted).toBe(true)
  } finally {
    await recovered.close()
  }
})

describe('tombstones are forgotten', () => {
  const minuteMs = 60_000

  async function deleted(count: number, away: () => boolean) {
    const mountpath = await bench.open({ keepTombstones: away })
    const names = Array.from({ length: count }, (_, at) => `o${at}`)
    await Promise.all(
      names.map((name) => mountpath.bury(bench.bucket, name, generation('1'), 'process')),
    )
    return mountpath
  }

  /** Minutes go by, each with its look; a write behind the look is done when the look's first step is. */
  async function wait(mountpath: Mountpath, minutes: number) {
    for (let minute = 0; minute < minutes; minute++) {
      bench.clock.advance(minuteMs)
      for (let turns = 0; turns < 5; turns++) await turn()
      await put(mountpath, bench.bucket, 'written', 'x')
    }
  }

  it('after ten minutes, in steps of a thousand', async () => {
    const mountpath = await deleted(1_500, () => false)
    await wait(mountpath, 9)
    expect(rows()).toBe(1_500)
    await wait(mountpath, 2)
    while (rows() > 0) await turn()
    expect(mountpath.stamp(bench.bucket, 'o1')).toBeUndefined()
  })

  it('not while something is away', async () => {
    let away = true
    const mountpath = await deleted(1, () => away)
    await wait(mountpath, 30)
    expect(rows()).toBe(1)
    away = false
    await wait(mountpath, 1)
    while (rows() > 0) await turn()
  })

  it('with their bucket', async () => {
    const mountpath = await deleted(3, () => true)
    await mountpath.destroyBucket(bench.bucket)
    expect(tombstonesOf(mountpath)).toEqual([])
    expect(mountpath.stamp(bench.bucket, 'o1')).toBeUndefined()
    while (rows() > 0) await turn()
  })
})
