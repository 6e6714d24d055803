import { absent } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (HEAD object), cmn/objattrs.go'

/** HEAD of an object without `props`: everything there is. */
export const headObjectCases: readonly ConformanceCase[] = [
  {
    id: 'object-head',
    features: ['F4.04'],
    kind: 'required',
    needs: ['object-put'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'HEAD {object}',
        expect: {
          status: 200,
          body: '',
          headers: {
            'content-length': '5',
            'ais-present': 'true',
            'ais-name': 'obj',
            'ais-bucket-name': '{bucketName}',
            'ais-bucket-provider': 'ais',
            'ais-checksum-type': 'xxhash2',
            'ais-checksum-value': '26c7827d889f6da3',
            'ais-version': '1',
            'ais-atime': /^\d{19}$/,
            'ais-location': /^t\[[^\]]+\]:mp\[\/[^,]+, .+\]$/,
            'ais-mirror-copies': '1',
            'ais-mirror-paths': /^\[\/.*\]$/,
            'hdr-error': absent,
          },
        },
      },
    ],
  },
  {
    id: 'object-head-missing',
    features: ['F4.04', 'F4.20'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'HEAD {object}',
        expect: {
          status: 404,
          body: '',
          error: { tcode: 'ErrNotFound', message: /obj does not exist$/ },
        },
      },
    ],
  },
  {
    id: 'object-head-missing-bucket',
    features: ['F4.04', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [{ send: 'HEAD {object}', expect: { status: 404, error: { tcode: 'ErrBckNotFound' } } }],
  },
  {
    id: 'object-head-leaves-access-time',
    features: ['F4.04'],
    kind: 'required',
    needs: ['object-head'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'HEAD {object}',
        expect: { status: 200 },
        save: { accessTime: { header: 'ais-atime' } },
      },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headers: { 'ais-atime': '{accessTime}' } },
      },
    ],
  },
  {
    id: 'object-head-presence-local',
    features: ['F4.04'],
    kind: 'required',
    needs: ['object-head'],
    source: 'AIStore api/apc/query.go (presence)',
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'HEAD {object}?presence={item}',
        forEach: ['0', '1', '2', '3'],
        expect: { status: 200 },
      },
      {
        send: 'HEAD {objects}/nosuch?presence={item}',
        forEach: ['0', '1', '2', '3'],
        expect: { status: 404 },
      },
    ],
  },
]

const selective = 'AIStore api/object.go (HeadObjectV2), aistore 2.0.0 (Python)'

/** HEAD of an object with `props`: only what was asked for. */
export const headSelectiveCases: readonly ConformanceCase[] = [
  {
    id: 'object-head-props-name-size',
    features: ['F4.05'],
    kind: 'required',
    needs: ['object-head'],
    source: selective,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'HEAD {object}?provider=ais&props=name%2Csize',
        expect: {
          status: 200,
          headers: {
            'content-length': '5',
            'ais-present': 'true',
            'ais-checksum-type': absent,
            'ais-version': absent,
            'ais-atime': absent,
            'ais-location': absent,
            'ais-mirror-copies': absent,
            'last-modified': absent,
            etag: absent,
          },
        },
      },
    ],
  },
  ...(
    [
      ['checksum', { 'ais-checksum-type': 'xxhash2', 'ais-checksum-value': '26c7827d889f6da3' }],
      ['version', { 'ais-version': '1' }],
      ['atime', { 'ais-atime': /^\d{19}$/ }],
      ['location', { 'ais-location': /^t\[[^\]]+\]:/ }],
      ['copies', { 'ais-mirror-copies': '1', 'ais-mirror-paths': /^\/[^[\]]*$/ }],
      ['last-modified', { 'last-modified': /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/ }],
      ['etag', { etag: /^"[^"]+"$/ }],
      ['custom', { 'ais-custom-md': 'colour=red' }],
    ] as const
  ).map(
    ([prop, headers]): ConformanceCase => ({
      id: `object-head-props-${prop}`,
      features: ['F4.05'],
      kind: 'required',
      needs: ['object-head-props-name-size'],
      source: selective,
      steps: [
        {
          send: 'PUT {object}',
          headers: { 'ais-custom-md': 'colour=red' },
          body: 'hello',
          expect: { status: 200 },
        },
        {
          send: `HEAD {object}?props=${prop}`,
          expect: {
            status: 200,
            headers: { 'ais-present': 'true', 'content-length': '5', ...headers },
          },
        },
        {
          send: 'HEAD {object}?props=size',
          expect: {
            status: 200,
            headers: Object.fromEntries(Object.keys(headers).map((name) => [name, absent])),
          },
        },
      ],
    }),
  ),
  {
    id: 'object-head-props-empty-object',
    features: ['F4.05'],
    kind: 'required',
    needs: ['object-head-props-name-size'],
    source: selective,
    steps: [
      { send: 'PUT {object}', body: '', expect: { status: 200 } },
      {
        send: 'HEAD {object}?props=size',
        expect: { status: 200, headers: { 'content-length': '0' } },
      },
    ],
  },
  {
    id: 'object-head-props-unknown',
    features: ['F4.05'],
    kind: 'required',
    needs: ['object-head-props-name-size'],
    source: selective,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'HEAD {object}?props={item}',
        forEach: ['nosuch', 'size%2Cnosuch', 'cached', 'status'],
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'object-head-props-missing',
    features: ['F4.05'],
    kind: 'required',
    needs: ['object-head-missing'],
    source: selective,
    steps: [
      {
        send: 'HEAD {object}?props=size',
        expect: { status: 404, error: { tcode: 'ErrNotFound' } },
      },
    ],
  },
  {
    id: 'object-head-etag-follows-content',
    features: ['F8.10'],
    kind: 'required',
    needs: ['object-head-props-etag'],
    source: 'RFC 9110 8.8.3',
    bucketProps: { checksum: { type: 'md5' } },
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      {
        send: 'HEAD {object}?props=etag',
        expect: { status: 200, headers: { etag: '"5d41402abc4b2a76b9719d911017c592"' } },
      },
    ],
  },
]
