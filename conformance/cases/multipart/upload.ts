import { noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, GeneratedBytes, Step } from '../../runner/model/case.ts'

const source = 'AIStore docs/mpu.md, api/mpt.go'

/** Starts an upload and saves its id as `{upload}`. */
export const start: Step = {
  send: 'POST {object}',
  json: { action: 'mpt-upload' },
  expect: { status: 200, body: /^\S{8,}$/ },
  save: { upload: { from: 'body' } },
}
/** Puts one part of `{upload}`. */
export const part = (number: number, body: string | GeneratedBytes): Step => ({
  send: `PUT {object}?uploadId={upload}&partNumber=${number}`,
  body,
  expect: { status: 200, body: '' },
})
/** Completes `{upload}` with these parts. */
export const complete = (numbers: readonly number[], status = 200): Step => ({
  send: 'POST {object}?uploadId={upload}',
  json: {
    action: 'mpt-complete',
    value: numbers.map((number) => ({ 'part-number': number, etag: '' })),
  },
  expect: status === 200 ? { status } : { status, error: {} },
})
/** Gives `{upload}` up. */
export const abort: Step = {
  send: 'DELETE {object}?uploadId={upload}',
  json: { action: 'mpt-abort' },
  expect: { status: 200 },
}
/** The object is not there. */
export const missing: Step = { send: 'HEAD {object}', expect: { status: 404 } }

/** Native multipart upload. */
export const multipartCases: readonly ConformanceCase[] = [
  {
    id: 'multipart-upload',
    features: ['F5.01'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      start,
      part(1, 'one,'),
      part(2, 'two,'),
      part(3, 'three'),
      complete([1, 2, 3]),
      {
        send: 'GET {object}',
        expect: { status: 200, body: 'one,two,three', headers: { 'content-length': '13' } },
      },
    ],
  },
  {
    id: 'multipart-one-part',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      part(1, { bytes: 100_000, seed: 1 }),
      complete([1]),
      { send: 'GET {object}', expect: { status: 200, bytes: { bytes: 100_000, seed: 1 } } },
    ],
  },
  {
    id: 'multipart-parts-in-any-order',
    features: ['F5.02'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      part(3, 'three'),
      part(1, 'one,'),
      part(2, 'two,'),
      complete([1, 2, 3]),
      { send: 'GET {object}', expect: { status: 200, body: 'one,two,three' } },
    ],
  },
  {
    id: 'multipart-newest-part-wins',
    features: ['F5.02'],
    kind: 'required',
    needs: ['multipart-upload'],
    source: 'AIStore 4.0 release notes: a repeated part number keeps the newest',
    deviation: 'the object then cannot be read when the sizes differ: the answer breaks off',
    steps: [
      start,
      part(1, 'one,'),
      part(2, 'old'),
      part(2, 'newer'),
      complete([1, 2]),
      { send: 'GET {object}', expect: { status: 200, body: 'one,newer' } },
    ],
  },
  {
    id: 'multipart-hidden-until-complete',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      part(1, 'one'),
      missing,
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 200, json: { entries: noEntries } },
      },
      abort,
    ],
  },
  {
    id: 'multipart-overwrites-only-at-the-end',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'old', expect: { status: 200 } },
      start,
      part(1, 'new'),
      { send: 'GET {object}', expect: { status: 200, body: 'old' } },
      complete([1]),
      { send: 'GET {object}', expect: { status: 200, body: 'new' } },
    ],
  },
  {
    id: 'multipart-two-sessions',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      { ...start, save: { upload: { from: 'body' } } },
      part(1, 'first session'),
      { ...start, save: { other: { from: 'body' } } },
      {
        send: 'PUT {object}?uploadId={other}&partNumber=1',
        body: 'second session',
        expect: { status: 200 },
      },
      complete([1]),
      { send: 'GET {object}', expect: { status: 200, body: 'first session' } },
      {
        send: 'POST {object}?uploadId={other}',
        json: { action: 'mpt-complete', value: [{ 'part-number': 1, etag: '' }] },
        expect: { status: 200 },
      },
      { send: 'GET {object}', expect: { status: 200, body: 'second session' } },
    ],
  },
  {
    id: 'multipart-abort',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [start, part(1, 'one'), abort, missing, complete([1], 404), missing],
  },
  {
    id: 'multipart-abort-keeps-the-old-object',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-abort'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'old', expect: { status: 200 } },
      start,
      part(1, 'new'),
      abort,
      { send: 'GET {object}', expect: { status: 200, body: 'old' } },
    ],
  },
  {
    id: 'multipart-range-across-parts',
    features: ['F5.06', 'F4.03'],
    kind: 'required',
    needs: ['multipart-upload', 'object-range-middle'],
    source,
    steps: [
      start,
      part(1, '01234'),
      part(2, '56789'),
      complete([1, 2]),
      {
        send: 'GET {object}',
        headers: { range: 'bytes=3-6' },
        expect: { status: 206, body: '3456', headers: { 'content-range': 'bytes 3-6/10' } },
      },
      {
        send: 'GET {object}',
        headers: { range: 'bytes=-4' },
        expect: { status: 206, body: '6789' },
      },
      { send: 'GET {object}', headers: { range: 'bytes=10-' }, expect: { status: 416 } },
    ],
  },
  {
    id: 'multipart-head-chunks',
    features: ['F4.05', 'F5.03'],
    kind: 'required',
    needs: ['multipart-upload', 'object-head-props-name-size'],
    source,
    steps: [
      start,
      part(1, 'aaaaaaaa'),
      part(2, 'bb'),
      complete([1, 2]),
      {
        send: 'HEAD {object}?props=chunked',
        expect: {
          status: 200,
          headers: {
            'content-length': '10',
            'ais-chunks-count': '2',
            'ais-chunks-max-chunk-size': '8',
          },
        },
      },
    ],
  },
  {
    id: 'multipart-delete',
    features: ['F5.06', 'F4.06'],
    kind: 'required',
    needs: ['multipart-upload', 'object-delete'],
    source,
    steps: [
      start,
      part(1, 'one'),
      part(2, 'two'),
      complete([1, 2]),
      { send: 'DELETE {object}', expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 404 } },
    ],
  },
  {
    id: 'multipart-overwritten-by-put',
    features: ['F5.06', 'F4.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      part(1, 'one'),
      part(2, 'two'),
      complete([1, 2]),
      { send: 'PUT {object}', body: 'plain', expect: { status: 200 } },
      { send: 'GET {object}', expect: { status: 200, body: 'plain' } },
    ],
  },
  {
    id: 'multipart-listed',
    features: ['F5.06', 'F6.01'],
    kind: 'required',
    needs: ['multipart-upload', 'list-json'],
    source,
    steps: [
      start,
      part(1, 'one'),
      part(2, 'four'),
      complete([1, 2]),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name,size' } },
        expect: { status: 200, json: { entries: [{ name: 'obj', size: '7' }] } },
      },
    ],
  },
]
