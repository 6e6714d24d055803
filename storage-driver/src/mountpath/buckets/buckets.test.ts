import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import type { BucketRef } from '@aistore-ts/core/ports/mountpath.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type Bench,
  bucketRef,
  bytesOf,
  createBench,
  getText,
  listNames,
  newObject,
  put,
} from '../../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

it('lie in folders that tell provider, namespace and name', async () => {
  const mountpath = await bench.open()
  const bck = (provider: 'ais' | 'aws', uuid: string, ns: string, bid: bigint): BucketRef => ({
    bck: { name: 'b', provider, namespace: { uuid, name: ns } },
    bid,
  })
  const refs = [
    [bck('aws', '', '', 11n), '@aws/b'],
    [bck('ais', 'remote', '', 12n), '@ais/@remote/b'],
    [bck('ais', '', 'team', 13n), '@ais/#team/b'],
    [bck('ais', 'remote', 'team', 14n), '@ais/@remote#team/b'],
  ] as const
  for (const [ref, folder] of refs) {
    await mountpath.createBucket(ref)
    await mountpath.createBucket(ref)
    await put(mountpath, ref, 'x', folder)
    expect(existsSync(`${bench.path}/${folder}/%ob/x`)).toBe(true)
  }
  const known = mountpath.buckets()
  expect(known).toHaveLength(5)
  await mountpath.close()
  bench.files.unlinkSync(`${bench.path}/.ais/catalog.db`)
  bench.clock.advance(20_000)
  const again = await bench.open()
  expect(new Set(again.buckets())).toEqual(new Set(known))
  for (const [ref, folder] of refs) expect(await getText(again, ref, 'x')).toBe(folder)
})

it('are empty at once when destroyed, and their rows and files go', async () => {
  const first = await bench.open({ limits: { purgeRows: 2, reserveBytes: 0 } })
  for (const name of ['a', 'b', 'c', 'd', 'e']) await put(first, bench.bucket, name, name)
  const open = await first.open(bench.bucket, 'a')
  const draft = await first.draft(bench.bucket, 'late')
  await draft.write(bytesOf('late'))
  await first.destroyBucket(bench.bucket)
  expect(first.buckets()).toEqual([])
  expect(first.load(bench.bucket, 'a')).toBeUndefined()
  expect(listNames(first, bench.bucket)).toEqual([])
  expect(existsSync(`${bench.path}/@ais/bench`)).toBe(false)
  const commit = first.commit(bench.bucket, 'late', draft, newObject(bytesOf('late')), 'process')
  await expect(commit).rejects.toMatchObject({ code: 'ErrBckNotFound' })
  await draft.discard()
  const chunks: Uint8Array[] = []
  for await (const chunk of open.read()) chunks.push(chunk)
  open.close()
  expect(Buffer.concat(chunks).toString()).toBe('a')

  const again = bucketRef('bench', 77n)
  await first.createBucket(again)
  expect(listNames(first, again)).toEqual([])
  await put(first, again, 'a', 'new')
  await first.close()
  const second = await bench.open()
  expect(await getText(second, bucketRef('bench', 77n), 'a').catch(() => 'gone')).toBe('gone')
})

it('take over a folder without an ID, and put one of another ID away', async () => {
  mkdirSync(`${bench.path}/@ais/found/%ob`, { recursive: true })
  writeFileSync(`${bench.path}/@ais/found/%ob/x`, 'was there')
  const mountpath = await bench.open()
  const first = bucketRef('found', 5n)
  await mountpath.createBucket(first)
  bench.clock.advance(20_000)
  expect(await mountpath.rescan()).toBe(1)
  expect(await getText(mountpath, first, 'x')).toBe('was there')

  const second = bucketRef('found', 6n)
  await mountpath.createBucket(second)
  expect(listNames(mountpath, first)).toEqual([])
  expect(listNames(mountpath, second)).toEqual([])
  expect(readdirSync(`${bench.path}/@ais/found/%ob`)).toEqual([])
})

it.each(['', '.', '..', 'a/b', '@x', '#x', 'x\0', 'x'.repeat(300)])(
  'are refused names that no folder can have: %j',
  async (name) => {
    const mountpath = await bench.open()
    await expect(mountpath.createBucket(bucketRef(name, 9n))).rejects.toMatchObject({
      code: 'ErrBadRequest',
    })
  },
)
