import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Bench,
  bucketRef,
  bytesOf,
  createBench,
  getText,
  listNames,
  mountpathOptions,
  newObject,
  put,
} from '../../testing/mountpath-bench.ts'
import { openMountpath } from '../open-mountpath.ts'

let bench: Bench
let copies: string

beforeEach(() => {
  bench = createBench()
  copies = mkdtempSync(join(tmpdir(), 'copies-'))
})

afterEach(async () => {
  await bench.end()
  rmSync(copies, { recursive: true, force: true })
})

const named = (ref: BucketRef, name: string): BucketRef => bucketRef(name, ref.bid)
const a = bucketRef('a', 101n)
const b = bucketRef('b', 102n)

async function twoBuckets(mountpath: Mountpath): Promise<void> {
  for (const ref of [a, b]) {
    await mountpath.createBucket(ref)
    await put(mountpath, ref, 'x/y', `of ${ref.bid}`, 'disk')
    await put(mountpath, ref, 'z', `z of ${ref.bid}`, 'process')
  }
}

describe('a bucket that is renamed', () => {
  it('keeps its objects, and what is under way in it', async () => {
    const mountpath = await bench.open()
    await twoBuckets(mountpath)
    const open = await mountpath.open(a, 'z')
    const draft = await mountpath.draft(a, 'late')
    await draft.write(bytesOf('la'))
    const to = named(a, 'other')
    await mountpath.renameBucket(to)
    await draft.write(bytesOf('te'))
    await mountpath.commit(to, 'late', draft, newObject(bytesOf('late')), 'disk')
    expect(mountpath.buckets()).toContainEqual(to)
    expect(listNames(mountpath, to)).toEqual(['late', 'x/y', 'z'])
    for await (const chunk of open.read()) expect(new TextDecoder().decode(chunk)).toBe('z of 101')
    open.close()
    expect(existsSync(`${bench.path}/@ais/a`)).toBe(false)
    expect(existsSync(`${bench.path}/@ais/other/%ob/late`)).toBe(true)
    await mountpath.renameBucket(to)
    await mountpath.close()
    const again = await bench.open()
    expect(await getText(again, to, 'late')).toBe('late')
    expect(await getText(again, to, 'x/y')).toBe('of 101')
    expect(again.load(to, 'z')?.sizeBytes).toBe(8)
  })

  it('swaps names with another, and a crash between any two steps loses neither', async () => {
    const steps: string[] = []
    const first = await bench.open()
    await twoBuckets(first)
    // A copy has other inodes, which are compared for names with an open intent.
    await first.close()
    const mountpath = await bench.open({
      crashPoint: (step) => {
        if (!step.startsWith('bucket-')) return
        cpSync(bench.path, join(copies, String(steps.length)), { recursive: true })
        steps.push(step)
      },
    })
    const swapped = [named(a, 'b'), named(b, 'a')]
    for (const ref of swapped) await mountpath.renameBucket(ref)
    // A takes the place of B, which waits aside; then B takes that of A.
    expect(steps).toEqual([
      'bucket-renamed',
      'bucket-moved',
      'bucket-moved',
      'bucket-renamed',
      'bucket-moved',
    ])
    for (const index of steps.keys()) {
      const path = join(copies, String(index))
      const recovered = await openMountpath(path, mountpathOptions(bench.clock))
      // As the target does, which follows the bucket map.
      for (const ref of swapped) await recovered.renameBucket(ref)
      for (const ref of swapped) {
        expect(await getText(recovered, ref, 'x/y')).toBe(`of ${ref.bid}`)
        expect(await getText(recovered, ref, 'z')).toBe(`z of ${ref.bid}`)
        expect(existsSync(`${path}/@ais/${ref.bck.name}/%ob/z`)).toBe(true)
      }
      await recovered.close()
    }
  })

  it('is refused when it is not here', async () => {
    const mountpath = await bench.open()
    await expect(mountpath.renameBucket(a)).rejects.toMatchObject({ code: 'ErrBckNotFound' })
  })
})
