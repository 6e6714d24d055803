import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore for TypeScript: docs/edge.md'
const toEdge = { 'ais-reach': 'edge' } as const
/** More than a gateway takes into memory at once. */
const large = { bytes: 300_000, seed: 4711 } as const

/** One exchange with the edge alone: no redirect is followed. */
function relayed(step: Step): Step {
  return { ...step, headers: { ...toEdge, ...step.headers }, follow: false }
}

function relayCase(id: string, steps: readonly Step[]): ConformanceCase {
  return {
    id: `edge-${id}`,
    features: ['F22.05'],
    kind: 'required',
    capabilities: ['edge'],
    source,
    steps,
  }
}

/** Objects by way of an edge gateway, for clients that can reach nobody else. */
export const edgeRelayCases: readonly ConformanceCase[] = [
  relayCase('relays-small', [
    relayed({ send: 'PUT {object}', body: 'small', expect: { status: 200 } }),
    relayed({
      send: 'GET {object}',
      expect: { status: 200, body: 'small', headers: { 'content-length': '5' } },
    }),
    relayed({
      send: 'HEAD {object}',
      expect: { status: 200, headers: { 'content-length': '5' } },
    }),
    relayed({ send: 'DELETE {object}', expect: { status: 200 } }),
    relayed({ send: 'GET {object}', expect: { status: 404, error: {} } }),
  ]),
  relayCase('relays-large', [
    relayed({ send: 'PUT {object}', body: large, expect: { status: 200 } }),
    relayed({
      send: 'GET {object}',
      expect: { status: 200, bytes: large, headers: { 'content-length': '300000' } },
    }),
    { send: 'GET {object}', expect: { status: 200, bytes: large } },
  ]),
  relayCase('relays-chunked', [
    relayed({ send: 'PUT {object}', body: large, chunked: true, expect: { status: 200 } }),
    relayed({ send: 'GET {object}', expect: { status: 200, bytes: large } }),
  ]),
  relayCase('relays-empty', [
    relayed({ send: 'PUT {object}', body: '', expect: { status: 200 } }),
    relayed({ send: 'GET {object}', expect: { status: 200, body: '' } }),
  ]),
  relayCase('relays-ranges', [
    relayed({ send: 'PUT {object}', body: large, expect: { status: 200 } }),
    relayed({
      send: 'GET {object}',
      headers: { range: 'bytes=100-131171' },
      expect: { status: 206, bytes: { ...large, from: 100, to: 131_172 } },
    }),
    relayed({
      send: 'GET {object}',
      headers: { range: 'bytes=300000-' },
      expect: { status: 416, headers: { 'content-range': 'bytes */300000' } },
    }),
  ]),
  relayCase('relays-what-a-gateway-decides', [
    relayed({ send: 'PUT {object}', body: large, expect: { status: 200 } }),
    relayed({
      send: 'GET {object}?archpath=none',
      expect: { status: [400, 404, 422], error: {} },
    }),
    relayed({ send: 'GET {object}?what=none', expect: { status: 200, bytes: large } }),
    relayed({
      send: 'HEAD {object}?props=name,size',
      expect: { status: 200 },
    }),
    relayed({
      send: 'PUT {object}?what=none',
      body: { ...large, seed: 4712 },
      expect: { status: 200 },
    }),
    relayed({ send: 'GET {object}', expect: { status: 200, bytes: { ...large, seed: 4712 } } }),
  ]),
  relayCase('never-stale', [
    ...Array.from({ length: 10 }, (_unused, round) => [
      relayed({ send: 'PUT {object}', body: `round ${round}`, expect: { status: 200 } }),
      relayed({ send: 'GET {object}', expect: { status: 200, body: `round ${round}` } }),
      relayed({ send: 'GET {object}', expect: { status: 200, body: `round ${round}` } }),
    ]).flat(),
    { send: 'PUT {object}', body: 'behind its back', expect: { status: 200 } },
    relayed({ send: 'GET {object}', expect: { status: 200, body: 'behind its back' } }),
    { send: 'DELETE {object}', expect: { status: 200 } },
    relayed({ send: 'GET {object}', expect: { status: 404, error: {} } }),
    { send: 'PUT {object}', body: 'a version 1 again', expect: { status: 200 } },
    relayed({ send: 'GET {object}', expect: { status: 200, body: 'a version 1 again' } }),
  ]),
  relayCase('refuses-unknown-reach', [
    {
      send: 'GET {object}',
      headers: { 'ais-reach': 'moon' },
      follow: false,
      expect: { status: 400, error: { message: /ais-reach/ } },
    },
  ]),
]
