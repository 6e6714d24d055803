import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore docs/bucket.md, ais/prxtxn.go renameBucket'

const move = (from: string, to: string): Step => ({
  send: `POST /v1/buckets/${from}?provider=ais&bck_to=ais%2F%40%23%2F${to}%2F`,
  json: { action: 'move-bck', name: '', value: null },
  // Objects of other cases' making may be on the move: 409 until they are not.
  poll: { attemptsMax: 240, everyMs: 500 },
  expect: { status: 200 },
})
const refused = (to: string, status: number): Step => ({
  send: `POST {bucket}?provider=ais&bck_to=${to}`,
  json: { action: 'move-bck', name: '', value: null },
  expect: { status, error: {} },
})

/** A bucket gets another name. */
export const renameBucketCases: readonly ConformanceCase[] = [
  {
    id: 'bucket-rename',
    features: ['F3.11'],
    kind: 'required',
    exclusive: true,
    needs: ['bucket-create', 'object-put'],
    source,
    bucket: 'created',
    steps: [
      { send: 'PUT {object}', body: 'has a new name', expect: { status: 200 } },
      move('{bucketName}', '{bucketName}-renamed'),
      {
        send: 'GET /v1/objects/{bucketName}-renamed/{objectName}?provider=ais',
        poll: { attemptsMax: 100, everyMs: 100 },
        expect: { status: 200, body: 'has a new name' },
      },
      {
        send: 'HEAD {bucket}?provider=ais',
        poll: { attemptsMax: 120, everyMs: 500 },
        expect: { status: 404 },
      },
      move('{bucketName}-renamed', '{bucketName}'),
      {
        send: 'GET {object}',
        poll: { attemptsMax: 100, everyMs: 100 },
        expect: { status: 200, body: 'has a new name' },
      },
    ],
    cleanUp: [
      {
        send: 'DELETE /v1/buckets/{bucketName}-renamed?provider=ais',
        json: { action: 'destroy-bck', name: '', value: null },
        expect: { status: [200, 404] },
      },
    ],
  },
  {
    id: 'bucket-rename-refused',
    features: ['F3.11', 'F4.20'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    bucket: 'created',
    steps: [
      refused('ais%2F%40%23%2F{bucketName}%2F', 400),
      refused('aws%2F%40%23%2F{bucketName}-x%2F', 400),
      refused('ais%2F%40%23%2F%2F', 400),
      refused('', 400),
      { send: 'HEAD {bucket}?provider=ais', expect: { status: 200 } },
    ],
  },
]
