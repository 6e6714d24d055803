import { absent, noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md, docs/bucket.md'

/** Buckets come and go. */
export const createDestroyCases: readonly ConformanceCase[] = [
  {
    id: 'bucket-create',
    features: ['F3.01'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'POST {bucket}?provider=ais',
        json: { action: 'create-bck', name: '', value: null },
        expect: { status: 200, body: '', headers: { 'content-length': '0' } },
      },
      { send: 'HEAD {bucket}', expect: { status: 200 } },
    ],
  },
  {
    id: 'bucket-create-without-provider',
    features: ['F3.01'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      { send: 'POST {bucket}', json: { action: 'create-bck' }, expect: { status: 200 } },
      { send: 'HEAD {bucket}?provider=ais', expect: { status: 200 } },
    ],
  },
  {
    id: 'bucket-create-twice',
    features: ['F3.01', 'F4.20'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'POST {bucket}',
        json: { action: 'create-bck' },
        expect: {
          status: 409,
          error: {
            tcode: 'ErrBucketAlreadyExists',
            message: 'bucket "ais://{bucketName}" already exists',
          },
        },
      },
    ],
  },
  {
    id: 'bucket-create-with-props',
    features: ['F3.07'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    bucketProps: { checksum: { type: 'md5' }, versioning: { enabled: false } },
    steps: [
      {
        send: 'HEAD {bucket}',
        expect: {
          status: 200,
          headers: {
            'ais-bucket-props': /"checksum":\{"type":"md5".*"versioning":\{"enabled":false/,
          },
        },
      },
    ],
  },
  {
    id: 'bucket-create-refuses-bad-props',
    features: ['F3.07'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    bucket: 'named',
    steps: [
      {
        send: 'POST {bucket}',
        json: { action: 'create-bck', value: { checksum: { type: 'md6' } } },
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {bucket}', expect: { status: 404 } },
    ],
  },
  {
    id: 'bucket-create-refuses-unknown-field',
    features: ['F3.07'],
    kind: 'required',
    needs: ['bucket-create'],
    source: 'AIStore cmn/cos/io.go (strict decoding of value)',
    bucket: 'named',
    steps: [
      {
        send: 'POST {bucket}',
        json: { action: 'create-bck', value: { no_such_prop: 1 } },
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {bucket}', expect: { status: 404 } },
    ],
  },
  {
    id: 'bucket-destroy',
    features: ['F3.01'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'DELETE {bucket}',
        json: { action: 'destroy-bck' },
        expect: { status: 200, body: '' },
      },
      { send: 'HEAD {bucket}', expect: { status: 404 } },
    ],
  },
  {
    id: 'bucket-destroy-twice',
    features: ['F3.01'],
    kind: 'required',
    needs: ['bucket-destroy'],
    source,
    bucket: 'named',
    steps: [
      {
        send: 'DELETE {bucket}',
        json: { action: 'destroy-bck' },
        expect: {
          status: 404,
          error: {
            tcode: 'ErrBckNotFound',
            message: 'bucket "ais://{bucketName}" does not exist',
          },
        },
      },
    ],
  },
  {
    id: 'bucket-destroy-takes-objects',
    features: ['F3.01', 'F4.18'],
    kind: 'required',
    needs: ['bucket-destroy', 'object-put'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'old', expect: { status: 200 } },
      { send: 'DELETE {bucket}', json: { action: 'destroy-bck' }, expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 404 } },
      { send: 'POST {bucket}', json: { action: 'create-bck' }, expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 404, error: { tcode: 'ErrNotFound' } } },
      { send: 'HEAD {object}', expect: { status: 404 } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 200, json: { entries: noEntries } },
      },
      {
        send: 'PUT {object}',
        body: 'new',
        expect: { status: 200, headers: { 'ais-version': '1' } },
      },
      { send: 'GET {object}', expect: { status: 200, body: 'new' } },
    ],
  },
  {
    id: 'bucket-destroy-needs-body',
    features: ['F3.01'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      { send: 'DELETE {bucket}', expect: { status: 400, error: {} } },
      { send: 'HEAD {bucket}', expect: { status: 200 } },
    ],
  },
  {
    id: 'bucket-unknown-actions',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [
      { send: 'POST {bucket}', json: { action: 'no-such' }, expect: { status: 400, error: {} } },
      { send: 'PATCH {bucket}', json: { action: 'no-such' }, expect: { status: 400, error: {} } },
      { send: 'DELETE {bucket}', json: { action: 'no-such' }, expect: { status: 400, error: {} } },
      { send: 'GET {bucket}', json: { action: 'no-such' }, expect: { status: 400, error: {} } },
      { send: 'PUT {bucket}', json: { action: 'no-such' }, expect: { status: 400, error: {} } },
    ],
  },
  {
    id: 'bucket-evict-refused-for-ais',
    features: ['F3.01'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'DELETE {bucket}',
        json: { action: 'evict-remote-bck' },
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {bucket}', expect: { status: 200 } },
    ],
  },
  {
    id: 'bucket-action-keys-any-case',
    features: ['F3.01'],
    kind: 'required',
    source:
      'Go encoding/json: keys match without regard to case, unknown top-level keys are ignored',
    bucket: 'named',
    steps: [
      {
        send: 'POST {bucket}',
        json: { Action: 'create-bck', NAME: '', extra: true },
        expect: { status: 200, headers: { 'hdr-error': absent } },
      },
      { send: 'HEAD {bucket}', expect: { status: 200 } },
    ],
  },
]
