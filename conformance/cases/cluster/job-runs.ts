import { atLeast, text } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'
import type { JsonValue } from '../../runner/model/json-value.ts'

const source = 'AIStore docs/http_api.md (jobs, buckets), api/xaction.go, api/multiobj.go'

/** A job looks at every object there is, beside those of other cases. */
const patiently = { attemptsMax: 300, everyMs: 100 }

const put = (name: string, body: string): Step => ({
  send: `PUT {objects}/${name}`,
  body,
  expect: { status: 200 },
})

/** Starts a job; its ID is `{job}`. */
const start = (send: string, action: string, value: JsonValue): Step => ({
  send,
  json: { action, name: '', value },
  // Objects of other cases' making may be on the move: 409 until they are not.
  poll: patiently,
  expect: { status: 200, body: /^[A-Za-z0-9_-]{2,}\s*$/ },
  save: { job: { from: 'body' } },
})

/** The job of this kind comes to its end, as one that was stopped or not. */
const ends = (kind: string, aborted = false): Step => ({
  send: 'GET /v1/cluster?what=status',
  json: { ID: '{job}', Kind: kind },
  poll: patiently,
  expect: { status: 200, json: { uuid: '{job}', kind, aborted, end_time: atLeast(1) } },
})

/** An object comes to be, with this content. */
const comes = (send: string, body: string): Step => ({
  send,
  poll: patiently,
  expect: { status: 200, body },
})

const stop: Step = {
  send: 'PUT /v1/cluster',
  json: { action: 'stop', value: { ID: '{job}', Kind: '' } },
}

const gone = (send: string): Step => ({ send, poll: patiently, expect: { status: 404 } })

const copy = '{bucketName}-copy'
const destroyCopy: Step = { send: `DELETE /v1/buckets/${copy}`, json: { action: 'destroy-bck' } }

