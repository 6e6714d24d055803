import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'RFC 9110 13'

/** Preconditions; `ignored` is what one that nobody looks at would give. */
const conditions: readonly {
  id: string
  headers: { [name: string]: string }
  status: number
  ignored: number
}[] = [
  { id: 'if-none-match-same', headers: { 'if-none-match': '{etag}' }, status: 304, ignored: 200 },
  { id: 'if-none-match-other', headers: { 'if-none-match': '"other"' }, status: 200, ignored: 200 },
  { id: 'if-match-same', headers: { 'if-match': '{etag}' }, status: 200, ignored: 200 },
  { id: 'if-match-other', headers: { 'if-match': '"other"' }, status: 412, ignored: 200 },
  {
    id: 'if-modified-since-future',
    headers: { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' },
    status: 304,
    ignored: 200,
  },
  {
    id: 'if-unmodified-since-past',
    headers: { 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' },
    status: 412,
    ignored: 200,
  },
  {
    id: 'if-range-same',
    headers: { 'if-range': '{etag}', range: 'bytes=0-1' },
    status: 206,
    ignored: 206,
  },
  {
    id: 'if-range-other',
    headers: { 'if-range': '"other"', range: 'bytes=0-1' },
    status: 200,
    ignored: 206,
  },
]

/** Conditional reads. */
export const conditionCases: readonly ConformanceCase[] = conditions.map(
  ({ id, headers, status, ignored }): ConformanceCase => ({
    id: `object-condition-${id}`,
    features: ['F8.10'],
    kind: 'required',
    needs: ['object-head-props-etag'],
    source,
    ...(ignored !== status && { deviation: 'preconditions are not looked at' }),
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'HEAD {object}?props=etag',
        expect: { status: 200 },
        save: { etag: { header: 'etag' } },
      },
      { send: 'GET {object}', headers, expect: { status } },
    ],
  }),
)
