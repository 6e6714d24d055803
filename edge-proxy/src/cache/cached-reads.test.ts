import { edgeBlockBytes } from '@aistore-ts/core/config/edge-limits.ts'
import type { Answer, Call, HeaderBlock, HeaderLine, Reply } from '@aistore-ts/core/ports/call.ts'
import { describe, expect, it } from 'vitest'
import type { BlockStore, StoredBlock } from './block-store.ts'
import type { CacheMode } from './cache-mode.ts'
import { createCachedReads } from './cached-reads.ts'
import { markedCall } from './owner-call.ts'

function blockOf(lines: readonly HeaderLine[]): HeaderBlock {
  const all = (wanted: string) => lines.filter(([name]) => name === wanted).map(([, text]) => text)
  return { get: (name) => all(name)[0], all, lines: () => lines }
}

async function* pieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 300_000) yield bytes.subarray(at, at + 300_000)
}

function bodyOf(bytes: Uint8Array) {
  return {
    lengthBytes: bytes.length,
    [Symbol.asyncIterator]: () => pieces(bytes),
    consume: () => Promise.reject(new Error('not used')),
  }
}

function callOf(headers: readonly HeaderLine[] = []): Call {
  const body = bodyOf(new Uint8Array())
  return {
    ...{ method: 'GET', target: '/v1/objects/b/o', headers: blockOf(headers), body },
    ...{ network: 'public', remoteAddress: '', remotePort: 0 },
    signal: new AbortController().signal,
  }
}

async function bytesOf(reply: Reply | undefined): Promise<Buffer> {
  const body = reply?.body
  if (body?.kind === 'bytes') return Buffer.from(body.bytes)
  const parts: Uint8Array[] = []
  if (body?.kind === 'stream') for await (const part of body.chunks) parts.push(part.slice())
  return Buffer.concat(parts)
}

/** An owner with one object, an edge's cache before it, and a store that tests spoil. */
function laboratory(mode: CacheMode = { kind: 'validate' }) {
  const lab = { bytes: Buffer.alloc(0), generation: '', nowMs: 0, asked: [] as string[] }
  const kept = new Map<string, StoredBlock>()
  const store: BlockStore = {
    find: (key) => kept.get(key),
    keep: (key, b) => void kept.set(key, b),
  }
  const reads = createCachedReads({ mode, store, clock: { monotonic: () => lab.nowMs } })

  async function ask({ method, headers }: Call): Promise<Answer> {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.get('range') ?? '') ?? []
    lab.asked.push(`${method} ${headers.get('range') ?? 'whole'}`)
    const start = Number(first ?? 0)
    const end = last === undefined ? lab.bytes.length : Number(last) + 1
    const range: HeaderLine = ['content-range', `bytes ${start}-${end - 1}/${lab.bytes.length}`]
    const lines: HeaderLine[] = [
      ['content-length', String(end - start)],
      ['ais-generation', lab.generation],
      ...(first === undefined ? [] : [range]),
    ]
    const body = bodyOf(new Uint8Array(lab.bytes.subarray(start, end)))
    const status = first === undefined ? 200 : 206
    const bytes = () => Promise.reject(new Error('not used'))
    return { status, headers: blockOf(lines), body, bytes, discard: () => undefined }
  }

  async function get(range?: string): Promise<{ readonly from: string; readonly bytes: Buffer }> {
    const call = callOf(range === undefined ? [] : [['range', range]])
    const read = { call, bucket: 'cluster/b', name: 'o', variant: '', ask }
    const found = await reads.find(read)
    const cache = found?.headers.find(([name]) => name === 'Ais-Cache')?.[1]
    if (found !== undefined) return { from: cache ?? '', bytes: await bytesOf(found) }
    const answer = await ask(markedCall(call, 'GET'))
    const { status, headers, body } = answer
    const reply = reads.noted(read, {
      ...{ status, headers: headers.lines() },
      body: { kind: 'stream', chunks: body, lengthBytes: body.lengthBytes },
    })
    return { from: 'owner', bytes: await bytesOf(reply) }
  }

  function put(fill: number, lengthBytes: number): void {
    lab.bytes = Buffer.alloc(lengthBytes, fill)
    lab.bytes.writeUInt32BE(fill)
    lab.generation = String(fill).padStart(32, '0')
  }

  return { lab, kept, get, put }
}

