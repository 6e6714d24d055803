import { absent, contains, each, not, text } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (list buckets)'
const mine = { name: '{bucketName}', provider: 'ais' }

/** Listing buckets. */
export const listBucketsCases: readonly ConformanceCase[] = [
  {
    id: 'buckets-list',
    features: ['F3.02', 'F22.09'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'GET /v1/buckets?provider=ais',
        json: { action: 'list', name: '', value: null },
        expect: {
          status: 200,
          headers: { 'content-type': /^application\/json/ },
          json: contains({ ...mine, namespace: { uuid: '', name: '' } }),
        },
      },
    ],
  },
  {
    id: 'buckets-list-without-body',
    features: ['F3.02'],
    kind: 'required',
    needs: ['buckets-list'],
    source,
    steps: [
      { send: 'GET /v1/buckets', expect: { status: 200, json: contains(mine) } },
      { send: 'GET /v1/buckets/', expect: { status: 200, json: contains(mine) } },
    ],
  },
  {
    id: 'buckets-list-empty-provider-is-all',
    features: ['F3.02'],
    kind: 'required',
    needs: ['buckets-list'],
    source: 'aistore 2.0.0 (Python): list_buckets("")',
    steps: [
      {
        send: 'GET /v1/buckets?provider=',
        json: { action: 'list' },
        expect: { status: 200, json: contains(mine) },
      },
    ],
  },
  {
    id: 'buckets-list-shape',
    features: ['F3.02'],
    kind: 'required',
    needs: ['buckets-list'],
    source,
    steps: [
      {
        send: 'GET /v1/buckets?provider=ais',
        json: { action: 'list' },
        expect: {
          status: 200,
          json: each({ name: text, provider: 'ais', namespace: { uuid: text, name: text } }),
        },
      },
    ],
  },
  {
    id: 'buckets-list-by-name',
    features: ['F3.02'],
    kind: 'required',
    needs: ['buckets-list'],
    source: 'AIStore ais/prxbck.go (name of the action)',
    steps: [
      {
        send: 'GET /v1/buckets?provider=ais',
        json: { action: 'list', name: '{bucketName}' },
        expect: { status: 200, json: [mine] },
      },
    ],
  },
  {
    id: 'buckets-list-in-cluster',
    features: ['F3.02'],
    kind: 'required',
    needs: ['buckets-list'],
    source: 'AIStore api/apc/query.go (presence)',
    steps: [
      {
        send: 'GET /v1/buckets?presence=2',
        json: { action: 'list' },
        expect: { status: 200, json: contains(mine) },
      },
    ],
  },
  {
    id: 'buckets-list-after-destroy',
    features: ['F3.02'],
    kind: 'required',
    needs: ['buckets-list', 'bucket-destroy'],
    source,
    steps: [
      { send: 'DELETE {bucket}', json: { action: 'destroy-bck' }, expect: { status: 200 } },
      {
        send: 'GET /v1/buckets?provider=ais',
        json: { action: 'list' },
        expect: { status: 200, json: not(contains(mine)) },
      },
    ],
  },
  {
    id: 'buckets-list-bad-provider',
    features: ['F3.04'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/buckets?provider=nosuch',
        json: { action: 'list' },
        expect: { status: 400, error: { message: /provider/ } },
      },
    ],
  },
  {
    id: 'buckets-list-hides-system-buckets',
    features: ['F3.12'],
    kind: 'required',
    needs: ['buckets-list'],
    source: 'AIStore docs/bucket.md (system buckets)',
    steps: [
      {
        send: 'GET /v1/buckets?provider=ais',
        json: { action: 'list' },
        expect: { status: 200, json: each({ name: not(/^\.sys-/), sys: absent }) },
      },
    ],
  },
]
