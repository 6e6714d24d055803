import { appendFileSync, readdirSync, truncateSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  newObject,
  put,
} from '../../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytesOf(text)
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield bytesOf('half of it')
  throw new Error('the client went away')
}

const workFiles = () => readdirSync(`${bench.path}/@ais/bench/%wk`)

it('collects content unseen, survives restarts, and becomes the object', async () => {
  const first = await bench.open()
  const begun = await first.appendBegin(bench.bucket, 'log')
  expect(begun.sizeBytes).toBe(0)
  expect(await first.appendWrite(bench.bucket, 'log', begun.id, chunks('one ', 'two '))).toEqual({
    id: begun.id,
    sizeBytes: 8,
  })
  expect(first.load(bench.bucket, 'log')).toBeUndefined()
  await first.close()

  const second = await bench.open()
  await second.appendWrite(bench.bucket, 'log', begun.id, chunks('three'))
  const draft = await second.appendDraft(bench.bucket, 'log', begun.id)
  const read: Uint8Array[] = []
  for await (const chunk of draft.read()) read.push(chunk)
  expect(Buffer.concat(read).toString()).toBe('one two three')
  const object = newObject(bytesOf('one two three'))
  await second.commit(bench.bucket, 'log', draft, object, 'disk')
  expect(await getText(second, bench.bucket, 'log')).toBe('one two three')
  expect(workFiles()).toEqual([])
  await expect(second.appendDraft(bench.bucket, 'log', begun.id)).rejects.toMatchObject({
    code: 'ErrNotFound',
  })
})

it('can start with the content of an object', async () => {
  const mountpath = await bench.open()
  await put(mountpath, bench.bucket, 'log', 'old, ')
  const from = await mountpath.open(bench.bucket, 'log')
  const { id, sizeBytes } = await mountpath.appendBegin(bench.bucket, 'log', from)
  from.close()
  expect(sizeBytes).toBe(5)
  await mountpath.appendWrite(bench.bucket, 'log', id, chunks('new'))
  expect(await getText(mountpath, bench.bucket, 'log')).toBe('old, ')
  const draft = await mountpath.appendDraft(bench.bucket, 'log', id)
  await mountpath.commit(bench.bucket, 'log', draft, newObject(bytesOf('old, new')), 'process')
  expect(await getText(mountpath, bench.bucket, 'log')).toBe('old, new')
})

it('takes all of a body or nothing of it', async () => {
  const mountpath = await bench.open()
  const { id } = await mountpath.appendBegin(bench.bucket, 'log')
  await mountpath.appendWrite(bench.bucket, 'log', id, chunks('one'))
  await expect(mountpath.appendWrite(bench.bucket, 'log', id, broken())).rejects.toThrow()
  const after = await mountpath.appendWrite(bench.bucket, 'log', id, chunks('two'))
  expect(after.sizeBytes).toBe(6)
})

it('forgets bytes that were never acknowledged, and appends that lost some', async () => {
  const first = await bench.open()
  const longer = await first.appendBegin(bench.bucket, 'longer')
  await first.appendWrite(bench.bucket, 'longer', longer.id, chunks('acknowledged'))
  const shorter = await first.appendBegin(bench.bucket, 'shorter')
  await first.appendWrite(bench.bucket, 'shorter', shorter.id, chunks('acknowledged'))
  await first.close()
  const [long, short] = workFiles().sort()
  appendFileSync(`${bench.path}/@ais/bench/%wk/${long}`, ' and not')
  truncateSync(`${bench.path}/@ais/bench/%wk/${short}`, 3)

  const second = await bench.open()
  const draft = await second.appendDraft(bench.bucket, 'longer', longer.id)
  expect(draft.sizeBytes).toBe(12)
  await expect(second.appendDraft(bench.bucket, 'shorter', shorter.id)).rejects.toMatchObject({
    code: 'ErrNotFound',
  })
  await draft.discard()
  expect(workFiles()).toEqual([])
})

it('knows its handles by name', async () => {
  const mountpath = await bench.open()
  const { id } = await mountpath.appendBegin(bench.bucket, 'log')
  for (const [name, handle] of [
    ['other', id],
    ['log', 'unknown'],
  ] as const) {
    await expect(
      mountpath.appendWrite(bench.bucket, name, handle, chunks('x')),
    ).rejects.toMatchObject({ code: 'ErrNotFound' })
  }
})
