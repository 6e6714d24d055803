import { readdirSync, rmSync, truncateSync, utimesSync } from 'node:fs'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { turnBit } from '../../testing/damage.ts'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  newObject,
  put,
  putChunked,
} from '../../testing/mountpath-bench.ts'
import type { MountpathOptions } from '../context.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const root = () => `${bench.path}/@ais/bench`
const hourMs = 3_600_000

/** Resolves when no intent is open any more. */
async function settled(): Promise<void> {
  const catalog = openSqlite(`${bench.path}/.ais/catalog.db`, { readOnly: true })
  const any = catalog.prepare('SELECT 1 FROM intent LIMIT 1')
  while (any.get() !== undefined) {
    await new Promise<void>((resolve) => bench.files.afterTurn(resolve))
  }
  catalog.close()
}

/** A mountpath whose scrub is watched, and moved on by its clock alone. */
async function openWatched(limits: MountpathOptions['limits'] = {}) {
  const counted = new Map<string, number>()
  const logged: string[] = []
  let ended = 0
  const silent = () => {}
  const mountpath = await bench.open({
    limits: { reserveBytes: 0, intentBatch: 1, scrubIntervalMs: hourMs, ...limits },
    count: (name, delta) => counted.set(name, (counted.get(name) ?? 0) + delta),
    crashPoint: (step) => {
      if (step === 'scrub-ended') ended++
    },
    log: {
      debug: silent,
      info: silent,
      warn: silent,
      error: (message, fields) => logged.push(`${message}: ${fields?.name}`),
    },
  })
  /** Changes are settled first: the scrub leaves out what is being changed. */
  const advanceUntil = async (reached: () => boolean): Promise<void> => {
    await settled()
    while (!reached()) {
      bench.clock.advance(100)
      await new Promise<void>((resolve) => bench.files.afterTurn(resolve))
    }
  }
  return {
    mountpath,
    logged,
    count: (name: string) => counted.get(name) ?? 0,
    advanceUntil,
    /** Moves the clock on until the round under way, or the next one, is over. */
    round: () => {
      const before = ended
      return advanceUntil(() => ended > before)
    },
  }
}

