import { existsSync, readdirSync, rmSync } from 'node:fs'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  listNames,
  md5,
  newObject,
  put,
} from '../../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const chunkFolder = () => `${bench.path}/@ais/bench/%ch`

const begin = (mountpath: Mountpath, id: string, name = 'big') => {
  const upload = { id, name, createdNs: 1_700_000_000_000_000_001n, custom: [['k', 'v']] as const }
  return mountpath.uploadBegin(bench.bucket, upload, 'process')
}

async function part(mountpath: Mountpath, id: string, partNumber: number, text: string) {
  const draft = await mountpath.draft(bench.bucket, 'big')
  const bytes = bytesOf(text)
  await draft.write(bytes)
  const checksum = md5(bytes)
  const chunk = { partNumber, sizeBytes: bytes.length, checksum, md5: checksum.value }
  try {
    await mountpath.uploadPart(bench.bucket, id, draft, chunk, 'disk')
  } finally {
    await draft.discard()
  }
  return chunk
}

const complete = (mountpath: Mountpath, id: string, partNumbers: readonly number[]) =>
  mountpath.uploadComplete(bench.bucket, id, partNumbers, newObject(bytesOf('')), 'disk')

it('makes an object of the named parts, over restarts', async () => {
  const first = await bench.open()
  await begin(first, 'up1')
  await part(first, 'up1', 7, 'seven,')
  await part(first, 'up1', 2, 'wrong')
  await part(first, 'up1', 9, 'nine')
  const two = await part(first, 'up1', 2, 'two,')
  await first.close()

  const second = await bench.open()
  expect(second.uploadFind(bench.bucket, 'up1')).toMatchObject({
    name: 'big',
    createdNs: 1_700_000_000_000_000_001n,
    custom: [['k', 'v']],
  })
  expect(second.uploads(bench.bucket).map(({ id }) => id)).toEqual(['up1'])
  const parts = second.uploadParts(bench.bucket, 'up1')
  expect(parts.map(({ partNumber }) => partNumber)).toEqual([2, 7, 9])
  expect(parts[0]).toEqual(two)
  expect(second.load(bench.bucket, 'big')).toBeUndefined()

  const meta = await complete(second, 'up1', [2, 7])
  expect(meta.sizeBytes).toBe(10)
  expect(meta.chunks?.map(({ partNumber }) => partNumber)).toEqual([2, 7])
  expect(await getText(second, bench.bucket, 'big')).toBe('two,seven,')
  expect(second.uploadFind(bench.bucket, 'up1')).toBeUndefined()
  expect(second.uploadParts(bench.bucket, 'up1')).toEqual([])
  await second.close()

  const third = await bench.open()
  expect(await getText(third, bench.bucket, 'big')).toBe('two,seven,')
  expect(readdirSync(`${chunkFolder()}/up1`)).toHaveLength(3)
  const object = await third.open(bench.bucket, 'big')
  const body = object.body(3, 3)
  object.close()
  expect(body).toMatchObject({
    kind: 'files',
    slices: [
      { offset: 3, length: 1 },
      { offset: 0, length: 2 },
    ],
  })
})

it('refuses what was not uploaded', async () => {
  const mountpath = await bench.open()
  await begin(mountpath, 'up1')
  await part(mountpath, 'up1', 1, 'one')
  await part(mountpath, 'up1', 2, 'two')
  await expect(begin(mountpath, 'up1')).rejects.toMatchObject({ code: 'ErrAlreadyExists' })
  await expect(begin(mountpath, '../up')).rejects.toMatchObject({ code: 'ErrBadRequest' })
  await expect(part(mountpath, 'none', 1, 'x')).rejects.toMatchObject({ code: 'ErrNotFound' })
  await expect(complete(mountpath, 'none', [1])).rejects.toMatchObject({ code: 'ErrNotFound' })
  for (const wrong of [[], [3], [2, 1], [1, 1]]) {
    await expect(complete(mountpath, 'up1', wrong)).rejects.toMatchObject({
      code: 'ErrBadRequest',
    })
  }
  expect(readdirSync(`${bench.path}/@ais/bench/%wk`)).toEqual([])
})

it('is completed once, and aborted once', async () => {
  const mountpath = await bench.open()
  await begin(mountpath, 'up1')
  await part(mountpath, 'up1', 1, 'one')
  const both = await Promise.allSettled([
    complete(mountpath, 'up1', [1]),
    complete(mountpath, 'up1', [1]),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await begin(mountpath, 'up2')
  await part(mountpath, 'up2', 1, 'one')
  expect(await mountpath.uploadAbort(bench.bucket, 'up2')).toBe(true)
  expect(await mountpath.uploadAbort(bench.bucket, 'up2')).toBe(false)
  await expect(complete(mountpath, 'up2', [1])).rejects.toMatchObject({ code: 'ErrNotFound' })
})

it('survives a lost catalog, and an upload in progress does not', async () => {
  const first = await bench.open()
  await begin(first, 'up1')
  await part(first, 'up1', 1, 'one,')
  await part(first, 'up1', 2, 'two')
  const before = await complete(first, 'up1', [1, 2])
  await first.rename(bench.bucket, 'big', 'renamed', 'disk')
  await begin(first, 'up2', 'open')
  await part(first, 'up2', 1, 'lost')
  await first.close()
  rmSync(`${bench.path}/.ais/catalog.db`)
  bench.clock.advance(20_000)

  const second = await bench.open()
  expect(listNames(second, bench.bucket)).toEqual(['renamed'])
  expect(await getText(second, bench.bucket, 'renamed')).toBe('one,two')
  expect(second.load(bench.bucket, 'renamed')).toMatchObject({
    mtimeNs: before.mtimeNs,
    checksum: before.checksum,
    chunks: before.chunks,
  })
  await second.close()
  const third = await bench.open()
  expect(await getText(third, bench.bucket, 'renamed')).toBe('one,two')
  expect(readdirSync(chunkFolder())).toEqual(['up1'])
})

it('keeps parts while someone reads them, and no longer', async () => {
  const mountpath = await bench.open()
  await put(mountpath, bench.bucket, 'big', 'plain')
  await begin(mountpath, 'up1')
  await part(mountpath, 'up1', 1, 'first part,')
  await part(mountpath, 'up1', 2, 'second part')
  await complete(mountpath, 'up1', [1, 2])
  const object = await mountpath.open(bench.bucket, 'big')
  await mountpath.rename(bench.bucket, 'big', 'moved', 'process')
  expect(await getText(mountpath, bench.bucket, 'moved')).toBe('first part,second part')
  await put(mountpath, bench.bucket, 'moved', 'plain again')
  const chunks: Uint8Array[] = []
  for await (const chunk of object.read(6, 10)) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString()).toBe('part,secon')
  object.close()
  await mountpath.close()
  const again = await bench.open()
  expect(listNames(again, bench.bucket)).toEqual(['moved'])
  expect(await getText(again, bench.bucket, 'moved')).toBe('plain again')
  expect(existsSync(`${chunkFolder()}/up1`)).toBe(false)
})
