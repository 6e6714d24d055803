import { noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const rename = 'AIStore docs/http_api.md (rename object)'
const copy = 'AIStore 3.30 release notes (single-object copy), api/object.go'

/** Renaming and copying single objects. */
export const renameCopyCases: readonly ConformanceCase[] = [
  {
    id: 'object-rename',
    features: ['F4.07'],
    kind: 'required',
    needs: ['object-get'],
    source: rename,
    steps: [
      {
        send: 'PUT {objects}/old',
        body: 'content',
        expect: { status: 200 },
        save: { checksum: { header: 'ais-checksum-value' } },
      },
      {
        send: 'POST {objects}/old',
        json: { action: 'rename-obj', name: 'dir/new' },
        expect: { status: 200, body: '' },
      },
      {
        send: 'GET {objects}/dir/new',
        expect: { status: 200, body: 'content', headers: { 'ais-checksum-value': '{checksum}' } },
      },
      { send: 'GET {objects}/old', expect: { status: 404 } },
    ],
  },
  {
    id: 'object-rename-many-places',
    features: ['F4.07'],
    kind: 'required',
    needs: ['object-rename'],
    source: rename,
    steps: [
      ...Array.from({ length: 8 }, (_unused, index) => [
        { send: `PUT {objects}/from-${index}`, body: `body ${index}`, expect: { status: 200 } },
        {
          send: `POST {objects}/from-${index}`,
          json: { action: 'rename-obj', name: `to-${index}` },
          expect: { status: 200 },
        },
        { send: `GET {objects}/to-${index}`, expect: { status: 200, body: `body ${index}` } },
      ]).flat(),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { prefix: 'from-' } },
        expect: { status: 200, json: { entries: noEntries } },
      },
    ],
  },
  {
    id: 'object-rename-missing',
    features: ['F4.07'],
    kind: 'required',
    needs: ['bucket-create'],
    source: rename,
    steps: [
      {
        send: 'POST {object}',
        json: { action: 'rename-obj', name: 'new' },
        expect: { status: 404, error: {} },
      },
      { send: 'HEAD {objects}/new', expect: { status: 404 } },
    ],
  },
  {
    id: 'object-rename-bad-names',
    features: ['F4.07', 'F4.16'],
    kind: 'required',
    needs: ['object-rename'],
    source: rename,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      ...['', '../escape', 'a/../../b', '~/x', 'dir/'].map((name) => ({
        send: 'POST {object}',
        json: { action: 'rename-obj', name },
        expect: { status: 400, error: {} },
      })),
      { send: 'GET {object}', expect: { status: 200, body: 'x' } },
    ],
  },
  {
    id: 'object-copy-same-bucket',
    features: ['F4.11'],
    kind: 'required',
    needs: ['object-get'],
    source: copy,
    steps: [
      { send: 'PUT {object}', body: 'content', expect: { status: 200 } },
      {
        send: 'PUT {object}',
        query: { object_to: 'ais/@#/{bucketName}/copy' },
        expect: { status: 200, body: '' },
      },
      { send: 'GET {objects}/copy', expect: { status: 200, body: 'content' } },
      { send: 'GET {object}', expect: { status: 200, body: 'content' } },
    ],
  },
  {
    id: 'object-copy-other-bucket',
    features: ['F4.11'],
    kind: 'required',
    needs: ['object-copy-same-bucket'],
    source: copy,
    steps: [
      { send: 'POST {bucket2}', json: { action: 'create-bck' }, expect: { status: 200 } },
      { send: 'PUT {object}', body: { bytes: 70_000, seed: 2 }, expect: { status: 200 } },
      {
        send: 'PUT {object}',
        query: {
          object_to: 'ais/@#/{bucket2Name}/dir/copy',
          'latest-ver': 'false',
          synchronize: 'false',
        },
        expect: { status: 200 },
      },
      {
        send: 'GET {objects2}/dir/copy',
        expect: { status: 200, bytes: { bytes: 70_000, seed: 2 } },
      },
    ],
  },
  {
    id: 'object-copy-missing-source',
    features: ['F4.11'],
    kind: 'required',
    needs: ['bucket-create'],
    source: copy,
    steps: [
      {
        send: 'PUT {object}',
        query: { object_to: 'ais/@#/{bucketName}/copy' },
        expect: { status: 404, error: {} },
      },
      { send: 'HEAD {objects}/copy', expect: { status: 404 } },
    ],
  },
  {
    id: 'object-copy-missing-destination-bucket',
    features: ['F4.11'],
    kind: 'required',
    needs: ['object-copy-same-bucket'],
    source: copy,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      {
        send: 'PUT {object}',
        query: { object_to: 'ais/@#/{bucket2Name}/copy' },
        expect: { status: 404, error: { tcode: 'ErrBckNotFound' } },
      },
    ],
  },
  {
    id: 'object-copy-bad-destination',
    features: ['F4.11', 'F4.16'],
    kind: 'required',
    needs: ['object-copy-same-bucket'],
    source: copy,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      ...['nonsense', 'ais/@#/{bucketName}/'].map((to) => ({
        send: 'PUT {object}',
        query: { object_to: to },
        expect: { status: 400, error: {} },
      })),
    ],
  },
  {
    id: 'object-copy-cannot-escape',
    features: ['F4.11', 'F4.16'],
    kind: 'required',
    needs: ['object-copy-same-bucket'],
    source: 'AIStore for TypeScript: a destination is a name like any other',
    deviation: 'the name of the destination is not checked: ../ leaves the bucket on disk',
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      ...['a/../b', '../{bucket2Name}', '~/x', 'dir/'].map((name) => ({
        send: 'PUT {object}',
        query: { object_to: `ais/@#/{bucketName}/${name}` },
        expect: { status: 400, error: {} },
      })),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name' } },
        expect: { status: 200, json: { entries: [{ name: 'obj' }] } },
      },
    ],
  },
  {
    id: 'object-check-lock',
    features: ['F4.12'],
    kind: 'required',
    needs: ['object-put'],
    source: 'AIStore 3.29 release notes (check-lock)',
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      { send: 'POST {object}', json: { action: 'check-lock' }, expect: { status: 200 } },
    ],
  },
  {
    id: 'object-unknown-action',
    features: ['F4.20'],
    kind: 'required',
    needs: ['object-put'],
    source: 'AIStore docs/http_api.md',
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      { send: 'POST {object}', json: { action: 'no-such' }, expect: { status: 400, error: {} } },
      { send: 'POST {object}', expect: { status: 400, error: {} } },
    ],
  },
]
