import { digest, digestTypes } from '../../runner/codec/digest.ts'
import { absent, noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/checksum.md, cmn/cos/cksum.go'
const content = 'The quick brown fox jumps over the lazy dog'
const wrong = (value: string): string => (value.startsWith('0') ? '1' : '0') + value.slice(1)

const perType = digestTypes.flatMap((type): ConformanceCase[] => {
  const value = digest(type, content)
  const shown = { 'ais-checksum-type': type, 'ais-checksum-value': value }
  const bucketProps = { checksum: { type } }
  return [
    {
      id: `checksum-${type}`,
      features: ['F8.01', 'F22.10'],
      kind: 'required',
      needs: ['bucket-create-with-props', 'object-get'],
      source,
      bucketProps,
      steps: [
        { send: 'PUT {object}', body: content, expect: { status: 200, headers: shown } },
        { send: 'GET {object}', expect: { status: 200, body: content, headers: shown } },
        { send: 'HEAD {object}', expect: { status: 200, headers: shown } },
      ],
    },
    {
      id: `checksum-${type}-given-and-right`,
      features: ['F4.10', 'F8.01'],
      kind: 'required',
      needs: [`checksum-${type}`],
      source,
      bucketProps,
      steps: [
        { send: 'PUT {object}', headers: shown, body: content, expect: { status: 200 } },
        { send: 'GET {object}', expect: { status: 200, body: content, headers: shown } },
      ],
    },
    {
      id: `checksum-${type}-given-and-wrong`,
      features: ['F4.10'],
      kind: 'required',
      needs: [`checksum-${type}`],
      source,
      bucketProps,
      steps: [
        {
          send: 'PUT {object}',
          headers: { 'ais-checksum-type': type, 'ais-checksum-value': wrong(value) },
          body: content,
          expect: { status: 500, error: { tcode: 'ErrBadCksum', message: /^BAD DATA CHECKSUM/ } },
        },
        { send: 'HEAD {object}', expect: { status: 404 } },
        {
          send: 'GET {bucket}',
          json: { action: 'list', value: {} },
          expect: { status: 200, json: { entries: noEntries } },
        },
      ],
    },
  ]
})

/** Checksums: computed, shown, verified. */
export const checksumCases: readonly ConformanceCase[] = [
  ...perType,
  {
    id: 'checksum-none',
    features: ['F8.01'],
    kind: 'required',
    needs: ['bucket-create-with-props', 'object-get'],
    source,
    bucketProps: { checksum: { type: 'none' } },
    steps: [
      { send: 'PUT {object}', body: content, expect: { status: 200 } },
      {
        send: 'GET {object}',
        expect: {
          status: 200,
          body: content,
          headers: { 'ais-checksum-type': absent, 'ais-checksum-value': absent },
        },
      },
    ],
  },
  {
    id: 'checksum-wrong-keeps-the-old-object',
    features: ['F4.10'],
    kind: 'required',
    needs: ['checksum-xxhash2-given-and-wrong'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'old', expect: { status: 200 } },
      {
        send: 'PUT {object}',
        headers: { 'ais-checksum-type': 'xxhash2', 'ais-checksum-value': '0123456789abcdef' },
        body: 'new',
        expect: { status: 500, error: { tcode: 'ErrBadCksum' } },
      },
      {
        send: 'GET {object}',
        expect: { status: 200, body: 'old', headers: { 'ais-version': '1' } },
      },
    ],
  },
  {
    id: 'checksum-same-content-is-not-rewritten',
    features: ['F4.10'],
    kind: 'required',
    needs: ['checksum-xxhash2-given-and-right'],
    source,
    steps: [
      {
        send: 'PUT {object}',
        body: content,
        expect: { status: 200, headers: { 'ais-version': '1' } },
      },
      {
        send: 'PUT {object}',
        headers: {
          'ais-checksum-type': 'xxhash2',
          'ais-checksum-value': digest('xxhash2', content),
        },
        body: content,
        expect: { status: 200, headers: { 'ais-version': absent } },
      },
      { send: 'HEAD {object}', expect: { status: 200, headers: { 'ais-version': '1' } } },
    ],
  },
  {
    id: 'checksum-same-as-stored-is-still-checked',
    features: ['F4.10'],
    kind: 'required',
    needs: ['checksum-same-content-is-not-rewritten'],
    source: 'AIStore for TypeScript: what is acknowledged was looked at',
    deviation: 'when the checksum equals the stored one, the body is dropped unread',
    steps: [
      { send: 'PUT {object}', body: content, expect: { status: 200 } },
      {
        send: 'PUT {object}',
        headers: {
          'ais-checksum-type': 'xxhash2',
          'ais-checksum-value': digest('xxhash2', content),
        },
        body: 'something else',
        expect: { status: 500, error: { tcode: 'ErrBadCksum' } },
      },
      { send: 'GET {object}', expect: { status: 200, body: content } },
    ],
  },
  {
    id: 'checksum-type-can-change',
    features: ['F8.01'],
    kind: 'required',
    needs: ['bucket-props-set-checksum', 'checksum-md5'],
    source,
    steps: [
      { send: 'PUT {objects}/old', body: content, expect: { status: 200 } },
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: { checksum: { type: 'md5' } } },
        expect: { status: 200 },
      },
      { send: 'PUT {objects}/new', body: content, expect: { status: 200 } },
      {
        send: 'HEAD {objects}/new',
        expect: { status: 200, headers: { 'ais-checksum-type': 'md5' } },
      },
      { send: 'GET {objects}/old', expect: { status: 200, body: content } },
    ],
  },
  {
    id: 'checksum-of-empty-object',
    features: ['F8.01'],
    kind: 'required',
    needs: ['checksum-xxhash2'],
    source,
    steps: [
      {
        send: 'PUT {object}',
        body: '',
        expect: { status: 200, headers: { 'ais-checksum-value': 'ef46db3751d8e999' } },
      },
    ],
  },
  {
    id: 'checksum-warm-validation-serves-good-objects',
    features: ['F8.02'],
    kind: 'required',
    needs: ['bucket-props-set-warm-validation', 'object-get'],
    source,
    bucketProps: { checksum: { validate_warm_get: true } },
    steps: [
      { send: 'PUT {object}', body: { bytes: 100_000, seed: 8 }, expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 200, bytes: { bytes: 100_000, seed: 8 } } },
    ],
  },
]
