import type { ConformanceCase } from '../../runner/model/case.ts'
import { abort, complete, missing, part, start } from './upload.ts'

const source = 'AIStore docs/mpu.md, api/mpt.go'

/** Uploads that must not become objects. */
export const multipartMistakeCases: readonly ConformanceCase[] = [
  {
    id: 'multipart-part-not-uploaded',
    features: ['F5.02'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      part(1, 'one'),
      {
        ...complete([1, 2]),
        expect: { status: [400, 404], error: {} },
      },
      missing,
      part(2, 'two'),
      complete([1, 2]),
      { send: 'GET {object}', expect: { status: 200, body: 'onetwo' } },
    ],
  },
  {
    id: 'multipart-gap',
    features: ['F5.02'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      part(1, 'one'),
      part(3, 'three'),
      { ...complete([1, 3]), expect: { status: [400, 404], error: {} } },
      missing,
      abort,
    ],
  },
  {
    id: 'multipart-partial-list',
    features: ['F5.02'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      part(1, 'one'),
      part(2, 'two'),
      { ...complete([1]), expect: { status: [400, 404], error: {} } },
      missing,
      abort,
    ],
  },
  {
    id: 'multipart-empty-list',
    features: ['F5.02'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [start, part(1, 'one'), complete([], 400), missing, abort],
  },
  {
    id: 'multipart-unknown-upload',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      {
        send: 'PUT {object}?uploadId=Abcdefghi&partNumber=1',
        body: 'x',
        expect: { status: 404, error: {} },
      },
      {
        send: 'POST {object}?uploadId=Abcdefghi',
        json: { action: 'mpt-complete', value: [{ 'part-number': 1, etag: '' }] },
        expect: { status: 404, error: {} },
      },
      missing,
    ],
  },
  {
    id: 'multipart-bad-part-numbers',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      {
        send: 'PUT {object}?uploadId={upload}&partNumber={item}',
        forEach: ['x', '', '1.5', '99999999999999999999'],
        body: 'x',
        expect: { status: 400, error: {} },
      },
      abort,
    ],
  },
  {
    id: 'multipart-part-number-below-one',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    deviation: 'the fault of the caller is answered 500, which clients repeat',
    steps: [
      start,
      {
        send: 'PUT {object}?uploadId={upload}&partNumber={item}',
        forEach: ['0', '-1'],
        body: 'x',
        expect: { status: 400, error: {} },
      },
      abort,
    ],
  },
  {
    id: 'multipart-part-without-length',
    features: ['F5.01'],
    kind: 'required',
    needs: ['multipart-upload'],
    source,
    steps: [
      start,
      {
        send: 'PUT {object}?uploadId={upload}&partNumber=1',
        body: '',
        expect: { status: 400, error: {} },
      },
      {
        send: 'PUT {object}?uploadId={upload}&partNumber=1',
        body: 'x',
        chunked: true,
        expect: { status: 400, error: {} },
      },
      abort,
    ],
  },
]
