import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore ais/target.go: what a target does without the marker of a gateway'
const capabilities = ['direct-targets']

/** Targets that are reached without a gateway. */
export const directCases: readonly ConformanceCase[] = [
  {
    id: 'direct-get-and-head',
    features: ['F22.17'],
    kind: 'required',
    needs: ['object-get'],
    source: 'aistore 2.0.0 (Python): direct reads',
    capabilities,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'GET {object}?provider=ais',
        at: 'owner',
        follow: false,
        expect: { status: 200, body: 'hello' },
      },
      {
        send: 'HEAD {object}?provider=ais',
        at: 'owner',
        follow: false,
        expect: { status: 200, headers: { 'content-length': '5' } },
      },
      {
        send: 'GET {object}',
        at: 'owner',
        headers: { range: 'bytes=1-2' },
        expect: { status: 206, body: 'el' },
      },
    ],
  },
  {
    id: 'direct-changes-are-refused',
    features: ['F22.17'],
    kind: 'required',
    needs: ['object-get'],
    source,
    capabilities,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'PUT {object}',
        at: 'owner',
        body: 'other',
        expect: { status: 400, error: { message: /redirect/ } },
      },
      { send: 'DELETE {object}', at: 'owner', expect: { status: 400, error: {} } },
      {
        send: 'PATCH {object}',
        at: 'owner',
        json: { value: { a: '1' } },
        expect: { status: 400, error: {} },
      },
      {
        send: 'POST {object}',
        at: 'owner',
        json: { action: 'rename-obj', name: 'new' },
        expect: { status: 400, error: {} },
      },
      { send: 'GET {object}', expect: { status: 200, body: 'hello' } },
    ],
  },
  {
    id: 'direct-get-from-another-target',
    features: ['F22.17'],
    kind: 'required',
    needs: ['object-get'],
    source,
    capabilities: ['direct-targets', 'two-targets'],
    deviation: '404: a client with an older map is not told where the object is',
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'GET {object}',
        at: 'other',
        follow: false,
        expect: {
          status: 307,
          headers: { location: /\/v1\/objects\/[^?]*\/obj(\?|$)/ },
          error: {},
        },
      },
      { send: 'GET {object}', at: 'other', expect: { status: 200, body: 'hello' } },
    ],
  },
  {
    id: 'direct-missing-object',
    features: ['F22.17', 'F4.20'],
    kind: 'required',
    source,
    capabilities,
    steps: [
      {
        send: 'GET {object}',
        at: 'owner',
        expect: { status: 404, error: { tcode: 'ErrNotFound' } },
      },
    ],
  },
  {
    id: 'direct-missing-bucket',
    features: ['F22.17', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    capabilities,
    steps: [
      {
        send: 'GET {object}',
        at: 'owner',
        expect: { status: [400, 404], error: { tcode: 'ErrBckNotFound' } },
      },
    ],
  },
  {
    id: 'direct-bucket-changes-are-refused',
    features: ['F22.17'],
    kind: 'required',
    source,
    capabilities,
    steps: [
      {
        send: 'DELETE {bucket}',
        at: 'target',
        json: { action: 'destroy-bck' },
        expect: { status: [400, 403, 405] },
      },
      {
        send: 'POST {bucket2}',
        at: 'target',
        json: { action: 'create-bck' },
        expect: { status: [400, 403, 405] },
      },
      { send: 'HEAD {bucket}', expect: { status: 200 } },
      { send: 'HEAD {bucket2}', expect: { status: 404 } },
    ],
  },
]
