import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore for TypeScript: docs/edge.md'
const large = { bytes: 2_100_000, seed: 5150 } as const
const missed = { 'ais-cache': 'miss' } as const
const hit = { 'ais-cache': 'hit' } as const

/** One exchange with the edge alone: no redirect is followed. */
function relayed(step: Step): Step {
  return { ...step, headers: { 'ais-reach': 'edge', ...step.headers }, follow: false }
}

const get = (expect: Step['expect'], headers: Step['headers'] = {}): Step =>
  relayed({ send: 'GET {object}', headers, expect: { status: 200, ...expect } })

/** What an edge keeps is used from the third read on: the first one says that there is something to keep. */
const warmUp = (body: Step['expect']): readonly Step[] => [
  get({ ...body, headers: missed }),
  get(body),
  get({ ...body, headers: hit }),
]

function cachedCase(id: string, steps: readonly Step[]): ConformanceCase {
  return {
    id: `edge-cache-${id}`,
    features: ['F22.05', 'F23.07'],
    kind: 'required',
    capabilities: ['edge-cache'],
    source,
    steps,
  }
}

/** Reads that an edge gateway keeps: never others than the owner would answer now. */
export const edgeCachedCases: readonly ConformanceCase[] = [
  cachedCase('hit', [
    { send: 'PUT {object}', body: 'kept', expect: { status: 200 } },
    ...warmUp({ body: 'kept' }),
    get({ body: 'kept', headers: { ...hit, 'content-length': '4' } }),
  ]),
  cachedCase('same-headers', [
    { send: 'PUT {object}', body: 'kept', expect: { status: 200 } },
    relayed({
      send: 'GET {object}',
      expect: { status: 200 },
      save: { sum: { header: 'ais-checksum-value' } },
    }),
    get({}),
    get({ headers: { ...hit, 'ais-checksum-value': '{sum}', 'ais-checksum-type': 'xxhash2' } }),
  ]),
  cachedCase('large', [
    { send: 'PUT {object}', body: large, expect: { status: 200 } },
    ...warmUp({ bytes: large }),
  ]),
  cachedCase('ranges', [
    { send: 'PUT {object}', body: large, expect: { status: 200 } },
    ...warmUp({ bytes: large }),
    get(
      {
        status: 206,
        bytes: { ...large, from: 1_048_570, to: 1_048_590 },
        headers: { ...hit, 'content-range': 'bytes 1048570-1048589/2100000' },
      },
      { range: 'bytes=1048570-1048589' },
    ),
    get(
      { status: 206, bytes: { ...large, from: 2_099_999, to: 2_100_000 }, headers: hit },
      { range: 'bytes=-1' },
    ),
    get(
      { status: 416, headers: { 'content-range': 'bytes */2100000' } },
      { range: 'bytes=2100000-' },
    ),
  ]),
  cachedCase('overwritten', [
    { send: 'PUT {object}', body: 'first', expect: { status: 200 } },
    ...warmUp({ body: 'first' }),
    { send: 'PUT {object}', body: 'other', expect: { status: 200 } },
    get({ body: 'other', headers: missed }),
    get({ body: 'other', headers: hit }),
  ]),
  cachedCase('deleted', [
    { send: 'PUT {object}', body: 'first', expect: { status: 200 } },
    ...warmUp({ body: 'first' }),
    { send: 'DELETE {object}', expect: { status: 200 } },
    relayed({ send: 'GET {object}', expect: { status: 404, error: {} } }),
    { send: 'PUT {object}', body: 'again', expect: { status: 200 } },
    get({ body: 'again' }),
    get({ body: 'again' }),
  ]),
  cachedCase('other-bucket', [
    { send: 'PUT {object}', body: 'first', expect: { status: 200 } },
    ...warmUp({ body: 'first' }),
    { send: 'DELETE {bucket}', json: { action: 'destroy-bck' }, expect: { status: 200 } },
    relayed({ send: 'GET {object}', expect: { status: 404, error: {} } }),
    { send: 'POST {bucket}', json: { action: 'create-bck' }, expect: { status: 200 } },
    relayed({ send: 'GET {object}', expect: { status: 404, error: {} } }),
    { send: 'PUT {object}', body: 'second', expect: { status: 200 } },
    get({ body: 'second' }),
  ]),
  cachedCase('closed-bucket', [
    { send: 'PUT {object}', body: 'first', expect: { status: 200 } },
    ...warmUp({ body: 'first' }),
    {
      send: 'PATCH {bucket}',
      json: { action: 'set-bprops', value: { access: '18446744073709551614' } },
      expect: { status: 200 },
    },
    relayed({ send: 'GET {object}', expect: { status: 403, error: {} } }),
  ]),
]
