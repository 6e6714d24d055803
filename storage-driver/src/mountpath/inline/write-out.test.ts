import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBodies, strayFiles } from '../../testing/account.ts'
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

/** Counts the steps of all mountpaths it is given to, and tells when one was done. */
function watchSteps() {
  const counts = new Map<string, number>()
  let waiting: { step: string; resolve(): void }[] = []
  return {
    crashPoint: (step: string) => {
      counts.set(step, (counts.get(step) ?? 0) + 1)
      for (const one of waiting) if (one.step === step) one.resolve()
      waiting = waiting.filter((one) => one.step !== step)
    },
    count: (step: string) => counts.get(step) ?? 0,
    /** Resolves when `step` is done the next time. */
    next: (step: string) =>
      new Promise<void>((resolve) => {
        waiting.push({ step, resolve })
      }),
  }
}

/** Lets the time of a round come, and waits until it is over. */
async function roundOf(steps: ReturnType<typeof watchSteps>): Promise<void> {
  const settled = steps.next('bodies-settled')
  bench.clock.advance(1_000)
  await settled
}

/** A disk whose operations can be made to fail, and whose sync can be made to wait. */
function trickyDisk() {
  const real = createFileSystem()
  const failing = new Map<keyof FileSystem, string>()
  const calls: string[] = []
  let gate: Promise<void> | undefined
  let reached: (() => void) | undefined
  const before = (name: keyof FileSystem): void => {
    calls.push(name)
    const code = failing.get(name)
    if (code !== undefined) throw Object.assign(new Error(`${code}: made by the test`), { code })
  }
  const files: FileSystem = {
    ...real,
    writeSync: (...args) => {
      before('writeSync')
      real.writeSync(...args)
    },
    setMtimeSync: (...args) => {
      before('setMtimeSync')
      real.setMtimeSync(...args)
    },
    fsync: async (fd) => {
      before('fsync')
      await real.fsync(fd)
    },
    syncFileSystem: async () => {
      before('syncFileSystem')
      reached?.()
      await gate
    },
  }
  return {
    files,
    failing,
    calls,
    /** Syncs of the file system wait from now on. */
    holdSync: () => {
      const held = Promise.withResolvers<void>()
      const under = Promise.withResolvers<void>()
      gate = held.promise
      reached = under.resolve
      return { release: held.resolve, underWay: under.promise }
    },
  }
}

const manyNames = Array.from({ length: 20 }, (_, index) => `many/${index}`)

async function putMany(mountpath: Mountpath, content = 'many'): Promise<void> {
  await Promise.all(
    manyNames.map((name) => put(mountpath, bench.bucket, name, `${content} ${name}`, 'disk')),
  )
}

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
    expect(mountpath.readSmall(bench.bucket, 'x')).toEqual({ meta, bytes: bytesOf('hello world') })
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
    await roundOf(steps)
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
    await putMany(mountpath)
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
    await roundOf(steps)
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
    await roundOf(steps)
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
    await roundOf(steps)
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
    await putMany(mountpath)
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

