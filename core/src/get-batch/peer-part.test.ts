import { describe, expect, it } from 'vitest'
import { bytesOf, chunksOf } from '../archive/testing/archive-bench.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Answer, NodeCall } from '../ports/call.ts'
import { type BatchPart, isFault } from './batch-part.ts'
import { parsePartRequest } from './part-wire.ts'
import { PeerPart } from './peer-part.ts'
import { sendPart } from './send-part.ts'

const bck = { name: 'b', provider: 'ais', namespace: { uuid: '', name: '' } } as const
const contents = ['small', 'x'.repeat(200_000), '', 'y'.repeat(90_000), 'last']
const entries = contents.map((_, i) => ({
  bck,
  name: `o${i}`,
  archivePath: '',
  start: 0,
  length: 0,
}))

/** What the peer would send for the entries it is asked for. */
function partFor(call: NodeCall): BatchPart {
  const { entries: asked } = parsePartRequest(new TextEncoder().encode(String(call.body)))
  const texts = asked.map(({ name }) => contents[Number(name.slice(1))] ?? '')
  let at = 0
  return {
    outlook: async () => texts.map((text) => ({ sizeBytes: text.length })),
    async next() {
      const content = new TextEncoder().encode(texts[at++])
      return { sizeBytes: content.length, content: chunksOf(content, 30_000) }
    },
    close: async () => undefined,
  }
}

async function* cut(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      yield chunk.subarray(0, left)
      throw new AisError('ErrUnreachable', 'cut')
    }
    left -= chunk.length
    yield chunk
  }
}

function answerOf(chunks: AsyncIterable<Uint8Array>): Answer {
  const body = {
    lengthBytes: undefined,
    consume: () => Promise.reject(new Error('assert: it is iterated')),
    [Symbol.asyncIterator]: () => chunks[Symbol.asyncIterator](),
  }
  const headers = { get: () => undefined, all: () => [], lines: () => [] }
  return { status: 200, headers, body, bytes: () => bytesOf(chunks), discard: () => undefined }
}

/** Reads all that a peer sends when its connections are cut after so many bytes each. */
async function readCut(cuts: readonly number[]) {
  const left = [...cuts]
  let asked = 0
  const part = new PeerPart({
    request: { entries, needsSizes: false },
    signal: new AbortController().signal,
    async ask(call) {
      asked += 1
      const { body } = sendPart(partFor(call))
      if (body?.kind !== 'stream') throw new Error('assert: it is streamed')
      const limit = left.shift()
      if (limit === -1) throw new AisError('ErrUnreachable', 'refused')
      return answerOf(limit === undefined ? body.chunks : cut(body.chunks, limit))
    },
    monotonic: () => 0,
    afterTurn: () => Promise.resolve(),
    onRetry: () => undefined,
  })
  const outlook = await part.outlook()
  const found: string[] = []
  for (const row of outlook) {
    if (isFault(row)) {
      found.push(row.code)
      continue
    }
    const delivery = await part.next()
    if (isFault(delivery)) found.push(delivery.code)
    else if (delivery.content instanceof Uint8Array)
      found.push(Buffer.from(delivery.content).toString())
    else found.push(Buffer.from(await bytesOf(delivery.content)).toString())
  }
  await part.close()
  return { found, asked }
}

describe('what a peer sends of a batch', () => {
  it('comes in order over one connection', async () => {
    expect(await readCut([])).toEqual({ found: contents, asked: 1 })
  })

  it('X07: is whole wherever the connection breaks', async () => {
    const { found } = await readCut([])
    for (let at = 60; at < 290_000; at += 9_973) {
      expect(await readCut([at]), `cut after ${at}`).toEqual({ found, asked: 2 })
    }
    expect(await readCut([100_000, 120_000, 150])).toEqual({ found, asked: 4 })
    expect(await readCut([150_000, -1])).toEqual({ found, asked: 3 })
  })

  it('X07: ends as a fault when the peer does not come back', async () => {
    await expect(readCut([1_000, -1, -1, -1])).rejects.toMatchObject({ code: 'ErrUnreachable' })
    const { found } = await readCut([-1, -1, -1])
    expect(found).toEqual(contents.map(() => 'ErrUnreachable'))
  })
})
