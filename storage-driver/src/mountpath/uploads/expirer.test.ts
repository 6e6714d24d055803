import { readdirSync } from 'node:fs'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  newObject,
  putPart,
} from '../../testing/mountpath-bench.ts'
import { blockBytes } from '../objects/block-sums.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const hourMs = 3_600_000

const folder = (name: string) => readdirSync(`${bench.path}/@ais/bench/${name}`)

/**
 * A mountpath that looks for abandoned work once an hour, and how to make it look now. It dies at the steps `dieAt`, as
 * far as these go: nothing that comes after them is done.
 */
async function openWatched(dieAt: readonly string[] = []) {
  let rounds = 0
  const mountpath = await bench.open({
    limits: { reserveBytes: 0, expiryCheckMs: hourMs, scrubBytesPerSecond: 0 },
    crashPoint: (step) => {
      if (dieAt.includes(step)) {
        rounds++
        throw new Error('dead')
      }
      if (step === 'expired') rounds++
    },
  })
  return {
    mountpath,
    /** Hours go by, each with its look. */
    wait: async (hours: number) => {
      for (let hour = 0; hour < hours; hour++) {
        const before = rounds
        bench.clock.advance(hourMs)
        while (rounds === before) await turn()
      }
    },
  }
}

const turn = () => new Promise<void>((resolve) => bench.files.afterTurn(resolve))

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield bytesOf(text)
}

async function begin(mountpath: Mountpath, id: string) {
  const createdNs = bench.clock.nowNs()
  await mountpath.uploadBegin(bench.bucket, { id, name: 'o', createdNs, custom: [] }, 'process')
}

describe('an upload', () => {
  it('goes with its parts when nothing came for a day, and not before', async () => {
    const { mountpath, wait } = await openWatched()
    const { bucket } = bench
    await begin(mountpath, 'empty')
    await begin(mountpath, 'begun')
    await putPart(mountpath, bucket, 'begun', 1, new Uint8Array(2 * blockBytes))
    await wait(23)
    expect(mountpath.uploads(bucket).map(({ id }) => id)).toEqual(['begun', 'empty'])
    expect(folder('%ch')).toEqual(['begun'])
    await wait(2)
    expect(mountpath.uploads(bucket)).toEqual([])
    expect(mountpath.uploadParts(bucket, 'begun')).toEqual([])
    while (folder('%ch').length > 0) await turn()
  })

  it('does not go while a part is on its way, however long that takes', async () => {
    const { mountpath, wait } = await openWatched()
    const { bucket } = bench
    await begin(mountpath, 'up')
    const draft = await mountpath.draft(bucket, 'o', { sizeBytes: 7, upload: 'up' })
    await draft.write(bytesOf('con'))
    await wait(60)
    await draft.write(bytesOf('tent'))
    const { checksum } = newObject(bytesOf('content'))
    const chunk = { partNumber: 1, sizeBytes: 7, checksum, md5: '' }
    await mountpath.uploadPart(bucket, 'up', draft, chunk, 'process')
    await mountpath.uploadComplete(bucket, 'up', [1], newObject(bytesOf('content')), 'process')
    await wait(60)
    expect(await getText(mountpath, bucket, 'o')).toBe('content')
  })

  it('goes after a part that was given up', async () => {
    const { mountpath, wait } = await openWatched()
    await begin(mountpath, 'up')
    const draft = await mountpath.draft(bench.bucket, 'o', { upload: 'up' })
    await draft.write(bytesOf('con'))
    await draft.discard()
    await wait(25)
    expect(mountpath.uploads(bench.bucket)).toEqual([])
  })
})

describe('an append', () => {
  it('goes with its file when nobody went on with it for a day, and not before', async () => {
    const { mountpath, wait } = await openWatched()
    const { bucket } = bench
    const { id } = await mountpath.appendBegin(bucket, 'o')
    await mountpath.appendWrite(bucket, 'o', id, once('one,'))
    await wait(23)
    await mountpath.appendWrite(bucket, 'o', id, once('two'))
    await wait(23)
    expect(folder('%wk')).toHaveLength(1)
    await wait(2)
    expect(folder('%wk')).toEqual([])
    await expect(mountpath.appendWrite(bucket, 'o', id, once('x'))).rejects.toMatchObject({
      code: 'ErrNotFound',
    })
  })

  it('does not go before the time that the cluster grants', async () => {
    let hours = 40
    const mountpath = await bench.open({
      limits: { reserveBytes: 0, expiryCheckMs: hourMs, scrubBytesPerSecond: 0 },
      settings: { cleanupGraceMs: () => hours * hourMs },
      crashPoint: (step) => {
        if (step === 'expired') looked.resolve()
      },
    })
    let looked = Promise.withResolvers<void>()
    const { id } = await mountpath.appendBegin(bench.bucket, 'o')
    const pass = async (passing: number) => {
      looked = Promise.withResolvers<void>()
      bench.clock.advance(passing * hourMs)
      await looked.promise
      return folder('%wk').length
    }
    expect(await pass(30)).toBe(1)
    hours = 1
    expect(await pass(1)).toBe(0)
    await expect(mountpath.appendDraft(bench.bucket, 'o', id)).rejects.toThrow(id)
  })

  it('is the object that was made of it in time', async () => {
    const { mountpath, wait } = await openWatched()
    const { bucket } = bench
    const { id } = await mountpath.appendBegin(bucket, 'o')
    await mountpath.appendWrite(bucket, 'o', id, once('content'))
    await wait(20)
    const draft = await mountpath.appendDraft(bucket, 'o', id)
    await wait(5)
    await mountpath.commit(bucket, 'o', draft, newObject(bytesOf('content')), 'process')
    await wait(30)
    expect(await getText(mountpath, bucket, 'o')).toBe('content')
  })
})

it.each(['append-expired', 'upload-dropped'])(
  'leaves nothing after a death at %s',
  async (step) => {
    const { mountpath, wait } = await openWatched([step])
    const { bucket } = bench
    if (step === 'append-expired') await mountpath.appendBegin(bucket, 'o')
    else {
      await begin(mountpath, 'up')
      await putPart(mountpath, bucket, 'up', 1, bytesOf('content'))
    }
    await wait(25)
    expect([...folder('%wk'), ...folder('%ch')]).toHaveLength(1)
    expect(mountpath.uploads(bucket)).toEqual([])
    await mountpath.close()
    await bench.open()
    expect([...folder('%wk'), ...folder('%ch')]).toEqual([])
  },
)
