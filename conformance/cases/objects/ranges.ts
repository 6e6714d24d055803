import { absent } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'RFC 9110 14.2; AIStore cmn/cos/range.go'
const content = '0123456789'

const served: readonly { id: string; range: string; body: string; shown: string }[] = [
  { id: 'middle', range: 'bytes=2-4', body: '234', shown: 'bytes 2-4/10' },
  { id: 'first-byte', range: 'bytes=0-0', body: '0', shown: 'bytes 0-0/10' },
  { id: 'last-byte', range: 'bytes=9-9', body: '9', shown: 'bytes 9-9/10' },
  { id: 'whole', range: 'bytes=0-9', body: content, shown: 'bytes 0-9/10' },
  { id: 'open-end', range: 'bytes=7-', body: '789', shown: 'bytes 7-9/10' },
  { id: 'from-zero', range: 'bytes=0-', body: content, shown: 'bytes 0-9/10' },
  { id: 'end-clamped', range: 'bytes=8-100', body: '89', shown: 'bytes 8-9/10' },
  { id: 'suffix', range: 'bytes=-3', body: '789', shown: 'bytes 7-9/10' },
  { id: 'suffix-clamped', range: 'bytes=-100', body: content, shown: 'bytes 0-9/10' },
]

const unsatisfiable: readonly { id: string; range: string }[] = [
  { id: 'start-at-size', range: 'bytes=10-' },
  { id: 'start-beyond', range: 'bytes=20-30' },
]

const malformed: readonly { id: string; range: string }[] = [
  { id: 'backwards', range: 'bytes=5-2' },
  { id: 'letters', range: 'bytes=a-b' },
  { id: 'no-dash', range: 'bytes=5' },
  { id: 'only-dash', range: 'bytes=-' },
  { id: 'other-unit', range: 'lines=1-2' },
  { id: 'several', range: 'bytes=0-1,4-5' },
  { id: 'negative-suffix', range: 'bytes=--1' },
  { id: 'hexadecimal', range: 'bytes=0x1-2' },
]

const put = { send: 'PUT {object}', body: content, expect: { status: 200 } } as const

