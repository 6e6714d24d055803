import { absent, exactly, noEntries, size } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (msgpack), aistore 2.0.0 (Python)'
const put: Step = {
  send: 'PUT {objects}/{item}',
  forEach: ['a', 'b', 'c'],
  body: 'hello',
  expect: { status: 200 },
}
const packed = { accept: 'application/msgpack' }
const override = { 'x-http-method-override': 'GET' }

/** The same listing as msgpack, as JSON, and asked by POST. */
export const listEncodingCases: readonly ConformanceCase[] = [
  {
    id: 'list-msgpack',
    features: ['F6.01', 'F16.06'],
    kind: 'required',
    needs: ['list-json'],
    source,
    steps: [
      put,
      {
        send: 'GET {bucket}',
        headers: packed,
        json: { action: 'list', value: { props: 'name,size', pagesize: 2 } },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/msgpack' },
          msgpack: exactly({
            UUID: /^\S+$/,
            ContinuationToken: 'b',
            Entries: [exactly({ n: 'a', s: 5, f: 64 }), exactly({ n: 'b', s: 5, f: 64 })],
            Flags: 0,
          }),
        },
        save: {},
      },
    ],
  },
  {
    id: 'list-msgpack-all-props',
    features: ['F6.03', 'F16.06'],
    kind: 'required',
    needs: ['list-msgpack'],
    source,
    steps: [
      {
        send: 'PUT {object}',
        headers: { 'ais-custom-md': 'colour=red' },
        body: 'hello',
        expect: { status: 200 },
      },
      {
        send: 'GET {bucket}',
        headers: packed,
        json: {
          action: 'list',
          value: { props: 'name,size,version,checksum,atime,copies,custom,location' },
        },
        expect: {
          status: 200,
          msgpack: {
            Entries: [
              {
                n: 'obj',
                s: 5,
                v: '1',
                cs: '26c7827d889f6da3',
                a: /\d\d:\d\d/,
                c: 1,
                t: /^t\[[^\]]+\]:/,
                m: /colour:red/,
                f: 64,
              },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'list-msgpack-empty-bucket',
    features: ['F6.01', 'F16.06'],
    kind: 'required',
    needs: ['list-msgpack'],
    source,
    steps: [
      {
        send: 'GET {bucket}',
        headers: packed,
        json: { action: 'list', value: {} },
        expect: {
          status: 200,
          msgpack: { Entries: noEntries, ContinuationToken: '', Flags: 0 },
        },
      },
    ],
  },
  {
    id: 'list-msgpack-media-type-with-parameters',
    features: ['F16.06'],
    kind: 'required',
    needs: ['list-msgpack'],
    source,
    steps: [
      put,
      {
        send: 'GET {bucket}',
        headers: { accept: 'application/msgpack;q=0.9, application/json' },
        json: { action: 'list', value: { props: 'name' } },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/msgpack' },
          msgpack: { Entries: size(3) },
        },
      },
    ],
  },
  {
    id: 'list-msgpack-errors-stay-json',
    features: ['F4.20', 'F16.06'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'GET {bucket}',
        headers: packed,
        json: { action: 'list', value: {} },
        expect: { status: 404, error: { tcode: 'ErrBckNotFound' } },
      },
    ],
  },
  {
    id: 'list-json-for-browsers-is-readable',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-json'],
    source: 'AIStore ais/htcommon.go (User-Agent Mozilla/5.0)',
    steps: [
      put,
      {
        send: 'GET {bucket}',
        headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
        json: { action: 'list', value: { props: 'name' } },
        expect: { status: 200, body: /\n {2,}"/, json: { entries: size(3) } },
      },
    ],
  },
  {
    id: 'list-by-post',
    features: ['F22.09'],
    kind: 'optional',
    needs: ['list-json'],
    source: 'AIStore for TypeScript: POST form of calls with a body on GET',
    capabilities: ['method-override'],
    steps: [
      put,
      {
        send: 'POST {bucket}?provider=ais',
        headers: override,
        json: { action: 'list', value: { props: 'name' } },
        expect: { status: 200, json: { entries: size(3) } },
      },
      {
        send: 'POST {bucket}',
        headers: { ...override, ...packed },
        json: { action: 'list', value: { props: 'name' } },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/msgpack' },
          msgpack: { Entries: size(3) },
        },
      },
    ],
  },
  {
    id: 'list-buckets-by-post',
    features: ['F22.09'],
    kind: 'optional',
    needs: ['buckets-list'],
    source: 'AIStore for TypeScript: POST form of calls with a body on GET',
    capabilities: ['method-override'],
    steps: [
      {
        send: 'POST /v1/buckets?provider=ais',
        headers: override,
        json: { action: 'list', name: '{bucketName}' },
        expect: { status: 200, json: [{ name: '{bucketName}', provider: 'ais' }] },
      },
    ],
  },
  {
    id: 'queries-by-post',
    features: ['F22.09'],
    kind: 'optional',
    source: 'AIStore for TypeScript: POST form of calls with a body on GET',
    capabilities: ['method-override'],
    steps: [
      {
        send: 'POST /v1/cluster?what=running_all',
        headers: override,
        json: { kind: '', node: '', show_active: true },
        expect: { status: 200, headers: { 'hdr-error': absent } },
      },
    ],
  },
  {
    id: 'post-without-override-is-a-post',
    features: ['F22.09'],
    kind: 'required',
    source: 'AIStore docs/http_api.md',
    steps: [
      {
        send: 'POST {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 400, error: {} },
      },
      {
        send: 'POST {bucket}',
        headers: { 'x-http-method-override': 'DELETE' },
        json: { action: 'destroy-bck' },
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {bucket}', expect: { status: 200 } },
    ],
  },
]
