import { digest } from '../../runner/codec/digest.ts'
import { noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore api/object.go (AppendObject, FlushObject)'

const append = (body: string, handle: string): Step => ({
  send: 'PUT {object}',
  query: { append_type: 'append', append_handle: handle },
  body,
  expect: { status: 200, headers: { 'ais-append-handle': /./ } },
  save: { handle: { header: 'ais-append-handle' } },
})
const flush: Step = {
  send: 'PUT {object}',
  query: { append_type: 'flush', append_handle: '{handle}' },
  expect: { status: 200 },
}

/** Appending to an object, which shows only when flushed. */
export const appendCases: readonly ConformanceCase[] = [
  {
    id: 'append-flush',
    features: ['F4.08'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      append('one,', ''),
      append('two,', '{handle}'),
      append('three', '{handle}'),
      flush,
      { send: 'GET {object}', expect: { status: 200, body: 'one,two,three' } },
    ],
  },
  {
    id: 'append-hidden-until-flush',
    features: ['F4.08'],
    kind: 'required',
    needs: ['append-flush'],
    source,
    steps: [
      append('one', ''),
      { send: 'GET {object}', expect: { status: 404 } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 200, json: { entries: noEntries } },
      },
      flush,
      { send: 'GET {object}', expect: { status: 200, body: 'one' } },
    ],
  },
  {
    id: 'append-to-existing',
    features: ['F4.08'],
    kind: 'required',
    needs: ['append-flush'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'before,', expect: { status: 200 } },
      append('after', ''),
      { send: 'GET {object}', expect: { status: 200, body: 'before,' } },
      flush,
      { send: 'GET {object}', expect: { status: 200, body: 'before,after' } },
    ],
  },
  {
    id: 'append-checksum',
    features: ['F4.08', 'F8.01'],
    kind: 'required',
    needs: ['append-flush'],
    source,
    steps: [
      append('one', ''),
      append('two', '{handle}'),
      flush,
      {
        send: 'HEAD {object}',
        expect: {
          status: 200,
          headers: {
            'content-length': '6',
            'ais-checksum-type': 'xxhash2',
            'ais-checksum-value': digest('xxhash2', 'onetwo'),
          },
        },
      },
    ],
  },
  {
    id: 'append-flush-checksum-wrong',
    features: ['F4.08', 'F4.10'],
    kind: 'required',
    needs: ['append-flush'],
    source,
    steps: [
      append('one', ''),
      {
        ...flush,
        headers: { 'ais-checksum-type': 'xxhash2', 'ais-checksum-value': '0123456789abcdef' },
        expect: { status: 500, error: {} },
      },
      { send: 'HEAD {object}', expect: { status: 404 } },
    ],
  },
  {
    id: 'append-bad-handle',
    features: ['F4.08'],
    kind: 'required',
    needs: ['append-flush'],
    source,
    steps: [
      {
        send: 'PUT {object}',
        query: { append_type: 'append', append_handle: 'nonsense' },
        body: 'x',
        expect: { status: 400, error: {} },
      },
      {
        send: 'PUT {object}',
        query: { append_type: 'flush', append_handle: 'nonsense' },
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'append-handle-cannot-escape',
    features: ['F4.08', 'F4.16'],
    kind: 'required',
    needs: ['append-bad-handle'],
    source: 'A handle comes back from outside, so it names nothing by itself',
    steps: [
      {
        send: 'PUT {object}',
        query: { append_type: 'append', append_handle: '{targetId}|/etc/passwd|xxhash2|AAAA' },
        body: 'x',
        expect: { status: [400, 404], error: {} },
      },
    ],
  },
  {
    id: 'append-bad-type',
    features: ['F4.08'],
    kind: 'required',
    needs: ['append-flush'],
    source,
    steps: [
      {
        send: 'PUT {object}?append_type=nosuch&append_handle=',
        body: 'x',
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'append-flush-without-handle',
    features: ['F4.08'],
    kind: 'required',
    needs: ['append-flush'],
    source,
    steps: [
      {
        send: 'PUT {object}?append_type=flush&append_handle=',
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {object}', expect: { status: 404 } },
    ],
  },
]
