import { edgeMapAgeMaxMs, edgeMapRefreshMs } from '@aistore-ts/core/config/edge-limits.ts'
import { type EdgeMap, edgeMapText, type SignedText } from '@aistore-ts/core/edge/edge-map.ts'
import type { Answer } from '@aistore-ts/core/ports/call.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { edgeSettings } from './edge-settings.ts'
import { createMapSource, type MapSource } from './map-source.ts'

const key = Buffer.alloc(32, 1).toString('base64')
const settings = edgeSettings({
  AIS_EDGE_ID: 'edge1',
  AIS_EDGE_KEY: key,
  AIS_EDGE_ROOT: key,
  AIS_EDGE_ORIGINS: 'http://127.0.0.1:1',
})

const clock = { ms: 0, now: () => 5_000_000 + clock.ms, monotonic: () => clock.ms }
/** What the gateway answers; `undefined`: nothing. */
let given: SignedText | undefined
let asked: string[]
let maps: MapSource

function document(changes: Partial<EdgeMap> = {}): SignedText {
  const issuedAtMs = 1_000_000 + clock.ms
  const text = edgeMapText({
    clusterUuid: 'cluster',
    edgeId: 'edge1',
    access: 'rw',
    smapVersion: 7,
    bmdVersion: 7,
    issuedAtMs,
    notAfterMs: issuedAtMs + edgeMapAgeMaxMs,
    targets: [],
    gateways: ['http://127.0.0.1:2'],
    buckets: new Map(),
    ...changes,
  })
  return { text, signature: Buffer.from(`signed ${text}`).toString('base64') }
}

function answer(document: SignedText): Answer {
  const bytes = new TextEncoder().encode(JSON.stringify(document))
  const headers = { get: () => undefined, all: () => [], lines: () => [] }
  const body = {
    lengthBytes: bytes.length,
    consume: async () => undefined,
    async *[Symbol.asyncIterator]() {},
  }
  return { status: 200, headers, body, bytes: async () => bytes, discard() {} }
}

beforeEach(() => {
  clock.ms = 0
  asked = []
  given = document()
  maps = createMapSource({
    settings,
    clock,
    keys: {
      isVouched: async ({ text, signature }) =>
        signature === Buffer.from(`signed ${text}`).toString('base64'),
    },
    async call(origin) {
      asked.push(origin)
      if (given === undefined) throw new Error('nobody there')
      return answer(given)
    },
  })
})

/** The next pull is due. */
function later(ms = edgeMapRefreshMs + 1) {
  clock.ms += ms
}

describe('the map of an edge gateway', () => {
  it('is asked for again when it is some seconds old, of other gateways too', async () => {
    expect((await maps.current()).smapVersion).toBe(7)
    await maps.current()
    expect(asked).toHaveLength(1)
    later()
    given = document({ smapVersion: 8 })
    expect((await maps.current()).smapVersion).toBe(8)
    later()
    given = undefined
    expect((await maps.current()).smapVersion).toBe(8)
    expect(asked.slice(2)).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2'])
  })

  it('is good until its bound while nobody answers, by a clock that never jumps', async () => {
    await maps.current()
    given = undefined
    clock.ms = edgeMapAgeMaxMs
    expect((await maps.current()).smapVersion).toBe(7)
    clock.ms += 1
    await expect((async () => maps.current())()).rejects.toThrow(/too old \(nobody there\)/)
  })

  it.each([
    ['altered', () => ({ ...document({ smapVersion: 9 }), signature: document().signature })],
    ['older by the Smap', () => document({ smapVersion: 6 })],
    ['older by the BMD', () => document({ bmdVersion: 6 })],
    ['issued before', () => document({ issuedAtMs: 999_999 })],
    ["another cluster's", () => document({ clusterUuid: 'other', smapVersion: 9 })],
    ["another edge's", () => document({ edgeId: 'edge2', smapVersion: 9 })],
    ['no map', () => ({ text: '{}', signature: Buffer.from('signed {}').toString('base64') })],
  ])('takes the place of none that is %s', async (_why, make) => {
    await maps.current()
    later()
    given = make()
    expect((await maps.current()).smapVersion).toBe(7)
    later(edgeMapAgeMaxMs)
    await expect((async () => maps.current())()).rejects.toThrow(/too old/)
  })

  it('that was kept somewhere does not turn time back', async () => {
    await maps.current()
    const kept = given
    later(20_000)
    given = kept
    await maps.current()
    expect(maps.nowMs()).toBe(1_020_000)
  })
})
