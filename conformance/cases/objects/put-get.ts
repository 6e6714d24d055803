import { absent } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (objects)'
const large = { bytes: 5 * 1024 * 1024 + 17, seed: 7 }

/** PUT and GET of whole objects. */
export const putGetCases: readonly ConformanceCase[] = [
  {
    id: 'object-put',
    features: ['F4.01'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'PUT {object}?provider=ais',
        body: 'hello',
        expect: {
          status: 200,
          body: '',
          headers: {
            'ais-checksum-type': 'xxhash2',
            'ais-checksum-value': '26c7827d889f6da3',
            'ais-version': '1',
            'ais-atime': /^\d{19}$/,
            'content-length': '0',
          },
        },
      },
    ],
  },
  {
    id: 'object-get',
    features: ['F4.02'],
    kind: 'required',
    needs: ['object-put'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'GET {object}?provider=ais',
        expect: {
          status: 200,
          body: 'hello',
          headers: {
            'content-type': 'application/octet-stream',
            'content-length': '5',
            'ais-checksum-type': 'xxhash2',
            'ais-checksum-value': '26c7827d889f6da3',
            'ais-version': '1',
            'ais-atime': /^\d{19}$/,
            'content-range': absent,
            'content-encoding': absent,
          },
        },
      },
    ],
  },
  {
    id: 'object-get-missing',
    features: ['F4.02', 'F4.20'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'GET {object}',
        expect: {
          status: 404,
          error: { tcode: 'ErrNotFound', message: /ais:\/\/cf-[a-z0-9-]+\/obj does not exist$/ },
        },
      },
    ],
  },
  {
    id: 'object-get-missing-bucket',
    features: ['F4.02', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'GET {object}',
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
    id: 'object-put-missing-bucket',
    features: ['F4.01', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'PUT {object}',
        body: 'x',
        expect: { status: 404, error: { tcode: 'ErrBckNotFound' } },
      },
      { send: 'HEAD {bucket}', expect: { status: 404 } },
    ],
  },
  {
    id: 'object-put-empty',
    features: ['F4.01'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {object}', body: '', expect: { status: 200 } },
      {
        send: 'GET {object}',
        expect: { status: 200, body: '', headers: { 'content-length': '0' } },
      },
    ],
  },
  {
    id: 'object-put-without-body-header',
    features: ['F4.01'],
    kind: 'required',
    needs: ['object-put-empty'],
    source,
    steps: [
      { send: 'PUT {object}', expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 200, body: '' } },
    ],
  },
  {
    id: 'object-put-large',
    features: ['F4.01', 'F4.02'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {object}', body: large, expect: { status: 200 } },
      {
        send: 'GET {object}',
        expect: { status: 200, bytes: large, headers: { 'content-length': String(large.bytes) } },
      },
    ],
  },
  {
    id: 'object-put-overwrite',
    features: ['F4.01'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'a longer first content', expect: { status: 200 } },
      {
        send: 'PUT {object}',
        body: 'short',
        expect: { status: 200, headers: { 'ais-version': '2' } },
      },
      {
        send: 'GET {object}',
        expect: { status: 200, body: 'short', headers: { 'ais-version': '2' } },
      },
      { send: 'PUT {object}', body: '', expect: { status: 200, headers: { 'ais-version': '3' } } },
      { send: 'GET {object}', expect: { status: 200, body: '' } },
    ],
  },
  {
    id: 'object-put-every-byte',
    features: ['F4.01'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {object}', body: { bytes: 1000, seed: 3 }, expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 200, bytes: { bytes: 1000, seed: 3 } } },
    ],
  },
  ...[1, 4095, 4096, 65_535, 65_536, 65_537, 1_048_576].map(
    (bytes): ConformanceCase => ({
      id: `object-size-${bytes}`,
      features: ['F4.01', 'F4.02'],
      kind: 'required',
      needs: ['object-get'],
      source,
      steps: [
        { send: 'PUT {object}', body: { bytes, seed: 11 }, expect: { status: 200 } },
        { send: 'GET {object}', expect: { status: 200, bytes: { bytes, seed: 11 } } },
        {
          send: 'HEAD {object}',
          expect: { status: 200, headers: { 'content-length': String(bytes) } },
        },
      ],
    }),
  ),
  {
    id: 'object-put-chunked',
    features: ['F4.01'],
    kind: 'required',
    needs: ['object-get'],
    source: 'RFC 9112 7.1',
    steps: [
      {
        send: 'PUT {object}',
        body: { bytes: 30_000, seed: 5 },
        chunked: true,
        expect: { status: 200 },
      },
      { send: 'GET {object}', expect: { status: 200, bytes: { bytes: 30_000, seed: 5 } } },
    ],
  },
  {
    id: 'object-put-chunked-empty',
    features: ['F4.01'],
    kind: 'required',
    needs: ['object-put-chunked'],
    source: 'RFC 9112 7.1',
    steps: [
      { send: 'PUT {object}', body: '', chunked: true, expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 200, body: '' } },
    ],
  },
  {
    id: 'object-put-json-content-type',
    features: ['F4.01'],
    kind: 'required',
    needs: ['object-get'],
    source: 'aistore 2.0.0 (Python) sends Content-Type: application/json with every PUT',
    steps: [
      {
        send: 'PUT {object}',
        headers: { 'content-type': 'application/json' },
        body: 'not JSON at all ]',
        expect: { status: 200 },
      },
      { send: 'GET {object}', expect: { status: 200, body: 'not JSON at all ]' } },
    ],
  },
  {
    id: 'object-first-of-repeated-query',
    features: ['F4.02'],
    kind: 'required',
    needs: ['object-get'],
    source: 'aistore 2.0.0 (Python) repeats query keys over HTTPS; the first value counts',
    deviation: 'on the data path the last value counts, elsewhere the first',
    steps: [
      { send: 'PUT {object}?provider=ais&provider=ais', body: 'x', expect: { status: 200 } },
      { send: 'GET {object}?provider=ais&provider=nosuch', expect: { status: 200, body: 'x' } },
    ],
  },
  {
    id: 'object-get-ignores-unknown-query',
    features: ['F4.02'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {object}?nosuch=1', body: 'x', expect: { status: 200 } },
      { send: 'GET {object}?nosuch=1', expect: { status: 200, body: 'x' } },
    ],
  },
  {
    id: 'object-never-compressed',
    features: ['F4.02'],
    kind: 'required',
    needs: ['object-get'],
    source: 'aistore 2.0.0 (Python) sends Accept-Encoding: gzip, deflate and counts bytes',
    steps: [
      { send: 'PUT {object}', body: 'a'.repeat(10_000), expect: { status: 200 } },
      {
        send: 'GET {object}',
        headers: { 'accept-encoding': 'gzip, deflate' },
        expect: {
          status: 200,
          body: 'a'.repeat(10_000),
          headers: { 'content-encoding': absent, 'content-length': '10000' },
        },
      },
    ],
  },
  {
    id: 'object-read-after-write',
    features: ['F1.12'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: Array.from({ length: 10 }, (_unused, round) => [
      { send: 'PUT {object}', body: `round ${round}`, expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 200, body: `round ${round}` } },
    ]).flat(),
  },
  {
    id: 'object-beside-another',
    features: ['F4.02'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      {
        send: 'PUT {objects}/{item}',
        forEach: ['a', 'b', 'ab', 'A', 'a.', 'a-b'],
        body: 'I am {item}',
        expect: { status: 200 },
      },
      {
        send: 'GET {objects}/{item}',
        forEach: ['a', 'b', 'ab', 'A', 'a.', 'a-b'],
        expect: { status: 200, body: 'I am {item}' },
      },
    ],
  },
]