const long = 2 * edgeBlockBytes + 10

describe('reads that are kept', () => {
  it('cost the owner a look-up once they are, and are asked for from the block that is missing', async () => {
    const { lab, kept, get, put } = laboratory()
    put(1, long)
    for (const from of ['owner', 'miss', 'hit']) {
      const got = await get()
      expect([got.from, got.bytes.equals(lab.bytes)]).toEqual([from, true])
    }
    kept.delete([...kept.keys()].find((key) => key.endsWith('/1')) ?? '')
    lab.asked = []
    expect((await get()).bytes.equals(lab.bytes)).toBe(true)
    expect(lab.asked).toEqual(['HEAD whole', `GET bytes=${edgeBlockBytes}-${long - 1}`])
  })

  it('are not taken when what keeps them changed a byte, or the length', async () => {
    const spoil: ((block: StoredBlock) => StoredBlock)[] = [
      ({ bytes, sha256 }) => ({ bytes: bytes.map((byte, at) => (at === 77 ? 9 : byte)), sha256 }),
      ({ bytes, sha256 }) => ({ bytes: bytes.slice(1), sha256 }),
      ({ bytes }) => ({ bytes, sha256: 'x' }),
    ]
    for (const change of spoil) {
      const { lab, kept, get, put } = laboratory()
      put(2, long)
      await get()
      await get()
      for (const [key, block] of [...kept]) kept.set(key, change(block))
      const got = await get()
      expect([got.from, got.bytes.equals(lab.bytes)]).toEqual(['miss', true])
      expect((await get()).from).toBe('hit')
    }
  })

  it('never join two versions: what cannot be had any more breaks off', async () => {
    const { kept, get, put, lab } = laboratory()
    put(3, long)
    await get()
    await get()
    const before = Buffer.from(lab.bytes)
    // The owner is asked for the third block after the first two went out.
    const third = [...kept.keys()].find((key) => key.endsWith('/2')) ?? ''
    kept.delete(third)
    const find = kept.get.bind(kept)
    kept.get = (key) => {
      if (key === third) put(4, long)
      return find(key)
    }
    await expect(get()).rejects.toThrow('there no more')
    kept.get = find
    const got = await get()
    expect(got.bytes.equals(lab.bytes)).toBe(true)
    expect(got.bytes.equals(before)).toBe(false)
  })

  it('are stale no longer than they may be', async () => {
    const { lab, get, put } = laboratory({ kind: 'max-age', maxAgeMs: 5_000 })
    put(5, 1_000)
    await get()
    await get()
    lab.asked = []
    put(6, 1_000)
    lab.nowMs = 4_999
    const stale = await get()
    expect([stale.from, stale.bytes[10], lab.asked]).toEqual(['hit', 5, []])
    // Another question was not looked up yet.
    expect((await get('bytes=0-9')).bytes[9]).toBe(6)
    lab.nowMs = 5_000
    expect((await get()).bytes[10]).toBe(6)
  })

  it('are those of the size that platforms let one call look up', async () => {
    const { get, put, lab } = laboratory()
    put(7, 65 * edgeBlockBytes)
    for (let again = 0; again < 3; again++) expect((await get()).from).toBe('owner')
    expect(lab.asked).toEqual(['GET whole', 'GET whole', 'GET whole'])
    expect((await get('bytes=5-9')).from).toBe('miss')
    expect((await get('bytes=5-9')).from).toBe('hit')
  })
})
