import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/bucket.md (naming), cmn/bck.go'

const good: readonly { id: string; suffix: string }[] = [
  { id: 'dots', suffix: '.a.b' },
  { id: 'underscore-and-dash', suffix: '_x-Y' },
  { id: 'upper-case', suffix: 'ABC' },
]

const bad: readonly { id: string; path: string; deviation?: string }[] = [
  { id: 'prototype', path: '__proto__', deviation: 'created like any other' },
  { id: 'two-dots', path: 'a..b' },
  { id: 'leading-dot', path: '.hidden' },
  { id: 'space', path: 'a%20b' },
  { id: 'slash', path: 'a%2Fb' },
  { id: 'colon', path: 'a:b' },
  { id: 'at', path: 'a%40b' },
  { id: 'hash', path: 'a%23b' },
  { id: 'percent', path: 'a%25b' },
  { id: 'unicode', path: 'b%C3%BCcket' },
  { id: 'nul', path: 'a%00b' },
  { id: '65-characters', path: 'x'.repeat(65) },
]

/** Which bucket names are taken and which are refused. */
export const bucketNameCases: readonly ConformanceCase[] = [
  ...good.map(
    ({ id, suffix }): ConformanceCase => ({
      id: `bucket-name-${id}`,
      features: ['F3.01'],
      kind: 'required',
      needs: ['bucket-create'],
      source,
      bucket: 'named',
      steps: [
        {
          send: `POST {bucket}${suffix}`,
          json: { action: 'create-bck' },
          expect: { status: 200 },
        },
        { send: `HEAD {bucket}${suffix}`, expect: { status: 200 } },
      ],
      cleanUp: [{ send: `DELETE {bucket}${suffix}`, json: { action: 'destroy-bck' } }],
    }),
  ),
  {
    id: 'bucket-name-64-characters',
    features: ['F3.01'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    bucket: 'named',
    steps: [
      {
        send: `POST /v1/buckets/${'y'.repeat(64)}`,
        json: { action: 'create-bck' },
        expect: { status: [200, 409] },
      },
      { send: `HEAD /v1/buckets/${'y'.repeat(64)}`, expect: { status: 200 } },
    ],
    cleanUp: [{ send: `DELETE /v1/buckets/${'y'.repeat(64)}`, json: { action: 'destroy-bck' } }],
  },
  ...bad.map(
    ({ id, path, deviation }): ConformanceCase => ({
      id: `bucket-name-refused-${id}`,
      features: ['F3.01'],
      kind: 'required',
      needs: ['bucket-create'],
      source,
      bucket: 'named',
      ...(deviation !== undefined && { deviation }),
      steps: [
        {
          send: `POST /v1/buckets/${path}`,
          json: { action: 'create-bck' },
          expect: { status: 400, error: {} },
        },
      ],
      cleanUp: [{ send: `DELETE /v1/buckets/${path}`, json: { action: 'destroy-bck' } }],
    }),
  ),
]
