import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, createBench, put } from '../../testing/mountpath-bench.ts'

let bench: Bench
let mountpath: Mountpath

beforeEach(async () => {
  bench = createBench()
  mountpath = await bench.open()
})

afterEach(() => bench.end())

const file = (name: string) => `${bench.path}/@ais/bench/%ob/${name}`

function read(name: string): string | undefined {
  const small = mountpath.readSmall(bench.bucket, name)
  return small === undefined ? undefined : Buffer.from(small.bytes).toString()
}

/** In memory from the second read on. */
async function keep(name: string, text: string): Promise<void> {
  await put(mountpath, bench.bucket, name, text)
  expect(read(name)).toBeUndefined()
  expect(read(name)).toBe(text)
  expect(mountpath.readSmall(bench.bucket, name)?.bytes).toBe(
    mountpath.readSmall(bench.bucket, name)?.bytes,
  )
}

describe('small objects in memory', () => {
  it('come with what the row says now', async () => {
    await keep('x', 'content')
    expect(mountpath.readSmall(bench.bucket, 'x')?.meta).toEqual(mountpath.load(bench.bucket, 'x'))
    await mountpath.update(bench.bucket, 'x', { custom: [['k', 'v']] }, 'process')
    read('x')
    expect(mountpath.readSmall(bench.bucket, 'x')?.meta.custom).toEqual([['k', 'v']])
  })

  it('are forgotten with an overwrite, a rename and a removal', async () => {
    await keep('x', 'old')
    await put(mountpath, bench.bucket, 'x', 'new')
    expect(read('x')).not.toBe('old')
    expect(read('x')).toBe('new')
    await mountpath.rename(bench.bucket, 'x', 'y', 'process')
    expect(read('x')).toBeUndefined()
    expect(read('x')).toBeUndefined()
    read('y')
    expect(read('y')).toBe('new')
    await mountpath.remove(bench.bucket, 'y', 'process')
    expect(read('y')).toBeUndefined()
  })

  it('are forgotten with their bucket', async () => {
    await keep('x', 'old')
    await mountpath.destroyBucket(bench.bucket)
    expect(read('x')).toBeUndefined()
    const again = { ...bench.bucket, bid: bench.bucket.bid + 1n }
    await mountpath.createBucket(again)
    await put(mountpath, again, 'x', 'another')
    mountpath.readSmall(again, 'x')
    expect(Buffer.from(mountpath.readSmall(again, 'x')?.bytes ?? []).toString()).toBe('another')
  })

  it('are not served for long when somebody changed, replaced or removed the file', async () => {
    for (const name of ['written', 'same time', 'replaced', 'gone']) await keep(name, 'content')
    writeFileSync(file('written'), 'CONTENT')
    const { atime, mtime } = statSync(file('same time'))
    writeFileSync(file('same time'), 'CONTENT')
    utimesSync(file('same time'), atime, mtime)
    writeFileSync(file('other'), 'CONTENT')
    utimesSync(file('other'), atime, mtime)
    renameSync(file('other'), file('replaced'))
    rmSync(file('gone'))
    const isServed = { written: 'content', 'same time': 'content', replaced: 'content' }
    for (const [name, content] of Object.entries(isServed)) expect(read(name)).toBe(content)
    bench.clock.advance(100)
    for (const name of ['written', 'same time', 'replaced', 'gone']) {
      expect([name, read(name)]).toEqual([name, undefined])
    }
    expect(() => mountpath.open(bench.bucket, 'gone')).toThrow(
      expect.objectContaining({ code: 'ErrObjDefunct' }),
    )
  })

  it('know when they are not what would be read now', async () => {
    const { bucket } = bench
    const kept = async () => {
      await keep('x', 'content')
      const small = mountpath.readSmall(bucket, 'x')
      expect(small?.isCurrent()).toBe(true)
      return small
    }
    const changes: Record<string, () => unknown> = {
      overwrite: () => put(mountpath, bucket, 'x', 'other'),
      'custom metadata': () => mountpath.update(bucket, 'x', { custom: [['k', 'v']] }, 'process'),
      rename: () => mountpath.rename(bucket, 'x', 'y', 'process'),
      removal: () => mountpath.remove(bucket, 'x', 'process'),
      'a while': () => bench.clock.advance(100),
      'removal of the bucket': () => mountpath.destroyBucket(bucket),
    }
    for (const [what, change] of Object.entries(changes)) {
      const small = await kept()
      await change()
      expect([what, small?.isCurrent()]).toEqual([what, false])
    }
    await mountpath.createBucket(bucket)
    const last = await kept()
    await mountpath.close()
    expect(last?.isCurrent()).toBe(false)
    mountpath = await bench.open()
  })

  it('leave large and empty objects to open()', async () => {
    await put(mountpath, bench.bucket, 'large', 'x'.repeat(65_537))
    await put(mountpath, bench.bucket, 'empty', '')
    for (const name of ['large', 'large', 'empty', 'empty', 'absent']) {
      expect(read(name)).toBeUndefined()
    }
  })

  it('stay within their budget: the oldest goes first', async () => {
    const names = Array.from({ length: 300 }, (_unused, at) => `o${at}`)
    for (const name of names) await put(mountpath, bench.bucket, name, name.padEnd(65_536, '.'))
    for (const name of names) {
      read(name)
      expect(read(name)?.startsWith(name)).toBe(true)
    }
    const first = mountpath.readSmall(bench.bucket, 'o0')?.bytes
    expect(first).not.toBe(undefined)
    const held = mountpath.readSmall(bench.bucket, 'o299')
    const last = held?.bytes
    expect(mountpath.readSmall(bench.bucket, 'o299')?.bytes).toBe(last)
    // 300 of them do not fit into 16 MiB: reading the first again put others out.
    for (const name of names.slice(1, 280)) read(name)
    expect([held?.isCurrent(), held?.bytes.byteLength]).toEqual([false, 0])
    expect(mountpath.readSmall(bench.bucket, 'o299')?.bytes).not.toBe(last)
  })
})
