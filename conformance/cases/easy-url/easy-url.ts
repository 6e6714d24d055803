import { contains } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/easy_url.md'

/** Short paths: `/ais/<bucket>/<object>`. */
export const easyUrlCases: readonly ConformanceCase[] = [
  {
    id: 'easy-buckets',
    features: ['F4.13'],
    kind: 'required',
    needs: ['buckets-list'],
    source,
    steps: [
      { send: 'GET /ais', expect: { status: 200, json: contains({ name: '{bucketName}' }) } },
    ],
  },
  {
    id: 'easy-list-objects',
    features: ['F4.13'],
    kind: 'required',
    needs: ['list-json'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      {
        send: 'GET /ais/{bucketName}',
        expect: { status: 200, json: { entries: [{ name: 'obj' }] } },
      },
    ],
  },
  {
    id: 'easy-put-and-get',
    features: ['F4.13'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT /ais/{bucketName}/obj', body: 'easy', expect: { status: 200 } },
      { send: 'GET /ais/{bucketName}/obj', expect: { status: 200, body: 'easy' } },
      { send: 'GET {object}', expect: { status: 200, body: 'easy' } },
    ],
  },
  {
    id: 'easy-redirects-to-the-native-path',
    features: ['F4.13'],
    kind: 'required',
    needs: ['easy-put-and-get'],
    source,
    steps: [
      {
        send: 'GET /ais/{bucketName}/obj',
        follow: false,
        expect: { status: 301, headers: { location: /\/v1\/objects\/.*\/obj\?.*pid=/ } },
      },
    ],
  },
  {
    id: 'easy-nested-name',
    features: ['F4.13'],
    kind: 'required',
    needs: ['easy-put-and-get'],
    source,
    deviation: 'the first slash inside the object name is lost: d/x/y becomes dx/y',
    steps: [
      { send: 'PUT {objects}/d/x/y', body: 'nested', expect: { status: 200 } },
      { send: 'GET /ais/{bucketName}/d/x/y', expect: { status: 200, body: 'nested' } },
    ],
  },
  {
    id: 'easy-head-and-delete',
    features: ['F4.13'],
    kind: 'required',
    needs: ['easy-put-and-get'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      { send: 'HEAD /ais/{bucketName}/obj', expect: { status: 200 } },
      { send: 'DELETE /ais/{bucketName}/obj', expect: { status: 200 } },
      { send: 'HEAD {object}', expect: { status: 404 } },
    ],
  },
  {
    id: 'easy-put-without-object',
    features: ['F4.13', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'PUT /ais/{bucketName}',
        body: 'x',
        expect: { status: 400, error: { message: /object name/ } },
      },
    ],
  },
  {
    id: 'easy-missing',
    features: ['F4.13', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      { send: 'GET /ais/{bucketName}/nosuch', expect: { status: 404, error: {} } },
      { send: 'GET /ais/{bucket2Name}', expect: { status: 404, error: {} } },
    ],
  },
]