/** Jobs that work on objects: started, watched, and what they leave. */
export const jobRunCases: readonly ConformanceCase[] = [
  {
    id: 'job-copy-bucket',
    features: ['F12.05', 'F11.03'],
    kind: 'required',
    exclusive: true,
    needs: ['object-get'],
    source,
    steps: [
      put('a', 'content of a'),
      put('d/b', 'content of b'),
      start(`POST {bucket}?bck_to=ais%2F%40%23%2F${copy}%2F`, 'copy-bck', { prepend: 'new/' }),
      ends('copy-bck'),
      comes(`GET /v1/objects/${copy}/new/a`, 'content of a'),
      comes(`GET /v1/objects/${copy}/new/d/b`, 'content of b'),
      { send: 'GET {objects}/a', expect: { status: 200, body: 'content of a' } },
    ],
    cleanUp: [destroyCopy],
  },
  {
    id: 'job-copy-template',
    features: ['F12.06', 'F12.01'],
    kind: 'required',
    exclusive: true,
    needs: ['object-get'],
    source,
    steps: [
      ...[1, 2, 3].map((number) => put(`o${number}`, `content ${number}`)),
      { send: `POST /v1/buckets/${copy}`, json: { action: 'create-bck' }, expect: { status: 200 } },
      start('POST {bucket}', 'copy-listrange', {
        template: 'o{1..2}',
        tobck: { name: copy, provider: 'ais' },
      }),
      comes(`GET /v1/objects/${copy}/o1`, 'content 1'),
      comes(`GET /v1/objects/${copy}/o2`, 'content 2'),
      { send: `GET /v1/objects/${copy}/o3`, expect: { status: 404 } },
    ],
    cleanUp: [destroyCopy],
  },
  {
    id: 'job-delete-list',
    features: ['F12.02', 'F11.03'],
    kind: 'required',
    exclusive: true,
    needs: ['object-get'],
    source,
    steps: [
      ...['a', 'b', 'c'].map((name) => put(name, name)),
      start('DELETE {bucket}', 'delete-listrange', { objnames: ['a', 'c'] }),
      ends('delete-listrange'),
      gone('GET {objects}/a'),
      gone('GET {objects}/c'),
      { send: 'GET {objects}/b', expect: { status: 200, body: 'b' } },
    ],
  },
  {
    id: 'job-archive',
    features: ['F12.07'],
    kind: 'required',
    exclusive: true,
    needs: ['archive-append-read-tar'],
    source,
    steps: [
      ...['a', 'b', 'c'].map((name) => put(name, `content of ${name}`)),
      start('PUT {bucket}', 'archive', {
        objnames: ['c', 'a'],
        archname: 's.tar',
        tobck: { name: '{bucketName}', provider: 'ais' },
      }),
      comes('GET {objects}/s.tar?archpath=c', 'content of c'),
      comes('GET {objects}/s.tar?archpath=a', 'content of a'),
      { send: 'GET {objects}/s.tar?archpath=b', expect: { status: 404 } },
      { send: 'GET {objects}/a', expect: { status: 200, body: 'content of a' } },
    ],
  },
  {
    id: 'job-archive-refused',
    features: ['F12.07', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'PUT {bucket}',
        json: { action: 'archive', value: { objnames: ['a'], archname: 's.rar' } },
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'job-index-shard',
    features: ['F12.11'],
    kind: 'required',
    exclusive: true,
    needs: ['archive-append-read-tar'],
    source: 'AIStore docs/shard_index.md',
    steps: [
      ...(['one', 'two'] as const).map(
        (name, at): Step => ({
          send: 'PUT {objects}/s.tar',
          query: { archpath: name },
          headers: { 'ais-pine': at === 0 ? '2' : '1' },
          body: `content of ${name}`,
          expect: { status: 200 },
        }),
      ),
      start('POST {bucket}', 'index-shard', {}),
      ends('index-shard'),
      comes('GET {objects}/s.tar?archpath=two', 'content of two'),
      comes('GET {objects}/s.tar?archpath=one', 'content of one'),
      { send: 'GET {objects}/s.tar?archpath=none', expect: { status: 404 } },
    ],
  },
  {
    id: 'job-stop',
    features: ['F11.02', 'F12.01'],
    kind: 'required',
    exclusive: true,
    source,
    steps: [
      start('DELETE {bucket}', 'delete-listrange', { template: 'nobody-{0..299999}' }),
      { ...stop, expect: { status: 200 } },
      ends('delete-listrange', true),
    ],
    cleanUp: [stop],
  },
  {
    id: 'job-snapshots',
    features: ['F11.02', 'F22.09'],
    kind: 'required',
    exclusive: true,
    needs: ['job-delete-list'],
    source,
    steps: [
      put('a', 'a'),
      start('DELETE {bucket}', 'delete-listrange', { objnames: ['a'] }),
      ends('delete-listrange'),
      {
        send: 'GET /v1/cluster?what=qryxstats',
        json: { ID: '{job}', Kind: 'delete-listrange' },
        expect: { status: 200, body: /"kind":"delete-listrange"[\s\S]*"loc-objs":"1"/ },
      },
    ],
  },
  {
    id: 'bucket-summary',
    features: ['F3.13'],
    kind: 'required',
    exclusive: true,
    needs: ['object-put'],
    source: 'AIStore docs/http_api.md (bucket summary), api/bucket.go',
    steps: [
      put('a', '12345'),
      put('b', '123'),
      {
        send: 'GET {bucket}',
        json: {
          action: 'summary-bck',
          value: { uuid: '', prefix: '', cached: true, present: true },
        },
        expect: { status: 202, body: /^[A-Za-z0-9_-]+\s*$/ },
        save: { job: { from: 'body' } },
      },
      {
        send: 'GET {bucket}',
        json: {
          action: 'summary-bck',
          value: { uuid: '{job}', prefix: '', cached: true, present: true },
        },
        poll: patiently,
        expect: {
          status: 200,
          json: [{ name: '{bucketName}', provider: text, ObjCount: { obj_count_present: '2' } }],
        },
      },
    ],
  },
]
