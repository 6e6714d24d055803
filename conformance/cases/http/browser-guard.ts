import type { ConformanceCase } from '../../runner/model/case.ts'

const source =
  'AIStore for TypeScript: no foreign web page may drive a store without authentication'
const capabilities = ['browser-guard']

/** What a web page could send to a store on the same machine. */
export const browserGuardCases: readonly ConformanceCase[] = [
  {
    id: 'guard-foreign-origin',
    features: ['F15.01'],
    kind: 'optional',
    source,
    capabilities,
    steps: [
      {
        send: 'DELETE {bucket}',
        headers: { origin: 'http://attacker.example' },
        json: { action: 'destroy-bck' },
        expect: { status: 403, error: {} },
      },
      { send: 'HEAD {bucket}', expect: { status: 200 } },
    ],
  },
  {
    id: 'guard-cross-site-fetch',
    features: ['F15.01'],
    kind: 'optional',
    source,
    capabilities,
    steps: [
      {
        send: 'GET /v1/cluster?what=smap',
        headers: { 'sec-fetch-site': 'cross-site' },
        expect: { status: 403, error: {} },
      },
    ],
  },
  {
    id: 'guard-foreign-host',
    features: ['F15.01'],
    kind: 'optional',
    source,
    capabilities,
    steps: [
      {
        send: 'GET /v1/cluster?what=smap',
        headers: { host: 'attacker.example' },
        expect: { status: 403, error: {} },
      },
    ],
  },
  {
    id: 'guard-lets-own-pages-in',
    features: ['F15.01'],
    kind: 'optional',
    source,
    capabilities,
    steps: [
      {
        send: 'GET /v1/cluster?what=smap',
        headers: { origin: '{endpoint}', 'sec-fetch-site': 'same-origin' },
        expect: { status: 200 },
      },
    ],
  },
]
