import { noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (DELETE object)'

/** Objects go away. */
export const deleteObjectCases: readonly ConformanceCase[] = [
  {
    id: 'object-delete',
    features: ['F4.06'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      { send: 'DELETE {object}?provider=ais', expect: { status: 200, body: '' } },
      { send: 'GET {object}', expect: { status: 404, error: { tcode: 'ErrNotFound' } } },
      { send: 'HEAD {object}', expect: { status: 404 } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 200, json: { entries: noEntries } },
      },
    ],
  },
  {
    id: 'object-delete-missing',
    features: ['F4.06', 'F4.20'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'DELETE {object}',
        expect: {
          status: 404,
          error: { message: /ais:\/\/cf-[a-z0-9-]+\/obj do(es not|esn't) exist/ },
        },
      },
    ],
  },
  {
    id: 'object-delete-twice',
    features: ['F4.06'],
    kind: 'required',
    needs: ['object-delete'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      { send: 'DELETE {object}', expect: { status: 200 } },
      { send: 'DELETE {object}', expect: { status: 404 } },
    ],
  },
  {
    id: 'object-delete-then-put-starts-anew',
    features: ['F4.06', 'F8.09'],
    kind: 'required',
    needs: ['object-delete'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'one', expect: { status: 200 } },
      {
        send: 'PUT {object}',
        body: 'two',
        expect: { status: 200, headers: { 'ais-version': '2' } },
      },
      { send: 'DELETE {object}', expect: { status: 200 } },
      {
        send: 'PUT {object}',
        body: 'three',
        expect: { status: 200, headers: { 'ais-version': '1' } },
      },
    ],
  },
  {
    id: 'object-delete-leaves-others',
    features: ['F4.06'],
    kind: 'required',
    needs: ['object-delete'],
    source,
    steps: [
      { send: 'PUT {objects}/{item}', forEach: ['d/a', 'd/b'], body: 'x', expect: { status: 200 } },
      { send: 'DELETE {objects}/d/a', expect: { status: 200 } },
      { send: 'GET {objects}/d/b', expect: { status: 200, body: 'x' } },
    ],
  },
  {
    id: 'object-delete-missing-bucket',
    features: ['F4.06'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      { send: 'DELETE {object}', expect: { status: 404, error: { tcode: 'ErrBckNotFound' } } },
    ],
  },
]
