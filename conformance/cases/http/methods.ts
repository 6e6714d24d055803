import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'RFC 9110 15.5.6; AIStore ais/htrun.go'

const unsupported: readonly { id: string; method: string; path: string; allows: RegExp }[] = [
  { id: 'daemon-trace', method: 'TRACE', path: '/v1/daemon', allows: /\bGET\b/ },
  { id: 'buckets-trace', method: 'TRACE', path: '{bucket}', allows: /\bGET\b.*\bPUT\b|\bDELETE\b/ },
  { id: 'cluster-patch', method: 'PATCH', path: '/v1/cluster', allows: /\bGET\b/ },
  { id: 'objects-trace', method: 'TRACE', path: '{object}', allows: /\bGET\b/ },
]

/** Methods that a path does not have. */
export const methodCases: readonly ConformanceCase[] = [
  ...unsupported.map(
    ({ id, method, path, allows }): ConformanceCase => ({
      id: `method-${id}`,
      features: ['F4.20'],
      kind: 'required',
      source,
      steps: [{ send: `${method} ${path}`, expect: { status: 405, headers: { allow: allows } } }],
    }),
  ),
  {
    id: 'method-options',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [{ send: 'OPTIONS {bucket}', expect: { status: 200, headers: { allow: /\bGET\b/ } } }],
  },
]