/** GET of a part of an object. */
export const rangeCases: readonly ConformanceCase[] = [
  ...served.map(
    ({ id, range, body, shown }): ConformanceCase => ({
      id: `object-range-${id}`,
      features: ['F4.03'],
      kind: 'required',
      needs: ['object-get'],
      source,
      steps: [
        put,
        {
          send: 'GET {object}',
          headers: { range },
          expect: {
            status: 206,
            body,
            headers: {
              'content-range': shown,
              'content-length': String(body.length),
              'accept-ranges': 'bytes',
            },
          },
        },
      ],
    }),
  ),
  ...unsatisfiable.map(
    ({ id, range }): ConformanceCase => ({
      id: `object-range-${id}`,
      features: ['F4.03'],
      kind: 'required',
      needs: ['object-get'],
      source,
      steps: [
        put,
        {
          send: 'GET {object}',
          headers: { range },
          expect: {
            status: 416,
            headers: { 'content-range': 'bytes */10' },
            error: { tcode: 'ErrRangeNotSatisfiable' },
          },
        },
      ],
    }),
  ),
  ...malformed.map(
    ({ id, range }): ConformanceCase => ({
      id: `object-range-malformed-${id}`,
      features: ['F4.03'],
      kind: 'required',
      needs: ['object-get'],
      source: 'AIStore cmn/cos/range.go: a malformed Range is 416, not ignored',
      steps: [
        put,
        { send: 'GET {object}', headers: { range }, expect: { status: 416, error: {} } },
      ],
    }),
  ),
  {
    id: 'object-range-checksum-of-whole',
    features: ['F4.03', 'F8.01'],
    kind: 'required',
    needs: ['object-range-middle'],
    source: 'AIStore docs/checksum.md (enable_read_range)',
    steps: [
      {
        send: 'PUT {object}',
        body: content,
        expect: { status: 200 },
        save: { whole: { header: 'ais-checksum-value' } },
      },
      {
        send: 'GET {object}',
        headers: { range: 'bytes=2-4' },
        expect: { status: 206, headers: { 'ais-checksum-value': '{whole}' } },
      },
    ],
  },
  {
    id: 'object-range-checksum-of-range',
    features: ['F4.03', 'F8.02'],
    kind: 'required',
    needs: ['object-range-middle'],
    source: 'AIStore docs/checksum.md (enable_read_range)',
    bucketProps: { checksum: { type: 'md5', enable_read_range: true } },
    steps: [
      put,
      {
        send: 'GET {object}',
        headers: { range: 'bytes=2-4' },
        expect: {
          status: 206,
          headers: {
            'ais-checksum-type': 'md5',
            'ais-checksum-value': '289dff07669d7a23de0ef88d2f7129e7',
          },
        },
      },
    ],
  },
  {
    id: 'object-range-end-beyond-64-bits',
    features: ['F4.03'],
    kind: 'required',
    needs: ['object-range-end-clamped'],
    source: 'RFC 9110 14.1.2 clamps any end; the original refuses what fits no 64-bit integer',
    steps: [
      put,
      {
        send: 'GET {object}',
        headers: { range: 'bytes=0-99999999999999999999' },
        expect: { status: [206, 416] },
      },
    ],
  },
  {
    id: 'object-range-of-empty-object',
    features: ['F4.03'],
    kind: 'required',
    needs: ['object-put-empty'],
    source,
    steps: [
      { send: 'PUT {object}', body: '', expect: { status: 200 } },
      { send: 'GET {object}', headers: { range: 'bytes=0-0' }, expect: { status: 416 } },
    ],
  },
  {
    id: 'object-range-zero-suffix',
    features: ['F4.03'],
    kind: 'required',
    needs: ['object-range-suffix'],
    source: 'RFC 9110 14.1.2',
    deviation: 'bytes=-0 is answered 206 with an impossible Content-Range: bytes 10-9/10',
    steps: [put, { send: 'GET {object}', headers: { range: 'bytes=-0' }, expect: { status: 416 } }],
  },
  {
    id: 'object-range-missing-object',
    features: ['F4.03'],
    kind: 'required',
    needs: ['object-get-missing'],
    source,
    steps: [{ send: 'GET {object}', headers: { range: 'bytes=0-1' }, expect: { status: 404 } }],
  },
  {
    id: 'object-range-resume',
    features: ['F4.03'],
    kind: 'required',
    needs: ['object-range-open-end', 'object-put-large'],
    source: 'aistore 2.0.0 (Python): resume by Range: bytes=n-',
    steps: [
      { send: 'PUT {object}', body: { bytes: 300_000, seed: 9 }, expect: { status: 200 } },
      {
        send: 'GET {object}',
        headers: { range: 'bytes=123457-' },
        expect: {
          status: 206,
          bytes: { bytes: 300_000, seed: 9, from: 123_457 },
          headers: {
            'content-range': 'bytes 123457-299999/300000',
            'content-length': String(300_000 - 123_457),
          },
        },
      },
    ],
  },
  {
    id: 'object-range-pieces-make-the-whole',
    features: ['F4.03', 'F5.10'],
    kind: 'required',
    needs: ['object-range-middle'],
    source: 'aistore 2.0.0 (Python): parallel download, exact lengths',
    steps: [
      { send: 'PUT {object}', body: { bytes: 200_000, seed: 4 }, expect: { status: 200 } },
      ...[0, 1, 2, 3].map((piece) => ({
        send: 'GET {object}',
        headers: { range: `bytes=${piece * 50_000}-${piece * 50_000 + 49_999}` },
        expect: {
          status: 206,
          bytes: { bytes: 200_000, seed: 4, from: piece * 50_000, to: (piece + 1) * 50_000 },
        },
      })),
    ],
  },
  {
    id: 'object-range-not-asked',
    features: ['F4.03'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      put,
      { send: 'GET {object}', expect: { status: 200, headers: { 'content-range': absent } } },
    ],
  },
]
