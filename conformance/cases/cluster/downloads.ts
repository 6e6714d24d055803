import { each, text } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'
import type { JsonValue } from '../../runner/model/json-value.ts'

const source = 'AIStore ext/dload/api.go, ais/prxdl.go'

const refused = (send: string, json: JsonValue, status: number): Step => ({
  send,
  json,
  expect: { status, error: {} },
})

/** Downloads: what is refused, and what is asked about them. Nothing is fetched from anywhere. */
export const downloadCases: readonly ConformanceCase[] = [
  {
    id: 'download-list',
    features: ['F12.13'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/download',
        json: { id: '', regex: '', only_active_tasks: false },
        expect: { status: 200, json: each({ id: text, xaction_id: text, description: text }) },
      },
    ],
  },
  {
    id: 'download-unknown',
    features: ['F12.13', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      refused('GET /v1/download', { id: 'dnl-Abcdefghi' }, 404),
      refused('DELETE /v1/download/abort', { id: 'dnl-Abcdefghi' }, 404),
      refused('DELETE /v1/download/remove', { id: 'dnl-Abcdefghi' }, 404),
    ],
  },
  {
    id: 'download-bad-questions',
    features: ['F12.13', 'F4.20'],
    kind: 'required',
    source,
    steps: [
      refused('GET /v1/download', { id: 'dnl-Abcdefghi', regex: 'a' }, 400),
      refused('DELETE /v1/download/abort', { id: '' }, 400),
      refused('DELETE /v1/download/start', { id: 'dnl-Abcdefghi' }, 400),
    ],
  },
  {
    id: 'download-bad-requests',
    features: ['F12.13', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      refused('POST /v1/download', { bucket: { name: '{bucket}' }, link: 'http://h/o' }, 400),
      refused('POST /v1/download', { type: 'other', bucket: { name: '{bucket}' } }, 400),
      refused('POST /v1/download', { type: 'single', link: 'http://h/o', bucket: {} }, 400),
      refused('POST /v1/download', { type: 'single', bucket: { name: '{bucket}' } }, 400),
      refused('POST /v1/download', { type: 'range', bucket: { name: '{bucket}' } }, 400),
      refused('POST /v1/download', { type: 'backend', bucket: { name: '{bucket}' } }, 400),
    ],
  },
]
