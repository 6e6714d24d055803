import { noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const request = (...lines: readonly string[]): string => lines.join('\r\n')

/** Requests that no well-behaved client sends. */
export const rawRequestCases: readonly ConformanceCase[] = [
  {
    id: 'http-two-hosts',
    features: ['F4.20'],
    kind: 'required',
    source: 'RFC 9112 3.2',
    steps: [
      {
        raw: {
          text: request(
            'GET /v1/cluster?what=smap HTTP/1.1',
            'Host: {host}',
            'Host: other.example',
            'Connection: close',
            '',
            '',
          ),
        },
        expect: { status: 400 },
      },
    ],
  },
  {
    id: 'http-no-host',
    features: ['F4.20'],
    kind: 'required',
    source: 'RFC 9112 3.2',
    steps: [
      {
        raw: { text: request('GET /v1/cluster?what=smap HTTP/1.1', 'Connection: close', '', '') },
        expect: { status: 400 },
      },
    ],
  },
  {
    id: 'http-garbage',
    features: ['F4.20'],
    kind: 'required',
    source: 'RFC 9112 3',
    steps: [
      {
        raw: { text: 'this is not HTTP\r\n\r\n', ending: 'half-close' },
        expect: { status: [0, 400, 505] },
      },
      { send: 'GET /v1/health', expect: { status: 200 } },
    ],
  },
  {
    id: 'http-oversized-header',
    features: ['F4.20'],
    kind: 'required',
    source: 'RFC 6585 5',
    steps: [
      {
        raw: {
          text: request(
            'GET /v1/cluster?what=smap HTTP/1.1',
            'Host: {host}',
            `X-Large: ${'x'.repeat(2_000_000)}`,
            'Connection: close',
            '',
            '',
          ),
        },
        expect: { status: [0, 400, 431] },
      },
      { send: 'GET /v1/health', expect: { status: 200 } },
    ],
  },
  {
    id: 'http-length-and-chunked',
    features: ['F4.20'],
    kind: 'required',
    needs: ['object-put'],
    source: 'RFC 9112 6.3: refused, or the length is ignored; never two requests out of one',
    steps: [
      {
        raw: {
          text: request(
            'PUT {object} HTTP/1.1',
            'Host: {host}',
            'Content-Length: 4',
            'Transfer-Encoding: chunked',
            '',
            '0',
            '',
            'GET /v1/smuggled HTTP/1.1',
            'Host: {host}',
            '',
            '',
          ),
        },
        expect: { status: [0, 200, 307, 400] },
      },
    ],
  },
  {
    id: 'http-two-lengths',
    features: ['F4.20'],
    kind: 'required',
    source: 'RFC 9112 6.3',
    steps: [
      {
        raw: {
          text: request(
            'PUT {object} HTTP/1.1',
            'Host: {host}',
            'Content-Length: 4',
            'Content-Length: 5',
            '',
            'hello',
          ),
        },
        expect: { status: 400 },
      },
    ],
  },
  {
    id: 'http-bad-length',
    features: ['F4.20'],
    kind: 'required',
    source: 'RFC 9112 6.3',
    steps: [
      {
        raw: {
          text: request('PUT {object} HTTP/1.1', 'Host: {host}', 'Content-Length: -1', '', 'x'),
        },
        expect: { status: 400 },
      },
    ],
  },
  {
    id: 'http-expect-gets-the-redirect',
    features: ['F4.01'],
    kind: 'required',
    needs: ['redirect-put'],
    source: 'RFC 9110 10.1.1: a gateway decides before it reads',
    steps: [
      {
        raw: {
          text: request(
            'PUT {object} HTTP/1.1',
            'Host: {host}',
            'Content-Length: 1000000',
            'Expect: 100-continue',
            '',
            '',
          ),
        },
        expect: { status: 307, redirect: { to: 'owner' } },
      },
    ],
  },
  {
    id: 'http-expect-gets-the-error',
    features: ['F4.01'],
    kind: 'required',
    source: 'RFC 9110 10.1.1: a gateway decides before it reads',
    bucket: 'named',
    steps: [
      {
        raw: {
          text: request(
            'PUT {object} HTTP/1.1',
            'Host: {host}',
            'Content-Length: 1000000',
            'Expect: 100-continue',
            '',
            '',
          ),
        },
        expect: { status: 404, error: { tcode: 'ErrBckNotFound' } },
      },
    ],
  },
  {
    id: 'http-redirect-without-the-body',
    features: ['F4.01'],
    kind: 'required',
    needs: ['redirect-put'],
    source: 'aistore 2.0.0 (Python) over HTTPS sends the length and no byte, and waits for the 307',
    steps: [
      {
        raw: {
          text: request(
            'PUT {object} HTTP/1.1',
            'Host: {host}',
            'Content-Length: 100000',
            'Connection: close',
            '',
            '',
          ),
        },
        expect: { status: 307, redirect: { to: 'owner' } },
      },
    ],
  },
  {
    id: 'http-short-body-stores-nothing',
    features: ['F4.01'],
    kind: 'required',
    needs: ['redirect-put', 'object-get'],
    source: 'RFC 9112 8: an incomplete message is not a request',
    capabilities: ['direct-targets'],
    steps: [
      {
        raw: {
          text: request('PUT {object} HTTP/1.1', 'Host: {host}', 'Content-Length: 1000', '', ''),
        },
        expect: { status: 307 },
        save: { location: { header: 'location', part: 'path' } },
      },
      {
        raw: {
          text: request(
            'PUT {location} HTTP/1.1',
            'Host: {host}',
            'Content-Length: 1000',
            '',
            'only this',
          ),
          ending: 'half-close',
        },
        at: 'owner',
        expect: { status: [0, 400, 500] },
      },
      { send: 'GET {object}', expect: { status: 404 } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 200, json: { entries: noEntries } },
      },
    ],
  },
  {
    id: 'http-cut-body-keeps-the-old-object',
    features: ['F4.01'],
    kind: 'required',
    needs: ['redirect-put', 'object-get'],
    source: 'RFC 9112 8: an incomplete message is not a request',
    capabilities: ['direct-targets'],
    steps: [
      { send: 'PUT {object}', body: 'old', expect: { status: 200 } },
      {
        raw: {
          text: request(
            'PUT {object} HTTP/1.1',
            'Host: {host}',
            'Transfer-Encoding: chunked',
            'Expect: 100-continue',
            '',
            '',
          ),
        },
        expect: { status: 307 },
        save: { location: { header: 'location', part: 'path' } },
      },
      {
        raw: {
          text: request(
            'PUT {location} HTTP/1.1',
            'Host: {host}',
            'Transfer-Encoding: chunked',
            '',
            '5',
            'new, ',
            '',
          ),
          ending: 'cut',
        },
        at: 'owner',
        expect: { status: [0, 400, 500] },
      },
      {
        send: 'GET {object}',
        expect: { status: 200, body: 'old', headers: { 'ais-version': '1' } },
      },
    ],
  },
  {
    id: 'http-get-body-is-not-the-next-request',
    features: ['F22.09'],
    kind: 'required',
    source: 'RFC 9112 6',
    steps: [
      {
        raw: {
          text: request(
            'GET /v1/health HTTP/1.1',
            'Host: {host}',
            'Content-Length: 26',
            'Connection: close',
            '',
            'DELETE /v1/daemon HTTP/1.1',
          ),
        },
        expect: { status: 200 },
      },
    ],
  },
  {
    id: 'http-get-body-chunked',
    features: ['F22.09'],
    kind: 'required',
    needs: ['buckets-list'],
    source: 'RFC 9112 7.1',
    steps: [
      {
        send: 'GET /v1/buckets?provider=ais',
        json: { action: 'list', name: '{bucketName}' },
        chunked: true,
        expect: { status: 200, json: [{ name: '{bucketName}' }] },
      },
    ],
  },
  {
    id: 'http-header-injection',
    features: ['F4.16'],
    kind: 'required',
    needs: ['redirect-get'],
    source: 'RFC 9110 5.5: no line break of a name may reach a header',
    steps: [
      {
        send: 'GET {objects}/a%0d%0aX-Injected:%20yes',
        follow: false,
        expect: { status: [301, 400], headers: { 'x-injected': { rule: 'absent', values: [] } } },
      },
    ],
  },
  {
    id: 'http-absolute-form',
    features: ['F4.20'],
    kind: 'required',
    source: 'RFC 9112 3.2.2',
    steps: [
      {
        raw: {
          text: request(
            'GET {endpoint}/v1/health HTTP/1.1',
            'Host: {host}',
            'Connection: close',
            '',
            '',
          ),
        },
        expect: { status: 200 },
      },
    ],
  },
]
