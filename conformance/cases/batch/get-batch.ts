import { all } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'
import type { JsonValue } from '../../runner/model/json-value.ts'

const source = 'AIStore api/apc/ml.go, ais/ml.go'

const put = (name: string, body: string): Step => ({
  send: `PUT {objects}/${name}`,
  body,
  expect: { status: 200 },
})

const ask = (json: JsonValue, expect: Step['expect']): Step => ({
  send: 'GET /v1/ml/moss/{bucketName}',
  json,
  ...(expect === undefined ? {} : { expect }),
})

/** Text with these parts in this order, whatever lies between. */
const inOrder = (...parts: readonly string[]) => new RegExp(parts.join('[^]*'))

/** Many objects in one answer. */
export const getBatchCases: readonly ConformanceCase[] = [
  {
    id: 'batch-stream',
    features: ['F12.18'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      put('b', 'content of b'),
      put('a', 'content of a'),
      put('c', 'content of c'),
      ask(
        { in: [{ objname: 'c' }, { objname: 'a' }, { objname: 'b' }], strm: true },
        {
          status: 200,
          headers: { 'content-type': 'application/x-tar' },
          body: inOrder(
            'cf-[^\\0]*/c\\0',
            'content of c',
            '/a\\0',
            'content of a',
            '/b\\0',
            'content of b',
          ),
        },
      ),
      ask({ in: [{ objname: 'c' }], strm: true, onob: true }, { status: 200, body: /^c\0/ }),
    ],
  },
  {
    id: 'batch-redirect',
    features: ['F12.18'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      put('a', 'content'),
      {
        send: 'GET /v1/ml/moss/{bucketName}',
        json: { in: [{ objname: 'a' }], strm: true },
        follow: false,
        expect: {
          status: 307,
          headers: { location: /\/v1\/ml\/moss\/[^/]+\/gbt-[A-Za-z0-9_-]+\/[^/]+\/\d+\?/ },
        },
      },
    ],
  },
  {
    id: 'batch-buffered',
    features: ['F12.18', 'F12.19'],
    kind: 'required',
    needs: ['batch-stream'],
    source,
    steps: [
      put('a', 'content of a'),
      ask(
        {
          in: [{ objname: 'a', opaque: 'b3BhcXVl' }, { objname: 'none' }],
          coer: true,
          strm: false,
        },
        {
          status: 200,
          headers: { 'content-type': /^multipart\/mixed; boundary=[^;,\s"]+$/ },
          body: all(
            inOrder(
              'name="metadata"',
              '"uuid":"gbt-',
              '"objname":"a"',
              '"opaque":"b3BhcXVl"',
              '"size":12',
            ),
            inOrder(
              '"objname":"none"',
              '"err_msg":"',
              'name="archive"',
              'content of a',
              '__404__/cf-',
            ),
          ),
        },
      ),
    ],
  },
  {
    id: 'batch-missing',
    features: ['F12.19'],
    kind: 'required',
    needs: ['batch-stream'],
    source,
    steps: [
      put('a', 'content of a'),
      ask(
        { in: [{ objname: 'none' }, { objname: 'a' }], strm: true, coer: true },
        { status: 200, body: inOrder('^__404__/cf-[^\\0]*/none\\0', 'content of a') },
      ),
    ],
  },
  {
    id: 'batch-missing-refused',
    features: ['F12.19'],
    kind: 'required',
    needs: ['batch-stream'],
    source,
    deviation: 'a missing object begins a stream of status 200 with its marker, even without coer',
    steps: [ask({ in: [{ objname: 'none' }], strm: true }, { status: 404 })],
  },
  {
    id: 'batch-ranges',
    features: ['F12.21'],
    kind: 'required',
    needs: ['batch-stream'],
    source,
    steps: [
      put('a', '0123456789'),
      ask(
        {
          in: [
            { objname: 'a', start: 2, length: 3 },
            { objname: 'a', start: 8, length: -1 },
          ],
          strm: true,
          onob: true,
        },
        { status: 200, body: inOrder('\\x00234\\x00', '\\x0089\\x00') },
      ),
      ask({ in: [{ objname: 'a', start: 10, length: 1 }], strm: false }, { status: [400, 416] }),
      ask(
        { in: [{ objname: 'a', start: 9, length: 2 }], strm: false, coer: true },
        { status: [400, 416] },
      ),
    ],
  },
  {
    id: 'batch-archive-members',
    features: ['F12.18', 'F12.21'],
    kind: 'required',
    needs: ['batch-stream', 'archive-append-read-tgz'],
    source,
    steps: [
      {
        send: 'PUT {objects}/s.tgz',
        query: { archpath: 'd/one' },
        body: 'first',
        expect: { status: 200 },
      },
      {
        send: 'PUT {objects}/s.tgz',
        query: { archpath: 'two' },
        headers: { 'ais-pine': '1' },
        body: 'second',
        expect: { status: 200 },
      },
      ask(
        {
          in: [
            { objname: 's.tgz', archpath: 'two', start: 1, length: 4 },
            { objname: 's.tgz', archpath: 'd/one' },
          ],
          strm: true,
          onob: true,
        },
        {
          status: 200,
          body: inOrder('^s\\.tgz/two\\0', '\\0econ\\0', 's\\.tgz/d/one\\0', 'first'),
        },
      ),
    ],
  },
  {
    id: 'batch-formats',
    features: ['F12.18'],
    kind: 'required',
    needs: ['batch-stream'],
    source,
    steps: [
      put('a', 'content'),
      ...(
        [
          ['.tar', 'application/x-tar'],
          ['.tgz', 'application/gzip'],
          ['.tar.gz', 'application/gzip'],
          ['.tar.lz4', 'application/x-lz4'],
          ['.zip', 'application/zip'],
        ] as const
      ).map(([mime, type]) =>
        ask(
          { in: [{ objname: 'a' }], mime, strm: true },
          { status: 200, headers: { 'content-type': type } },
        ),
      ),
      ask({ in: [{ objname: 'a' }], mime: '.rar', strm: true }, { status: 400 }),
    ],
  },
  {
    id: 'batch-refused',
    features: ['F12.20'],
    kind: 'required',
    source,
    steps: [
      put('a', 'content'),
      ask({ in: [] }, { status: 400 }),
      ask({ in: [{ objname: 'a', bucket: 'nobody-made-this', provider: 'ais' }] }, { status: 404 }),
      ask({ in: [{ objname: 'a', start: -1, length: 1 }] }, { status: [400, 416] }),
      {
        send: 'GET /v1/ml/moss',
        json: { in: [{ objname: 'a' }] },
        expect: { status: 400 },
      },
    ],
  },
]