describe('a scrub', () => {
  it('takes damaged objects out of service, tells of each once, and leaves the others', async () => {
    const { mountpath, count, logged, round } = await openWatched()
    const { bucket } = bench
    for (const name of ['good', 'turned', 'cut', 'gone']) await put(mountpath, bucket, name, name)
    await putChunked(mountpath, bucket, 'parts', ['one', 'two'].map(bytesOf))
    await putChunked(mountpath, bucket, 'whole', ['three', 'four'].map(bytesOf))
    turnBit(`${root()}/%ob/turned`, 2)
    truncateSync(`${root()}/%ob/cut`, 1)
    rmSync(`${root()}/%ob/gone`)
    const [part = ''] = readdirSync(`${root()}/%ch/up-parts`).filter((file) => /^2\./.test(file))
    turnBit(`${root()}/%ch/up-parts/${part}`, 0)
    expect(await getText(mountpath, bucket, 'turned')).not.toBe('turned')

    await round()
    const damaged = ['cut', 'gone', 'parts', 'turned']
    for (const name of damaged) {
      await expect(getText(mountpath, bucket, name)).rejects.toMatchObject({
        code: 'ErrObjDefunct',
      })
      expect(mountpath.load(bucket, name)?.name).toBe(name)
    }
    expect(await getText(mountpath, bucket, 'good')).toBe('good')
    expect(await getText(mountpath, bucket, 'whole')).toBe('threefour')
    expect(count('scrub.n')).toBe(6)
    expect(count('err.scrub.n')).toBe(4)
    await round()
    expect(count('scrub.n')).toBe(12)
    expect(count('err.scrub.n')).toBe(4)
    expect(logged.sort()).toEqual(
      damaged.map((name) => `the scrub found a damaged object: ${name}`),
    )
  })

  it('ends when the object is written anew, or its bytes are back', async () => {
    const { mountpath, round } = await openWatched()
    const { bucket } = bench
    await put(mountpath, bucket, 'a', 'content of a')
    await put(mountpath, bucket, 'b', 'content of b')
    for (const name of ['a', 'b']) turnBit(`${root()}/%ob/${name}`, 0)
    await round()
    await mountpath.update(bucket, 'a', { custom: [['k', 'v']] }, 'process')
    expect(() => mountpath.open(bucket, 'a')).toThrow('damaged')
    await put(mountpath, bucket, 'a', 'new content')
    expect(await getText(mountpath, bucket, 'a')).toBe('new content')
    turnBit(`${root()}/%ob/b`, 0)
    expect(() => mountpath.open(bucket, 'b')).toThrow('damaged')
    await round()
    expect(await getText(mountpath, bucket, 'b')).toBe('content of b')
  })

  it('keeps its mark over a restart', async () => {
    const { mountpath, round } = await openWatched()
    await put(mountpath, bench.bucket, 'a', 'content')
    turnBit(`${root()}/%ob/a`, 0)
    await round()
    await mountpath.close()
    const again = await bench.open()
    expect(() => again.open(bench.bucket, 'a')).toThrow('damaged')
  })

  it('mends a row whose file has only another time, and judges by the time alone without a checksum', async () => {
    const { mountpath, count, round } = await openWatched()
    const { bucket } = bench
    await put(mountpath, bucket, 'a', 'content')
    const bytes = Buffer.from('content')
    for (const name of ['n', 'm']) {
      const draft = await mountpath.draft(bucket, name)
      await draft.write(bytes)
      const object = { ...newObject(bytes), checksum: { type: 'none', value: '' } as const }
      await mountpath.commit(bucket, name, draft, object, 'process')
    }
    for (const name of ['a', 'n']) utimesSync(`${root()}/%ob/${name}`, 1_000, 1_000)
    await round()
    expect(mountpath.load(bucket, 'a')?.mtimeNs).toBe(1_000_000_000_000n)
    expect(await getText(mountpath, bucket, 'm')).toBe('content')
    await expect(getText(mountpath, bucket, 'n')).rejects.toMatchObject({ code: 'ErrObjDefunct' })
    expect(count('err.scrub.n')).toBe(1)
  })

  it('keeps to its rate', async () => {
    const rate = 1024 * 1024
    const { mountpath, count, round } = await openWatched({ scrubBytesPerSecond: rate })
    await put(mountpath, bench.bucket, 'a', new Uint8Array(8 * rate))
    const before = bench.clock.monotonic()
    await round()
    expect(count('scrub.size')).toBe(8 * rate)
    expect(bench.clock.monotonic() - before).toBeGreaterThanOrEqual(60_000 + 8_000)
  })

  it('goes on after a restart where it stopped, and is not begun anew before its time', async () => {
    const slow = {
      scrubBytesPerSecond: 1_024,
      scrubObjectBytes: 1_024,
      scrubDelayMs: 1_000,
      scrubIntervalMs: 10_000 * hourMs,
    }
    const first = await openWatched(slow)
    for (let at = 0; at < 10; at++) await put(first.mountpath, bench.bucket, `o${at}`, 'content')
    await first.advanceUntil(() => first.count('scrub.n') === 4)
    await first.mountpath.close()
    turnBit(`${root()}/%ob/o3`, 0)
    turnBit(`${root()}/%ob/o4`, 0)

    const second = await openWatched(slow)
    await second.round()
    expect(second.count('scrub.n')).toBe(6)
    expect(second.logged).toEqual(['the scrub found a damaged object: o4'])
    await second.mountpath.close()

    const third = await openWatched(slow)
    for (let at = 0; at < 300; at++) {
      bench.clock.advance(10_000)
      await new Promise<void>((resolve) => bench.files.afterTurn(resolve))
    }
    expect(third.count('scrub.n')).toBe(0)
    bench.clock.advance(slow.scrubIntervalMs)
    await third.round()
    expect(third.count('scrub.n')).toBe(10)
    expect(third.logged).toEqual(['the scrub found a damaged object: o3'])
  })

  it('is not there at a rate of 0', async () => {
    const { mountpath, count } = await openWatched({ scrubBytesPerSecond: 0, scrubDelayMs: 0 })
    await put(mountpath, bench.bucket, 'a', 'content')
    for (let at = 0; at < 20; at++) {
      bench.clock.advance(hourMs)
      await new Promise<void>((resolve) => bench.files.afterTurn(resolve))
    }
    expect(count('scrub.n')).toBe(0)
  })
})
