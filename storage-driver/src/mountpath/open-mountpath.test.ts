import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Bench,
  bucketRef,
  bytesOf,
  createBench,
  get,
  getText,
  listNames,
  newObject,
  put,
} from '../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const folder = () => `${bench.path}/@ais/bench`

describe('objects', () => {
  it.each(['process', 'disk'] as const)('are plain files at plain paths (%s)', async (level) => {
    const mountpath = await bench.open()
    // A small body at `disk` comes later: write-out.test.ts.
    const text = level === 'disk' ? 'hello'.repeat(20_000) : 'hello'
    const meta = await put(mountpath, bench.bucket, 'a/b c.txt', text, level)
    expect(readFileSync(`${folder()}/%ob/a/b c.txt`, 'utf8')).toBe(text)
    expect(meta).toMatchObject({
      name: 'a/b c.txt',
      sizeBytes: text.length,
      version: '1',
      custom: [],
    })
    expect(meta.generation).toMatch(/^[0-9a-f]{32}$/)
    expect(meta.atimeNs).toBe(1_700_000_000_123_456_789n)
    expect(mountpath.load(bench.bucket, 'a/b c.txt')).toEqual(meta)
    expect(await getText(mountpath, bench.bucket, 'a/b c.txt')).toBe(text)
    expect(readdirSync(`${folder()}/%wk`)).toEqual([])
  })

  it('keep an open version through overwrite and removal', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'old content')
    const before = await mountpath.open(bench.bucket, 'x')
    await put(mountpath, bench.bucket, 'x', 'new')
    const between = await mountpath.open(bench.bucket, 'x')
    expect(await mountpath.remove(bench.bucket, 'x', 'process')).toBe(true)
    expect(await mountpath.remove(bench.bucket, 'x', 'process')).toBe(false)
    const read = async (object: typeof before) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of object.read(0)) chunks.push(chunk)
      object.close()
      return Buffer.concat(chunks).toString()
    }
    expect(await read(before)).toBe('old content')
    expect(await read(between)).toBe('new')
    expect(() => mountpath.open(bench.bucket, 'x')).toThrow(
      expect.objectContaining({ code: 'ErrNotFound' }),
    )
    expect(existsSync(`${folder()}/%ob/x`)).toBe(false)
  })

  it('may be empty, and as long as the thread pool writes them', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'empty', '')
    expect(await getText(mountpath, bench.bucket, 'empty')).toBe('')
    const draft = await mountpath.draft(bench.bucket, 'long')
    const chunk = new Uint8Array(100_000)
    const all: Uint8Array[] = []
    for (let i = 0; i < 12; i++) {
      chunk.fill(i)
      all.push(chunk.slice())
      await draft.write(chunk)
    }
    const bytes = Buffer.concat(all)
    await mountpath.commit(bench.bucket, 'long', draft, newObject(bytes), 'disk')
    expect(Buffer.compare(await get(mountpath, bench.bucket, 'long'), bytes)).toBe(0)
  })

  it('are committed only where the expected version is', async () => {
    const mountpath = await bench.open()
    const first = await put(mountpath, bench.bucket, 'x', 'one')
    const commit = async (generation: string | undefined) => {
      const draft = await mountpath.draft(bench.bucket, 'x')
      try {
        await draft.write(bytesOf('two'))
        const object = newObject(bytesOf('two'))
        return await mountpath.commit(bench.bucket, 'x', draft, object, 'process', { generation })
      } finally {
        await draft.discard()
      }
    }
    await expect(commit(undefined)).rejects.toMatchObject({ code: 'ErrPreempted' })
    await expect(commit('0'.repeat(32))).rejects.toMatchObject({ code: 'ErrPreempted' })
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('one')
    await commit(first.generation)
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('two')
    expect(readdirSync(`${folder()}/%wk`)).toEqual([])
  })

  it('take new metadata without new content', async () => {
    const mountpath = await bench.open()
    const first = await put(mountpath, bench.bucket, 'x', 'one')
    const touched = await mountpath.update(bench.bucket, 'x', { atimeNs: 5n }, 'process')
    expect(touched).toEqual({ ...first, atimeNs: 5n })
    const custom = [
      ['b', '1'],
      ['a', '\u{1f600}'],
      ['b', '2'],
    ] as const
    const updated = await mountpath.update(bench.bucket, 'x', { custom, version: '7' }, 'disk')
    expect(updated).toMatchObject({ custom, version: '7', atimeNs: 5n, mtimeNs: first.mtimeNs })
    expect(updated?.generation).not.toBe(first.generation)
    expect(
      await mountpath.update(bench.bucket, 'none', { version: '1' }, 'process'),
    ).toBeUndefined()
  })

  it('are not served when their file is another', async () => {
    const writer = await bench.open()
    for (const name of ['gone', 'longer', 'same', 'changed']) {
      await put(writer, bench.bucket, name, `content of ${name}`)
    }
    await writer.close()
    const mountpath = await bench.open()
    writeFileSync(`${folder()}/%ob/longer`, 'content of longer!')
    writeFileSync(`${folder()}/%ob/same`, 'content of same')
    writeFileSync(`${folder()}/%ob/changed`, 'CONTENT OF changed')
    bench.files.unlinkSync(`${folder()}/%ob/gone`)
    const open = async (name: string) => mountpath.open(bench.bucket, name)
    await expect(open('gone')).rejects.toMatchObject({ code: 'ErrObjDefunct' })
    await expect(open('longer')).rejects.toMatchObject({ code: 'ErrObjDefunct' })
    await expect(open('changed')).rejects.toMatchObject({ code: 'ErrObjDefunct' })
    const before = mountpath.load(bench.bucket, 'same')
    expect(await getText(mountpath, bench.bucket, 'same')).toBe('content of same')
    const mended = mountpath.load(bench.bucket, 'same')
    expect(mended?.generation).toBe(before?.generation)
    expect(mended?.mtimeNs).not.toBe(before?.mtimeNs)
    expect(mountpath.open(bench.bucket, 'same')).not.toBeInstanceOf(Promise)
  })
})

