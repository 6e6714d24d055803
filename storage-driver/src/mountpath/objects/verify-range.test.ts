import { spawnSync } from 'node:child_process'
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Mountpath, Verdict } from '@aistore-ts/core/ports/mountpath.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { turnBit } from '../../testing/damage.ts'
import {
  type Bench,
  bucketRef,
  createBench,
  mountpathOptions,
  newObject,
  put,
  putChunked,
} from '../../testing/mountpath-bench.ts'
import { openMountpath } from '../open-mountpath.ts'
import { blockBytes } from './block-sums.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const root = () => `${bench.path}/@ais/bench`

/** Bytes of which no two blocks are equal. */
function content(sizeBytes: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(sizeBytes / 4))
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at, 2_654_435_761)
  return new Uint8Array(words.buffer).subarray(0, sizeBytes)
}

async function judge(mountpath: Mountpath, name: string, offset: number, length: number) {
  const object = await mountpath.open(bench.bucket, name)
  try {
    return await object.verifyRange(offset, length)
  } finally {
    object.close()
  }
}

/** What a range of a file with a turned bit at `bad` is to be judged as. */
function expected(bad: number, offset: number, length: number): Verdict {
  const block = Math.floor(bad / blockBytes)
  const first = Math.floor(offset / blockBytes)
  const last = Math.floor((offset + length - 1) / blockBytes)
  return length > 0 && first <= block && block <= last ? 'damaged' : 'sound'
}

/** How many lists of block checksums the catalog holds. */
function lists(): number {
  const catalog = openSqlite(`${bench.path}/.ais/catalog.db`, { readOnly: true })
  const count = catalog.prepare('SELECT count(*) AS n FROM block_sum').get()?.n
  catalog.close()
  return Number(count)
}

const size = 3 * blockBytes + 12_345

describe('a range of an object', () => {
  it('is damaged when it touches the block of a turned bit, and only then', async () => {
    const mountpath = await bench.open()
    const range = fc
      .nat(size - 1)
      .chain((offset) => fc.tuple(fc.constant(offset), fc.nat(size - offset)))
    const anyBit = fc.oneof(
      fc.nat(size - 1),
      fc.constantFrom(0, blockBytes - 1, blockBytes, size - 1),
    )
    await put(mountpath, bench.bucket, 'o', content(size))
    const path = `${root()}/%ob/o`
    expect(await judge(mountpath, 'o', 0, size)).toBe('sound')
    await fc.assert(
      fc.asyncProperty(anyBit, range, async (bad, [offset, length]) => {
        turnBit(path, bad)
        const found = await judge(mountpath, 'o', offset, length)
        turnBit(path, bad)
        expect(found).toBe(expected(bad, offset, length))
      }),
      { numRuns: 30 },
    )
  })

  it('is judged by the parts it touches; a part of one block by its own checksum', async () => {
    const mountpath = await bench.open()
    const parts = [content(1_000), content(2 * blockBytes + 7), content(blockBytes)]
    await putChunked(mountpath, bench.bucket, 'big', parts)
    const folder = `${root()}/%ch/up-big`
    const second = readdirSync(folder).find((file) => file.startsWith('2.'))
    const third = readdirSync(folder).find((file) => file.startsWith('3.'))
    const total = 1_000 + 2 * blockBytes + 7 + blockBytes
    expect(await judge(mountpath, 'big', 0, total)).toBe('sound')
    turnBit(`${folder}/${second}`, blockBytes)
    expect(await judge(mountpath, 'big', 0, 1_000 + blockBytes)).toBe('sound')
    expect(await judge(mountpath, 'big', 1_000 + blockBytes, 1)).toBe('damaged')
    expect(await judge(mountpath, 'big', 1_000 + 2 * blockBytes, blockBytes)).toBe('sound')
    turnBit(`${folder}/${third}`, 0)
    expect(await judge(mountpath, 'big', total - 1, 1)).toBe('damaged')
  })

  it.each([
    ['of one block', blockBytes, {}],
    ['of a bucket without checksums', size, { checksumType: 'none' }],
    ['that is longer than was said', size, { sizeBytes: 5 }],
  ] as const)('cannot be judged in an object %s', async (_, sizeBytes, hints) => {
    const mountpath = await bench.open()
    const bytes = content(sizeBytes)
    const draft = await mountpath.draft(bench.bucket, 'o', hints)
    await draft.write(bytes)
    await mountpath.commit(bench.bucket, 'o', draft, newObject(bytes), 'process')
    expect(await judge(mountpath, 'o', 0, 10)).toBe('unknown')
    expect(lists()).toBe(0)
  })
})

