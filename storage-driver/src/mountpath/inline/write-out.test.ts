import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBodies, strayFiles } from '../../testing/account.ts'
import { manyNames, putMany } from '../../testing/many-objects.ts'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  listNames,
  newObject,
  put,
  putChunked,
} from '../../testing/mountpath-bench.ts'
import { roundOf, watchSteps } from '../../testing/step-watch.ts'
import { trickyDisk } from '../../testing/tricky-disk.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const folder = () => `${bench.path}/@ais/bench`
const fileOf = (name: string) => `${folder()}/%ob/${name}`
const read = (name: string) => readFileSync(fileOf(name), 'utf8')
const bodies = () => openBodies(bench.path)

/** Folders of parts that a row still speaks of: a start removes the others. */
async function partFolders(): Promise<string[]> {
  await bench.open()
  return readdirSync(`${folder()}/%ch`)
}
const large = new Uint8Array(70_000).fill(0x61)

describe('a small body that is safe on the disk', () => {
  it('is the content at once, without a file, and without a sync but that of the log', async () => {
    const disk = trickyDisk()
    const mountpath = await bench.open({ files: disk.files })
    disk.calls.length = 0
    const meta = await put(mountpath, bench.bucket, 'x', 'hello world', 'disk')
    expect(disk.calls).toEqual(['fsync'])
    expect(existsSync(fileOf('x'))).toBe(false)
    expect(readdirSync(`${folder()}/%wk`)).toEqual([])
    expect(bodies()).toBe(1)
    expect(mountpath.load(bench.bucket, 'x')).toEqual(meta)
    expect(mountpath.readSmall(bench.bucket, 'x')).toMatchObject({
      meta,
      bytes: bytesOf('hello world'),
    })
    const open = await mountpath.open(bench.bucket, 'x')
    expect(open.meta).toEqual(meta)
    expect(open.body(6, 5)).toEqual({ kind: 'bytes', bytes: bytesOf('world') })
    expect(await open.verifyRange(0, 5)).toBe('unknown')
    open.close()
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('hello world')
    expect(listNames(mountpath, bench.bucket)).toEqual(['x'])
  })

  it('has its file within the second, and nothing of the object changes', async () => {
    const steps = watchSteps()
    const mountpath = await bench.open(steps)
    const meta = await put(mountpath, bench.bucket, 'a/b', 'content', 'disk')
    const empty = await put(mountpath, bench.bucket, 'empty', '', 'disk')
    await roundOf(bench, steps)
    expect(read('a/b')).toBe('content')
    expect(statSync(fileOf('a/b'), { bigint: true }).mtimeNs).toBe(meta.mtimeNs)
    expect(read('empty')).toBe('')
    expect(bodies()).toBe(0)
    expect(mountpath.load(bench.bucket, 'a/b')).toEqual(meta)
    expect(mountpath.load(bench.bucket, 'empty')).toEqual(empty)
    expect(await getText(mountpath, bench.bucket, 'a/b')).toBe('content')
    expect(strayFiles(mountpath, bench.bucket)).toEqual([])
  })

  it('is written out before the mountpath is closed', async () => {
    const mountpath = await bench.open()
    await putMany(mountpath, bench.bucket)
    await mountpath.close()
    for (const name of manyNames) expect(read(name)).toBe(`many ${name}`)
    expect(bodies()).toBe(0)
  })

  it('gets no file when it was superseded before', async () => {
    const steps = watchSteps()
    const mountpath = await bench.open(steps)
    for (const content of ['one', 'two', 'three']) {
      await put(mountpath, bench.bucket, 'x', content, 'disk')
    }
    expect(bodies()).toBe(1)
    await roundOf(bench, steps)
    expect(steps.count('body-written')).toBe(1)
    expect(read('x')).toBe('three')
  })

  it('goes with its delete, and only a tombstone stays', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'content', 'disk')
    expect(await mountpath.remove(bench.bucket, 'x', 'disk')).toBe(true)
    expect(bodies()).toBe(0)
    expect(mountpath.load(bench.bucket, 'x')).toBeUndefined()
    expect(mountpath.stamp(bench.bucket, 'x')?.deleted).toBe(true)
    await mountpath.close()
    expect(existsSync(fileOf('x'))).toBe(false)
  })

  it('takes the place of a tombstone', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'old', 'disk')
    await mountpath.remove(bench.bucket, 'x', 'disk')
    const { generation } = await put(mountpath, bench.bucket, 'x', 'new', 'disk')
    expect(mountpath.stamp(bench.bucket, 'x')).toEqual({ generation, deleted: false })
    await mountpath.close()
    const again = await bench.open()
    expect(again.stamp(bench.bucket, 'x')).toEqual({ generation, deleted: false })
  })

  it('goes with its bucket', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'content', 'disk')
    await mountpath.destroyBucket(bench.bucket)
    expect(bodies()).toBe(0)
    await mountpath.createBucket(bench.bucket)
    expect(mountpath.load(bench.bucket, 'x')).toBeUndefined()
    await mountpath.close()
    expect(existsSync(fileOf('x'))).toBe(false)
  })

  it.each([
    ['up to the limit', 65_536, 1],
    ['not above it', 65_537, 0],
  ])('is one %s, also when its length is not told', async (_, sizeBytes, count) => {
    const mountpath = await bench.open()
    const content = new Uint8Array(sizeBytes).map((_, at) => at % 251)
    const draft = await mountpath.draft(bench.bucket, 'x', { durability: 'disk' })
    for (let at = 0; at < sizeBytes; at += 1_000) {
      // A chunk may be reused when it was taken.
      const chunk = content.slice(at, at + 1_000)
      await draft.write(chunk)
      chunk.fill(0)
    }
    expect(draft.sizeBytes).toBe(sizeBytes)
    await mountpath.commit(bench.bucket, 'x', draft, newObject(content), 'disk')
    expect(bodies()).toBe(count)
    expect(mountpath.load(bench.bucket, 'x')?.sizeBytes).toBe(sizeBytes)
    const open = await mountpath.open(bench.bucket, 'x')
    const found: Uint8Array[] = []
    for await (const chunk of open.read()) found.push(chunk)
    open.close()
    expect(Buffer.concat(found).equals(content)).toBe(true)
  })

  it('is a file after all when its commit is not to be that safe', async () => {
    const mountpath = await bench.open()
    const draft = await mountpath.draft(bench.bucket, 'x', { durability: 'disk' })
    await draft.write(bytesOf('content'))
    await mountpath.commit(bench.bucket, 'x', draft, newObject(bytesOf('content')), 'process')
    expect(bodies()).toBe(0)
    expect(read('x')).toBe('content')
  })

  it('is a file from the beginning where files do not keep the times they are given', async () => {
    const real = createFileSystem()
    const coarse = (_: number, mtimeNs: bigint) => mtimeNs - (mtimeNs % 1_000_000n)
    const files: FileSystem = {
      ...real,
      setMtimeSync: (fd, mtimeNs) => real.setMtimeSync(fd, coarse(fd, mtimeNs)),
    }
    const mountpath = await bench.open({ files })
    await put(mountpath, bench.bucket, 'x', 'content', 'disk')
    expect(bodies()).toBe(0)
    expect(read('x')).toBe('content')
  })

  it('is dropped when its commit is refused', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'old', 'disk')
    const draft = await mountpath.draft(bench.bucket, 'x', { durability: 'disk' })
    await draft.write(bytesOf('new'))
    const commit = mountpath.commit(bench.bucket, 'x', draft, newObject(bytesOf('new')), 'disk', {
      generation: undefined,
    })
    await expect(commit).rejects.toMatchObject({ code: 'ErrPreempted' })
    await draft.discard()
    expect(bodies()).toBe(1)
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('old')
  })
})

