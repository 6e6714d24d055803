import type { ConformanceCase } from '../../runner/model/case.ts'

interface Refusal {
  readonly id: string
  readonly source: string
  readonly status: number
  /** Placeholders `{host}` and `{bucketName}`; lines end with CRLF. */
  readonly lines: readonly string[]
  /** Where it is not that the original says it in a line of text. */
  readonly deviation?: string
}

const inText = "Go's server answers by itself, with a line of text"
const host = 'Host: {host}'
const health = 'GET /v1/health HTTP/1.1'
const put = 'PUT {object} HTTP/1.1'

const refusals: readonly Refusal[] = [
  {
    id: 'two-hosts',
    source: 'RFC 9112 3.2',
    status: 400,
    lines: [health, host, host, '', ''],
  },
  { id: 'no-host', source: 'RFC 9112 3.2', status: 400, lines: [health, 'X: 1', '', ''] },
  {
    id: 'bad-method',
    source: 'RFC 9110 9.1: a method is a token',
    status: 400,
    lines: ['G(T /v1/health HTTP/1.1', host, '', ''],
  },
  {
    id: 'bad-version',
    source: 'RFC 9112 2.3',
    status: 400,
    lines: ['GET /v1/health FTP/1.1', host, '', ''],
  },
  {
    id: 'other-version',
    source: 'RFC 9110 15.6.6',
    status: 505,
    lines: ['GET /v1/health HTTP/3.0', host, '', ''],
  },
  {
    id: 'length-of-letters',
    source: 'RFC 9112 6.3',
    status: 400,
    lines: [put, host, 'Content-Length: 1x', '', 'x'],
  },
  {
    id: 'negative-length',
    source: 'RFC 9112 6.3',
    status: 400,
    lines: [put, host, 'Content-Length: -1', '', 'x'],
  },
  {
    id: 'two-different-lengths',
    source: 'RFC 9112 6.3',
    status: 400,
    lines: [put, host, 'Content-Length: 1', 'Content-Length: 2', '', 'xy'],
  },
  {
    id: 'one-length-twice',
    source: 'RFC 9112 6.3: may be refused',
    status: 400,
    lines: [put, host, 'Content-Length: 1', 'Content-Length: 1', 'Connection: close', '', 'x'],
    deviation: 'the second is not looked at',
  },
  {
    id: 'length-beside-chunks',
    source: 'RFC 9112 6.1: may be refused',
    status: 400,
    lines: [
      put,
      host,
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'Connection: close',
      '',
      '0',
      '',
      '',
    ],
    deviation: 'the length is not looked at',
  },
  {
    id: 'nul-in-a-value',
    source: 'RFC 9110 5.5',
    status: 400,
    lines: [health, host, 'X: a\0b', '', ''],
  },
  {
    id: 'space-in-a-name',
    source: 'RFC 9112 5.1',
    status: 400,
    lines: [health, host, 'X y: ab', '', ''],
  },
  {
    id: 'space-before-a-colon',
    source: 'RFC 9112 5.1',
    status: 400,
    lines: [health, host, 'X : ab', '', ''],
  },
  { id: 'no-colon', source: 'RFC 9112 5', status: 400, lines: [health, host, 'none', '', ''] },
  {
    id: 'foreign-coding',
    source: 'RFC 9112 6.1',
    status: 501,
    lines: [put, host, 'Transfer-Encoding: gzip', '', ''],
  },
  {
    id: 'foreign-expectation',
    source: 'RFC 9110 10.1.1',
    status: 417,
    lines: [put, host, 'Expect: tea', 'Content-Length: 0', '', ''],
    deviation: 'answered without a body',
  },
]

/** Requests that a server refuses before anybody handles them: in the form of every other error all the same. */
export const refusedRequestCases: readonly ConformanceCase[] = [
  ...refusals.map(
    ({ id, source, status, lines, deviation }): ConformanceCase => ({
      id: `http-refused-${id}`,
      features: ['F4.20'],
      kind: 'required',
      source: `AIStore for TypeScript: one form for all errors; ${source}`,
      capabilities: ['own-listener'],
      deviation: deviation ?? inText,
      steps: [{ raw: { text: lines.join('\r\n') }, expect: { status, error: {} } }],
    }),
  ),
  {
    id: 'http-refused-chunks',
    features: ['F4.20'],
    kind: 'required',
    capabilities: ['own-listener'],
    source: 'RFC 9112 7.1',
    bucket: 'named',
    steps: [
      {
        raw: {
          text: [
            'POST /v1/buckets/{bucketName} HTTP/1.1',
            host,
            'Content-Type: application/json',
            'Transfer-Encoding: chunked',
            '',
            'zz',
            '{"action":"create-bck"}',
            '0',
            '',
            '',
          ].join('\r\n'),
        },
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {bucket}', expect: { status: 404 } },
    ],
  },
  {
    id: 'http-refused-short-body',
    features: ['F4.20'],
    kind: 'required',
    capabilities: ['own-listener'],
    source: 'RFC 9112 8: an incomplete message is not a request',
    bucket: 'named',
    deviation: 'a call whose JSON is whole before its body ends is carried out',
    steps: [
      {
        raw: {
          text: [
            'POST /v1/buckets/{bucketName} HTTP/1.1',
            host,
            'Content-Type: application/json',
            'Content-Length: 100',
            '',
            '{"action":"create-bck"}',
          ].join('\r\n'),
          ending: 'half-close',
        },
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {bucket}', expect: { status: 404 } },
    ],
    cleanUp: [{ send: 'DELETE {bucket}', json: { action: 'destroy-bck' } }],
  },
]
