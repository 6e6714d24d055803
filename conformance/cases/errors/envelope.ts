import { absent } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore cmn/err.go (ErrHTTP)'

/** How an error looks. */
export const envelopeCases: readonly ConformanceCase[] = [
  {
    id: 'error-envelope-fields',
    features: ['F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'DELETE {bucket}',
        json: { action: 'destroy-bck' },
        expect: {
          status: 404,
          headers: {
            'content-type': /^application\/json/,
            'x-content-type-options': 'nosniff',
          },
          body: /\}\n$/,
          json: {
            tcode: 'ErrBckNotFound',
            message: 'bucket "ais://{bucketName}" does not exist',
            method: 'DELETE',
            url_path: '{bucket}',
            remote_addr: /^127\.0\.0\.1:\d+$|^\[?::1\]?:\d+$|:\d+$/,
            caller: '',
            node: /^p\[.+\]$/,
            status: 404,
          },
        },
      },
    ],
  },
  {
    id: 'error-envelope-from-target',
    features: ['F4.20'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'GET {object}',
        expect: {
          status: 404,
          json: {
            tcode: 'ErrNotFound',
            message: /^t\[.+\]: ais:\/\/.+\/obj does not exist$/,
            node: /^t\[.+\]$/,
            url_path: '{object}',
          },
        },
      },
    ],
  },
  {
    id: 'error-plain-has-no-type',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=nosuch',
        expect: { status: 400, error: { tcode: absent } },
      },
    ],
  },
  {
    id: 'error-on-head-is-in-a-header',
    features: ['F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'HEAD {bucket}',
        expect: {
          status: 404,
          body: '',
          headers: { 'hdr-error': /^\{.*"status":404\}$/ },
          error: { tcode: 'ErrBckNotFound' },
        },
      },
    ],
  },
  {
    id: 'error-invalid-path',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [
      { send: 'GET /v1/nosuch', expect: { status: [400, 404] } },
      { send: 'GET /v1', expect: { status: [400, 404] } },
      { send: 'GET /nosuch', expect: { status: [400, 404] } },
    ],
  },
  {
    id: 'error-html-is-not-escaped',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET {objects}/%3Cb%3E%26',
        expect: { status: 404, error: { message: /<b>& does not exist$/ }, body: /<b>&/ },
      },
    ],
  },
  ...(
    [
      ['truncated', '{"action":'],
      ['not-json', 'create-bck'],
      ['array', '[]'],
      ['number', '42'],
      ['two-values', '{"action":"create-bck"}{"action":"create-bck"}x'],
      ['wrong-type', '{"action":7}'],
      ['deeply-nested', `{"action":"create-bck","value":${'['.repeat(20_000)}`],
    ] as const
  ).map(
    ([id, body]): ConformanceCase => ({
      id: `error-malformed-json-${id}`,
      features: ['F4.20'],
      kind: 'required',
      needs: ['bucket-create'],
      source: 'RFC 8259',
      bucket: 'named',
      ...(id === 'two-values' && { deviation: 'what follows the first value is ignored' }),
      steps: [
        {
          raw: {
            text: [
              'POST {bucket} HTTP/1.1',
              'Host: {host}',
              'Content-Type: application/json',
              `Content-Length: ${body.length}`,
              'Connection: close',
              '',
              body,
            ].join('\r\n'),
          },
          expect: { status: 400, error: {} },
        },
        { send: 'HEAD {bucket}', expect: { status: 404 } },
      ],
    }),
  ),
  {
    id: 'error-missing-body',
    features: ['F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      { send: 'POST {bucket}', expect: { status: 400, error: {} } },
      { send: 'PATCH {bucket}', expect: { status: [400, 404], error: {} } },
      { send: 'PUT /v1/cluster', expect: { status: 400, error: {} } },
    ],
  },
  {
    id: 'error-prototype-keys-change-nothing',
    features: ['F4.20'],
    kind: 'required',
    needs: ['bucket-head'],
    source: 'AIStore cmn/cos/io.go (strict decoding of value)',
    steps: [
      {
        send: 'PATCH {bucket}',
        headers: { 'content-type': 'application/json' },
        body: '{"action":"set-bprops","value":{"__proto__":{"checksum":{"type":"md5"}}}}',
        expect: { status: 400, error: {} },
      },
      {
        send: 'HEAD {bucket}',
        expect: { status: 200, headers: { 'ais-bucket-props': /"type":"xxhash2"/ } },
      },
    ],
  },
]