describe('listing', () => {
  it('is in the order of UTF-8 bytes, by pages and prefixes', async () => {
    const mountpath = await bench.open()
    const names = ['a', 'a/b', 'a/c', 'a0', 'ab', '\uffee', '\u{1f600}', 'z', '\ud7ff', '\ue000']
    for (const name of names) await put(mountpath, bench.bucket, name, name)
    const sorted = [...names].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)))
    expect(listNames(mountpath, bench.bucket)).toEqual(sorted)
    expect(listNames(mountpath, bench.bucket, 1)).toEqual(sorted)
    const page = (prefix: string, after: string) =>
      mountpath
        .list(bench.bucket, { prefix, after, limit: 100, full: false })
        .map(({ name }) => name)
    expect(page('a/', '')).toEqual(['a/b', 'a/c'])
    expect(page('a/', 'a/b')).toEqual(['a/c'])
    expect(page('a/', 'a')).toEqual(['a/b', 'a/c'])
    expect(page('a/', 'b')).toEqual([])
    expect(page('\ud7ff', '')).toEqual(['\ud7ff'])
    expect(page('\uffee', '\uffee')).toEqual([])
    const sums = (after: string, limit: number) =>
      mountpath.summary(bench.bucket, { prefix: 'a', after, limit })
    expect(sums('', 100)).toEqual({ objects: 5, sizeBytes: 11n, min: 1, max: 3, last: 'ab' })
    expect(sums('', 2)).toEqual({ objects: 2, sizeBytes: 4n, min: 1, max: 3, last: 'a/b' })
    expect(sums('a/b', 2)).toEqual({ objects: 2, sizeBytes: 5n, min: 2, max: 3, last: 'a0' })
    expect(sums('ab', 2)).toEqual({ objects: 0, sizeBytes: 0n, min: 0, max: 0, last: undefined })
  })
})

describe('a mountpath', () => {
  it('keeps everything over an orderly restart', async () => {
    const first = await bench.open()
    const meta = await put(first, bench.bucket, 'x', 'one')
    await first.close()
    const second = await bench.open()
    expect(second.id).toBe(first.id)
    expect(second.load(bench.bucket, 'x')).toEqual(meta)
    expect(await getText(second, bench.bucket, 'x')).toBe('one')
  })

  it('is opened once, also within one process', async () => {
    await bench.open()
    await expect(bench.open()).rejects.toMatchObject({ code: 'ErrBusy' })
  })

  it('refuses a bucket it does not have', async () => {
    const mountpath = await bench.open()
    const other = bucketRef('other', 2n)
    expect(() => mountpath.draft(other, 'x')).toThrow(
      expect.objectContaining({ code: 'ErrBckNotFound' }),
    )
    expect(mountpath.load(other, 'x')).toBeUndefined()
    expect(mountpath.list(other, { prefix: '', after: '', limit: 1, full: false })).toEqual([])
  })

  it('tells its capacity and its device', async () => {
    const mountpath = await bench.open()
    const capacity = await mountpath.capacity()
    expect(capacity.totalBytes).toBeGreaterThan(0n)
    expect(capacity.usedBytes + capacity.availableBytes).toBeLessThanOrEqual(capacity.totalBytes)
    expect(capacity.fsType).not.toBe('')
    expect(capacity.fsId).toMatch(/^\d+,\d+$/)
  })

  it('takes no body over the limit, and goes on with reads and removals', async () => {
    let percent = 100
    const mountpath = await bench.open({ settings: { outOfSpacePercent: () => percent } })
    await put(mountpath, bench.bucket, 'x', 'one')
    percent = 0
    expect(() => mountpath.draft(bench.bucket, 'y')).toThrow(
      expect.objectContaining({ code: 'ErrCapExceeded' }),
    )
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('one')
    expect(await mountpath.remove(bench.bucket, 'x', 'process')).toBe(true)
  })
})
