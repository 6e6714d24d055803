import { existsSync, readFileSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, createBench, getText, listNames, put } from '../../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

/** Names that file systems find hard; each is beside others that need its path as a directory. */
const hardNames = [
  'a',
  'a/b',
  'a/b/c',
  'a/',
  'a//b',
  '/a',
  '//',
  './a',
  'a/../b',
  '..',
  ' a ',
  'a\nb',
  '-rf',
  'q?x#y&z=%41',
  '*<>:"|\\',
  '\u00e9',
  'e\u0301',
  '\u{1f600}/\uffff',
  `long/${'x'.repeat(300)}`,
  `long/${'x'.repeat(300)}/y`,
  `${'deep/'.repeat(599)}name`,
  '/'.repeat(3_000),
  '%'.repeat(3_000),
  '\u20ac'.repeat(1_000),
]

const inUtf8Order = [...hardNames].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

describe.each([
  ['ascending', hardNames],
  ['descending', [...hardNames].reverse()],
])('hard names written in %s order', (_, names) => {
  it('round-trip, also through a lost catalog', async () => {
    const first = await bench.open()
    for (const name of names) await put(first, bench.bucket, name, `content of ${name}`)
    for (const name of names) {
      expect(await getText(first, bench.bucket, name)).toBe(`content of ${name}`)
    }
    expect(listNames(first, bench.bucket)).toEqual(inUtf8Order)
    await first.close()

    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(`${bench.path}/.ais/catalog.db${suffix}`, { force: true })
    }
    bench.clock.advance(20_000)
    const second = await bench.open()
    expect(second.id).toBe(first.id)
    expect(listNames(second, bench.bucket)).toEqual(inUtf8Order)
    for (const name of names) {
      expect(await getText(second, bench.bucket, name)).toBe(`content of ${name}`)
    }
  })

  it('can all be overwritten and removed, and leave no folder behind', async () => {
    const mountpath = await bench.open()
    for (const name of names) await put(mountpath, bench.bucket, name, 'old')
    for (const name of names) await put(mountpath, bench.bucket, name, name)
    for (const name of names) {
      expect(await getText(mountpath, bench.bucket, name)).toBe(name)
      expect(await mountpath.remove(bench.bucket, name, 'process')).toBe(true)
    }
    expect(listNames(mountpath, bench.bucket)).toEqual([])
    expect(await bench.files.readDirectory(`${bench.path}/@ais/bench/%ob`)).toEqual([])
    expect(await bench.files.readDirectory(`${bench.path}/@ais/bench/%ox`)).toEqual([])
  })
})

describe("a name in another one's way", () => {
  it('stays a plain file when it comes first', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'dir/file', '1')
    await put(mountpath, bench.bucket, 'dir', '2')
    await put(mountpath, bench.bucket, 'x', '3')
    await put(mountpath, bench.bucket, 'x/y', '4')
    const root = `${bench.path}/@ais/bench`
    expect(readFileSync(`${root}/%ob/dir/file`, 'utf8')).toBe('1')
    expect(readFileSync(`${root}/%ox/=pdir`, 'utf8')).toBe('2')
    expect(readFileSync(`${root}/%ob/x`, 'utf8')).toBe('3')
    expect(readFileSync(`${root}/%ox/=px%2Fy`, 'utf8')).toBe('4')
  })

  it('takes the plain path once it is free', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'dir/file', '1')
    await mountpath.remove(bench.bucket, 'dir/file', 'process')
    await put(mountpath, bench.bucket, 'dir', '2')
    expect(existsSync(`${bench.path}/@ais/bench/%ob/dir`)).toBe(true)
    await put(mountpath, bench.bucket, 'dir/file', '3', 'disk')
    expect(await getText(mountpath, bench.bucket, 'dir')).toBe('2')
    expect(await getText(mountpath, bench.bucket, 'dir/file')).toBe('3')
  })

  it('can be written in the same turn', async () => {
    const mountpath = await bench.open()
    const names = ['n', 'n/o', 'n/o/p', 'n/o/p/q']
    for (const level of ['process', 'disk'] as const) {
      await Promise.all(names.map((name) => put(mountpath, bench.bucket, name, name, level)))
      for (const name of names) expect(await getText(mountpath, bench.bucket, name)).toBe(name)
    }
  })
})