describe('block checksums', () => {
  it('follow an object through rename, new attributes and a restart', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'a', content(size))
    await mountpath.rename(bench.bucket, 'a', 'b', 'process')
    await mountpath.update(bench.bucket, 'b', { custom: [['k', 'v']] }, 'process')
    await mountpath.close()
    const again = await bench.open()
    turnBit(`${root()}/%ob/b`, 0)
    expect(await judge(again, 'b', 0, 1)).toBe('damaged')
    expect(await judge(again, 'b', blockBytes, 1)).toBe('sound')
  })

  it('are made of an append as a whole when it becomes an object', async () => {
    const mountpath = await bench.open()
    const { id } = await mountpath.appendBegin(bench.bucket, 'o')
    const bytes = content(size)
    const half = bytes.subarray(0, size >> 1)
    for (const piece of [half, bytes.subarray(half.byteLength)]) {
      const pieces = (async function* () {
        yield piece
      })()
      await mountpath.appendWrite(bench.bucket, 'o', id, pieces)
    }
    const draft = await mountpath.appendDraft(bench.bucket, 'o', id)
    let read = 0
    for await (const chunk of draft.read()) read += chunk.byteLength
    expect(read).toBe(size)
    await mountpath.commit(bench.bucket, 'o', draft, newObject(bytes), 'process')
    turnBit(`${root()}/%ob/o`, size - 1)
    expect(await judge(mountpath, 'o', 0, 3 * blockBytes)).toBe('sound')
    expect(await judge(mountpath, 'o', size - 1, 1)).toBe('damaged')
  })

  it('are made anew of adopted files, and lost for parts, which are judged as a whole', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'o', content(size))
    await putChunked(mountpath, bench.bucket, 'big', [content(2 * blockBytes), content(10)])
    await mountpath.close()
    rmSync(`${bench.path}/.ais/catalog.db`)
    bench.clock.advance(60_000)
    const again = await bench.open()
    turnBit(`${root()}/%ob/o`, blockBytes)
    expect(await judge(again, 'o', 0, blockBytes)).toBe('sound')
    expect(await judge(again, 'o', blockBytes, 1)).toBe('damaged')
    const part = readdirSync(`${root()}/%ch/up-big`).find((file) => file.startsWith('1.'))
    turnBit(`${root()}/%ch/up-big/${part}`, 0)
    expect(await judge(again, 'big', blockBytes, 1)).toBe('damaged')
    expect(await judge(again, 'big', 2 * blockBytes, 1)).toBe('sound')
  })

  it('are those of the older content again when the newer one was lost', async () => {
    const child = fileURLToPath(new URL('../../testing/overwrite-child.ts', import.meta.url))
    const killed = spawnSync(process.execPath, [child, bench.path, String(size)])
    expect(killed.signal).toBe('SIGKILL')
    expect(lists()).toBe(2)
    renameSync(`${bench.path}/older`, `${root()}/%ob/a`)
    const mountpath = await openMountpath(bench.path, mountpathOptions(bench.clock))
    try {
      const object = await mountpath.open(bucketRef('bench', 1n), 'a')
      expect(await object.verifyRange(0, size)).toBe('sound')
      turnBit(`${root()}/%ob/a`, blockBytes)
      expect(await object.verifyRange(blockBytes, 1)).toBe('damaged')
      object.close()
      expect(lists()).toBe(1)
    } finally {
      await mountpath.close()
    }
  })

  it('go with their object: overwritten, removed, aborted, destroyed', async () => {
    const mountpath = await bench.open({ limits: { intentBatch: 1, reserveBytes: 0 } })
    const { bucket } = bench
    for (const name of ['a', 'a', 'b', 'c']) await put(mountpath, bucket, name, content(size))
    await mountpath.remove(bucket, 'b', 'process')
    await mountpath.rename(bucket, 'c', 'a', 'process')
    await putChunked(mountpath, bucket, 'big', [content(size)])
    await putChunked(mountpath, bucket, 'gone', [content(size)])
    await mountpath.remove(bucket, 'gone', 'process')
    await mountpath.close()
    expect(lists()).toBe(2)
    const again = await bench.open()
    await again.destroyBucket(bucket)
    while (lists() > 0) await new Promise<void>((resolve) => bench.files.afterTurn(resolve))
  })
})
