import { each, oneOf, text } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (jobs), xact/api.go'

/** Questions about jobs that clients ask, with the JSON body on GET. */
export const jobQueryCases: readonly ConformanceCase[] = [
  {
    id: 'jobs-running-all',
    features: ['F11.01', 'F22.09'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=running_all',
        json: { kind: '', node: '', show_active: true },
        expect: { status: 200, json: each(/^[a-z-]+\[.+\]$/) },
      },
    ],
  },
  {
    id: 'jobs-status-all',
    features: ['F11.01', 'F22.09'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=status_all',
        json: { kind: '', node: '', show_active: false },
        expect: {
          status: 200,
          json: oneOf(null, each({ uuid: text, kind: text, aborted: oneOf(true, false) })),
        },
      },
    ],
  },
  {
    id: 'jobs-status-unknown',
    features: ['F11.01', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=status',
        json: { ID: 'Abcdefghi', Kind: '', DaemonID: '', Bck: null, Buckets: null },
        expect: { status: 404, error: {} },
      },
    ],
  },
  {
    id: 'jobs-status-of-nothing',
    features: ['F11.01', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=status',
        json: { ID: '', Kind: '' },
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'jobs-stats-unknown',
    features: ['F11.01', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=qryxstats',
        json: { ID: 'Abcdefghi', Kind: '' },
        expect: { status: 404, error: {} },
      },
    ],
  },
  {
    id: 'jobs-stop-nothing',
    features: ['F11.01'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'PUT /v1/cluster',
        json: { action: 'stop', value: { ID: 'Abcdefghi', Kind: '' } },
        expect: { status: 200 },
      },
    ],
  },
  {
    id: 'jobs-start-unknown-kind',
    features: ['F11.01', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'PUT /v1/cluster',
        json: { action: 'start', value: { ID: '', Kind: 'nosuch' } },
        expect: { status: [400, 404], error: {} },
      },
    ],
  },
]
