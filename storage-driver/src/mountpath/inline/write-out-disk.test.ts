import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBodies } from '../../testing/account.ts'
import { manyNames, putMany } from '../../testing/many-objects.ts'
import { type Bench, createBench, getText, put } from '../../testing/mountpath-bench.ts'
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

describe('writing out', () => {
  it('keeps the bodies until one sync of all has come back', async () => {
    const disk = trickyDisk()
    const steps = watchSteps()
    const mountpath = await bench.open({ ...steps, files: disk.files })
    await putMany(mountpath, bench.bucket, 'one')
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
    await putMany(mountpath, bench.bucket)
    disk.failing.set('syncFileSystem', 'ENOSYS')
    disk.calls.length = 0
    await roundOf(bench, steps)
    expect(disk.calls.filter((call) => call === 'fsync').length).toBeGreaterThan(manyNames.length)
    expect(bodies()).toBe(0)
  })

  it('takes the mountpath out of service when a sync fails, and loses nothing', async () => {
    const disk = trickyDisk()
    const faulted = Promise.withResolvers<void>()
    const mountpath = await bench.open({ files: disk.files, onFault: () => faulted.resolve() })
    await putMany(mountpath, bench.bucket)
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
