import { absent, decimal } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (health)'
const uptime = { 'ais-node-uptime': decimal, 'ais-cluster-uptime': decimal }

/** Liveness, readiness, and how long a node is up. */
export const healthCases: readonly ConformanceCase[] = [
  ...(
    [
      ['alive', '/v1/health'],
      ['ready', '/v1/health?readiness=true'],
      ['ready-to-rebalance', '/v1/health?prr=true'],
      ['primary', '/v1/health?apr=true'],
    ] as const
  ).map(
    ([id, path]): ConformanceCase => ({
      id: `health-${id}`,
      features: ['F1.18'],
      kind: 'required',
      ...(id === 'primary' && { capabilities: ['primary-endpoint'] }),
      source,
      bucket: 'named',
      steps: [{ send: `GET ${path}`, expect: { status: 200, headers: uptime } }],
    }),
  ),
  {
    id: 'health-cluster-info',
    features: ['F1.18'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'GET /v1/health?cii=true',
        expect: {
          status: 200,
          headers: uptime,
          json: {
            smap: { version: decimal, Primary: { id: '{primaryId}' } },
            bmd: { version: decimal },
            rmd: { version: decimal },
            config: { version: decimal },
          },
        },
      },
    ],
  },
  {
    id: 'health-two-questions-at-once',
    features: ['F1.18'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [{ send: 'GET /v1/health?prr=true&cii=true', expect: { status: 400, error: {} } }],
  },
  {
    id: 'health-target',
    features: ['F1.18'],
    kind: 'required',
    source,
    bucket: 'named',
    capabilities: ['direct-targets'],
    steps: [
      { send: 'GET /v1/health', at: 'target', expect: { status: 200 } },
      { send: 'GET /v1/health?readiness=true', at: 'target', expect: { status: 200 } },
    ],
  },
  {
    id: 'health-needs-no-body',
    features: ['F1.18'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'GET /v1/health/',
        expect: { status: 200, headers: { 'hdr-error': absent } },
      },
    ],
  },
]