describe('writing out', () => {
  it('keeps the bodies until one sync of all has come back', async () => {
    const disk = trickyDisk()
    const steps = watchSteps()
    const mountpath = await bench.open({ ...steps, files: disk.files })
    await putMany(mountpath, 'one')
    const { release, underWay } = disk.holdSync()
    disk.calls.length = 0
    bench.clock.advance(1_000)
    await underWay
    expect(bodies()).toBe(manyNames.length)
    const [over = '', gone = '', still = ''] = manyNames
    await put(mountpath, bench.bucket, over, 'two', 'disk')
    await mountpath.remove(bench.bucket, gone, 'disk')
    const settled = steps.next('bodies-settled')
    release()
    await settled
    expect(disk.calls.filter((call) => call === 'syncFileSystem')).toHaveLength(1)
    expect(bodies()).toBe(1)
    expect(await getText(mountpath, bench.bucket, over)).toBe('two')
    expect(await getText(mountpath, bench.bucket, still)).toBe(`one ${still}`)
    expect(existsSync(fileOf(gone))).toBe(false)
    await mountpath.close()
    expect(read(over)).toBe('two')
  })

  it('syncs every file where the file system cannot be synced as a whole', async () => {
    const disk = trickyDisk()
    const steps = watchSteps()
    const mountpath = await bench.open({ ...steps, files: disk.files })
    await putMany(mountpath)
    disk.failing.set('syncFileSystem', 'ENOSYS')
    disk.calls.length = 0
    await roundOf(steps)
    expect(disk.calls.filter((call) => call === 'fsync').length).toBeGreaterThan(manyNames.length)
    expect(bodies()).toBe(0)
  })

  it('takes the mountpath out of service when a sync fails, and loses nothing', async () => {
    const disk = trickyDisk()
    const faulted = Promise.withResolvers<void>()
    const mountpath = await bench.open({ files: disk.files, onFault: () => faulted.resolve() })
    await putMany(mountpath)
    disk.failing.set('syncFileSystem', 'EIO')
    bench.clock.advance(1_000)
    await faulted.promise
    await expect(mountpath.rename(bench.bucket, 'many/1', 'x', 'disk')).rejects.toMatchObject({
      code: 'ErrMountpathFaulted',
    })
    await mountpath.close()
    expect(bodies()).toBe(manyNames.length)
    const again = await bench.open()
    for (const name of manyNames) {
      expect(await getText(again, bench.bucket, name)).toBe(`many ${name}`)
    }
    await again.close()
    expect(bodies()).toBe(0)
  })

  it('waits for room on a full disk: all is served, removed and kept over a restart', async () => {
    const disk = trickyDisk()
    const steps = watchSteps()
    const warned = Promise.withResolvers<void>()
    const silent = () => {}
    const log = { debug: silent, info: silent, warn: () => warned.resolve(), error: silent }
    const limits = { inlineBacklogBytesMax: 4_000 }
    const mountpath = await bench.open({ ...steps, files: disk.files, limits, log })
    await put(mountpath, bench.bucket, 'x', 'old')
    disk.failing.set('writeSync', 'ENOSPC')
    for (const name of ['x', 'y', 'z']) await put(mountpath, bench.bucket, name, name, 'disk')
    bench.clock.advance(1_000)
    await warned.promise
    expect(readdirSync(`${folder()}/%wk`)).toEqual([])
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('x')
    expect(await mountpath.remove(bench.bucket, 'y', 'disk')).toBe(true)
    await expect(mountpath.rename(bench.bucket, 'x', 'w', 'disk')).rejects.toMatchObject({
      code: 'ErrCapExceeded',
    })
    await expect(
      put(mountpath, bench.bucket, 'v', new Uint8Array(3_000), 'disk'),
    ).rejects.toMatchObject({ code: 'ErrCapExceeded' })
    await mountpath.close()
    expect(bodies()).toBe(2)

    const again = await bench.open({ ...steps, files: disk.files })
    expect(await getText(again, bench.bucket, 'x')).toBe('x')
    disk.failing.clear()
    await again.close()
    expect(read('x')).toBe('x')
    expect(read('z')).toBe('z')
    expect(bodies()).toBe(0)
  })

  it('bounds what waits for its file: more is taken when there is room again', async () => {
    const disk = trickyDisk()
    const limits = { inlineBacklogBytesMax: 20_000 }
    const mountpath = await bench.open({ files: disk.files, limits })
    const { release, underWay } = disk.holdSync()
    const taken: number[] = []
    const content = new Uint8Array(1_000)
    const puts = Array.from({ length: 40 }, async (_, index) => {
      await put(mountpath, bench.bucket, `n${index}`, content, 'disk')
      taken.push(index)
    })
    await underWay
    // 20,000 bytes are 13 bodies with what they take beside their bytes.
    expect(taken).toHaveLength(13)
    release()
    await Promise.all(puts)
    expect(taken).toHaveLength(40)
    await mountpath.close()
    for (let index = 0; index < 40; index++) expect(statSync(fileOf(`n${index}`)).size).toBe(1_000)
  })
})
