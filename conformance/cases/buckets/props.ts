import type { ConformanceCase } from '../../runner/model/case.ts'
import type { JsonValue } from '../../runner/model/json-value.ts'

const source = 'AIStore docs/bucket.md (properties), cmn/api.go'

/** Settings that must read back in the bucket's properties. */
const settable: readonly { id: string; value: JsonValue; shows: RegExp }[] = [
  { id: 'checksum', value: { checksum: { type: 'sha256' } }, shows: /"type":"sha256"/ },
  {
    id: 'warm-validation',
    value: { checksum: { validate_warm_get: true } },
    shows: /"validate_warm_get":true/,
  },
  {
    id: 'versioning',
    value: { versioning: { enabled: false } },
    shows: /"versioning":\{"enabled":false/,
  },
  { id: 'access', value: { access: '771' }, shows: /"access":"771"/ },
  { id: 'features', value: { features: '16' }, shows: /"features":"16"/ },
  {
    id: 'chunks',
    value: { chunks: { objsize_limit: '1GiB', chunk_size: '16MiB' } },
    shows: /"chunks":\{"objsize_limit":"1GiB","max_monolithic_size":"1TiB","chunk_size":"16MiB"/,
  },
  { id: 'custom-text', value: { extra: { custom: 'a note' } }, shows: /"custom":"a note"/ },
  {
    id: 'lru-times',
    value: { lru: { dont_evict_time: '3h' } },
    shows: /"dont_evict_time":"3h0m"/,
  },
]

/** Settings that must be refused with 400 and change nothing. */
const refused: readonly { id: string; value: JsonValue; deviation?: string }[] = [
  { id: 'checksum-type', value: { checksum: { type: 'md6' } } },
  { id: 'unknown-section', value: { no_such_section: { a: 1 } } },
  { id: 'unknown-field', value: { checksum: { no_such_field: true } } },
  { id: 'wrong-type', value: { versioning: { enabled: 'maybe' } } },
  { id: 'access-as-number', value: { access: 771 } },
  { id: 'size-text', value: { chunks: { chunk_size: 'a lot' } } },
  { id: 'chunk-size-too-small', value: { chunks: { objsize_limit: '1MiB', chunk_size: '10B' } } },
  { id: 'custom-text-too-long', value: { extra: { custom: 'x'.repeat(129) } } },
  { id: 'read-only-field', value: { bid: '1' } },
  { id: 'write-policy', value: { write_policy: { data: 'delayed' } } },
]

const headBefore = {
  send: 'HEAD {bucket}',
  expect: { status: 200 },
  save: { propsBefore: { header: 'ais-bucket-props' } },
} as const

/** Setting and resetting bucket properties. */
export const bucketPropsCases: readonly ConformanceCase[] = [
  ...settable.map(
    ({ id, value, shows }): ConformanceCase => ({
      id: `bucket-props-set-${id}`,
      features: ['F3.07'],
      kind: 'required',
      needs: ['bucket-head'],
      source,
      steps: [
        {
          send: 'PATCH {bucket}',
          json: { action: 'set-bprops', value },
          expect: { status: 200 },
        },
        {
          send: 'HEAD {bucket}',
          expect: { status: 200, headers: { 'ais-bucket-props': shows } },
        },
      ],
    }),
  ),
  ...refused.map(
    ({ id, value, deviation }): ConformanceCase => ({
      id: `bucket-props-refuse-${id}`,
      features: ['F3.07'],
      kind: 'required',
      needs: ['bucket-head'],
      source,
      ...(deviation !== undefined && { deviation }),
      steps: [
        headBefore,
        {
          send: 'PATCH {bucket}',
          json: { action: 'set-bprops', value },
          expect: { status: 400, error: {} },
        },
        {
          send: 'HEAD {bucket}',
          expect: { status: 200, headers: { 'ais-bucket-props': '{propsBefore}' } },
        },
      ],
    }),
  ),
  {
    id: 'bucket-props-refuse-all-when-one-is-bad',
    features: ['F3.07'],
    kind: 'required',
    needs: ['bucket-props-set-checksum'],
    source,
    steps: [
      headBefore,
      {
        send: 'PATCH {bucket}',
        json: {
          action: 'set-bprops',
          value: { checksum: { type: 'md5' }, extra: { custom: 'x'.repeat(200) } },
        },
        expect: { status: 400, error: {} },
      },
      {
        send: 'HEAD {bucket}',
        expect: { status: 200, headers: { 'ais-bucket-props': '{propsBefore}' } },
      },
    ],
  },
  {
    id: 'bucket-props-partial-keeps-the-rest',
    features: ['F3.07'],
    kind: 'required',
    needs: ['bucket-props-set-checksum'],
    source,
    steps: [
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: { checksum: { type: 'md5' } } },
        expect: { status: 200 },
      },
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: { checksum: { validate_warm_get: true } } },
        expect: { status: 200 },
      },
      {
        send: 'HEAD {bucket}',
        expect: {
          headers: {
            'ais-bucket-props':
              /"checksum":\{"type":"md5","validate_cold_get":false,"validate_warm_get":true/,
          },
        },
      },
    ],
  },
  {
    id: 'bucket-props-reset',
    features: ['F3.07'],
    kind: 'required',
    needs: ['bucket-props-set-checksum'],
    source,
    steps: [
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: { checksum: { type: 'md5' } } },
        expect: { status: 200 },
      },
      { send: 'PATCH {bucket}', json: { action: 'reset-bprops' }, expect: { status: 200 } },
      {
        send: 'HEAD {bucket}',
        expect: {
          status: 200,
          headers: { 'ais-bucket-props': /"checksum":\{"type":"xxhash2"/ },
        },
      },
    ],
  },
  {
    id: 'bucket-props-reset-keeps-identity',
    features: ['F3.07'],
    kind: 'required',
    needs: ['bucket-props-reset'],
    source,
    deviation: 'a reset also sets the time of creation to 0',
    steps: [
      headBefore,
      { send: 'PATCH {bucket}', json: { action: 'reset-bprops' }, expect: { status: 200 } },
      {
        send: 'HEAD {bucket}',
        expect: { status: 200, headers: { 'ais-bucket-props': '{propsBefore}' } },
      },
    ],
  },
  {
    id: 'bucket-props-missing-bucket',
    features: ['F3.07'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: { checksum: { type: 'md5' } } },
        expect: { status: 404, error: { tcode: 'ErrBckNotFound' } },
      },
    ],
  },
  {
    id: 'bucket-props-raise-bmd-version',
    features: ['F3.03'],
    kind: 'required',
    needs: ['bucket-props-set-checksum'],
    source,
    exclusive: true,
    steps: [
      {
        send: 'GET /v1/cluster?what=bmd',
        expect: { status: 200 },
        save: { bmdVersion: { json: 'version' } },
      },
      {
        send: 'PATCH {bucket}',
        json: { action: 'set-bprops', value: { checksum: { type: 'md5' } } },
        expect: { status: 200 },
      },
      {
        send: 'GET /v1/cluster?what=bmd',
        expect: {
          status: 200,
          json: { providers: { ais: { '@#': { '{bucketName}': { checksum: { type: 'md5' } } } } } },
        },
      },
    ],
  },
]