describe('what else happens to a small body', () => {
  it('a rename gives it its file first', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'content', 'disk')
    await put(mountpath, bench.bucket, 'y', 'in the way', 'disk')
    await mountpath.rename(bench.bucket, 'x', 'y', 'disk')
    expect(bodies()).toBe(0)
    expect(read('y')).toBe('content')
    expect(existsSync(fileOf('x'))).toBe(false)
    expect(await getText(mountpath, bench.bucket, 'y')).toBe('content')
  })

  it('new metadata belong to it, before and after it has its file', async () => {
    const steps = watchSteps()
    const mountpath = await bench.open(steps)
    await put(mountpath, bench.bucket, 'x', 'content', 'disk')
    const patch = { custom: [['colour', 'red']] as const }
    const meta = await mountpath.update(bench.bucket, 'x', patch, 'disk')
    expect(bodies()).toBe(1)
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('content')
    await roundOf(bench, steps)
    expect(mountpath.load(bench.bucket, 'x')).toEqual(meta)
    expect(read('x')).toBe('content')
  })

  it.each(['process', 'disk'] as const)('a larger one replaces it at %s', async (durability) => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'small', 'disk')
    await put(mountpath, bench.bucket, 'x', large, durability)
    expect(bodies()).toBe(0)
    expect(statSync(fileOf('x')).size).toBe(large.byteLength)
  })

  it.each([
    ['file', (mountpath: Mountpath) => put(mountpath, bench.bucket, 'x', large, 'disk')],
    [
      'chunked object',
      (mountpath: Mountpath) => putChunked(mountpath, bench.bucket, 'x', [large, large]),
    ],
  ])('it replaces a %s, of which nothing stays', async (_, prepare) => {
    const steps = watchSteps()
    const mountpath = await bench.open(steps)
    await prepare(mountpath)
    for (const content of ['one', 'two']) await put(mountpath, bench.bucket, 'x', content, 'disk')
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('two')
    await roundOf(bench, steps)
    expect(read('x')).toBe('two')
    await mountpath.close()
    expect(await partFolders()).toEqual([])
  })

  it.each([
    ['before its file is there', false],
    ['after', true],
  ])('a delete %s also removes what it replaced', async (_, written) => {
    const disk = trickyDisk()
    const mountpath = await bench.open({ files: disk.files })
    await putChunked(mountpath, bench.bucket, 'chunked', [large])
    await put(mountpath, bench.bucket, 'plain', large)
    await putMany(mountpath, bench.bucket)
    for (const name of ['chunked', 'plain']) await put(mountpath, bench.bucket, name, 's', 'disk')
    const { release, underWay } = disk.holdSync()
    if (written) {
      bench.clock.advance(1_000)
      await underWay
    }
    for (const name of ['chunked', 'plain']) await mountpath.remove(bench.bucket, name, 'disk')
    release()
    await mountpath.close()
    for (const name of ['chunked', 'plain']) expect(existsSync(fileOf(name))).toBe(false)
    expect(await partFolders()).toEqual([])
    expect(bodies()).toBe(0)
  })

  it('a name that is in its way sends its file to the escaped folder', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'a', 'short', 'disk')
    await put(mountpath, bench.bucket, 'gone', 'short', 'disk')
    await put(mountpath, bench.bucket, 'a/b', large, 'disk')
    await put(mountpath, bench.bucket, 'gone/b', large, 'disk')
    expect(await mountpath.remove(bench.bucket, 'gone', 'disk')).toBe(true)
    await mountpath.close()
    const again = await bench.open()
    expect(listNames(again, bench.bucket)).toEqual(['a', 'a/b', 'gone/b'])
    expect(await getText(again, bench.bucket, 'a')).toBe('short')
    expect(readFileSync(`${folder()}/%ox/=pa`, 'utf8')).toBe('short')
    expect(strayFiles(again, bench.bucket)).toEqual([])
    expect(await again.remove(bench.bucket, 'a', 'disk')).toBe(true)
    expect(readdirSync(`${folder()}/%ox`)).toEqual([])
  })
})
