import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/bucket.md (access attributes), api/apc/access.go'
const readOnly = { access: '771' }

/** The access mask of a bucket holds without authentication, too. */
export const bucketAccessCases: readonly ConformanceCase[] = [
  {
    id: 'bucket-access-read-only-refuses-writes',
    features: ['F3.08'],
    kind: 'required',
    needs: ['bucket-props-set-access', 'object-put'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'first', expect: { status: 200 } },
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: readOnly },
        expect: { status: 200 },
      },
      {
        send: 'PUT {object}',
        body: 'second',
        expect: { status: 403, error: { message: /access denied/ } },
      },
      { send: 'DELETE {object}', expect: { status: 403, error: { message: /access denied/ } } },
      { send: 'GET {object}', expect: { status: 200, body: 'first' } },
      { send: 'HEAD {object}', expect: { status: 200 } },
    ],
  },
  {
    id: 'bucket-access-can-be-opened-again',
    features: ['F3.08'],
    kind: 'required',
    needs: ['bucket-access-read-only-refuses-writes'],
    source,
    bucketProps: readOnly,
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 403 } },
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: { access: '18446744073709551615' } },
        expect: { status: 200 },
      },
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
    ],
  },
  {
    id: 'bucket-access-append-bit',
    features: ['F3.08'],
    kind: 'required',
    needs: ['bucket-props-set-access', 'append-flush'],
    source,
    bucketProps: readOnly,
    steps: [
      {
        send: 'PUT {object}?append_type=append&append_handle=',
        body: 'x',
        expect: { status: 403, error: {} },
      },
    ],
  },
]
