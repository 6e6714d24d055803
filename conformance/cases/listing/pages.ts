import { absent, noEntries, size } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore docs/list_objects.md, api/apc/lsmsg.go'

const put = (names: readonly string[]): Step => ({
  send: 'PUT {objects}/{item}',
  forEach: names,
  body: 'hello',
  expect: { status: 200 },
})
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_unused, index) => `n${String(index).padStart(3, '0')}`)

/** Pages, prefixes and order of listings. */
export const listPagesCases: readonly ConformanceCase[] = [
  {
    id: 'list-json',
    features: ['F6.01', 'F22.09'],
    kind: 'required',
    needs: ['object-put'],
    source,
    steps: [
      put(['b', 'a', 'c']),
      {
        send: 'GET {bucket}?provider=ais',
        json: { action: 'list', value: { props: 'name,size', flags: '0', pagesize: 0 } },
        expect: {
          status: 200,
          headers: { 'content-type': /^application\/json/ },
          json: {
            uuid: /^\S+$/,
            continuation_token: '',
            flags: 0,
            entries: [
              { name: 'a', size: '5', flags: 64 },
              { name: 'b', size: '5', flags: 64 },
              { name: 'c', size: '5', flags: 64 },
            ],
          },
        },
      },
    ],
  },
  {
    id: 'list-empty-bucket',
    features: ['F6.01'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 200, json: { entries: noEntries, continuation_token: '' } },
      },
    ],
  },
  {
    id: 'list-missing-bucket',
    features: ['F6.01', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 404, error: { tcode: 'ErrBckNotFound' } },
      },
    ],
  },
  {
    id: 'list-without-body',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-json'],
    source,
    steps: [
      put(['a']),
      { send: 'GET {bucket}', expect: { status: 200, json: { entries: [{ name: 'a' }] } } },
    ],
  },
  {
    id: 'list-pages',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-json'],
    source,
    steps: [
      put(['a', 'b', 'c']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { pagesize: 2, props: 'name' } },
        expect: {
          status: 200,
          json: { continuation_token: 'b', entries: [{ name: 'a' }, { name: 'b' }] },
        },
        save: { uuid: { json: 'uuid' }, token: { json: 'continuation_token' } },
      },
      {
        send: 'GET {bucket}',
        json: {
          action: 'list',
          value: { pagesize: 2, props: 'name', uuid: '{uuid}', continuation_token: '{token}' },
        },
        expect: {
          status: 200,
          json: { uuid: '{uuid}', continuation_token: '', entries: [{ name: 'c' }] },
        },
      },
    ],
  },
  {
    id: 'list-token-without-session',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-pages'],
    source: 'A page can be asked of any gateway, with its token alone',
    steps: [
      put(['a', 'b', 'c', 'd']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { pagesize: 2, props: 'name', continuation_token: 'b' } },
        expect: { status: 200, json: { entries: [{ name: 'c' }, { name: 'd' }] } },
      },
    ],
  },
  {
    id: 'list-full-last-page',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-pages'],
    source,
    steps: [
      put(['a', 'b']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { pagesize: 2, props: 'name' } },
        expect: { status: 200, json: { entries: [{ name: 'a' }, { name: 'b' }] } },
        save: { uuid: { json: 'uuid' } },
      },
      {
        send: 'GET {bucket}',
        json: {
          action: 'list',
          value: { pagesize: 2, props: 'name', uuid: '{uuid}', continuation_token: 'b' },
        },
        expect: { status: 200, json: { continuation_token: '', entries: noEntries } },
      },
    ],
  },
  {
    id: 'list-same-page-again',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-pages'],
    source,
    steps: [
      put(['a', 'b', 'c', 'd', 'e']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { pagesize: 2, props: 'name' } },
        expect: { status: 200 },
        save: { uuid: { json: 'uuid' } },
      },
      ...[1, 2].map(() => ({
        send: 'GET {bucket}',
        json: {
          action: 'list',
          value: { pagesize: 2, props: 'name', uuid: '{uuid}', continuation_token: 'b' },
        },
        expect: { status: 200, json: { entries: [{ name: 'c' }, { name: 'd' }] } },
      })),
    ],
  },
  {
    id: 'list-many-in-order',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-json'],
    source,
    steps: [
      put(numbered(60)),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name' } },
        expect: { status: 200, json: { entries: size(60) }, checks: ['names-ascending'] },
      },
    ],
  },
  {
    id: 'list-order-is-utf8-bytes',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-json', 'name-emoji'],
    source: 'Go sorts strings by their UTF-8 bytes',
    steps: [
      put(['Z', 'a0', 'B', '%EF%BF%BD', '%F0%9F%98%80', '%C3%A9', 'a%21', 'a%2Db', 'a/b', 'aa']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name' } },
        expect: {
          status: 200,
          json: {
            entries: ['B', 'Z', 'a!', 'a-b', 'a/b', 'a0', 'aa', 'é', '\ufffd', '😀'].map(
              (name) => ({
                name,
              }),
            ),
          },
        },
      },
    ],
  },
  ...(
    [
      ['plain', 'pl', ['plain-1', 'plain-2']],
      ['directory', 'a/', ['a/b', 'a/c/d']],
      ['nested', 'a/c/', ['a/c/d']],
      ['whole-name', 'b', ['b']],
      ['nothing', 'zzz', []],
      ['past-a-name', 'a/b/', []],
    ] as const
  ).map(
    ([id, prefix, names]): ConformanceCase => ({
      id: `list-prefix-${id}`,
      features: ['F6.02'],
      kind: 'required',
      needs: ['list-json'],
      source,
      steps: [
        put(['a/b', 'a/c/d', 'b', 'plain-1', 'plain-2', 'p']),
        {
          send: 'GET {bucket}',
          json: { action: 'list', value: { prefix, props: 'name' } },
          expect: {
            status: 200,
            json: { entries: names.length === 0 ? noEntries : names.map((name) => ({ name })) },
          },
        },
      ],
    }),
  ),
  {
    id: 'list-prefix-is-not-only-a-directory',
    features: ['F6.02'],
    kind: 'required',
    needs: ['list-prefix-plain'],
    source,
    deviation:
      'where a directory has the name of the prefix, names that only start with it are lost',
    steps: [
      put(numbered(40).map((name) => `a/${name}`)),
      put(numbered(40).map((name) => `ab${name}`)),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { prefix: 'a', props: 'name' } },
        expect: { status: 200, json: { entries: size(80) } },
      },
    ],
  },
  {
    id: 'list-prefix-refused',
    features: ['F6.02', 'F4.16'],
    kind: 'required',
    needs: ['list-json'],
    source: 'AIStore cmn/cos/name.go',
    steps: [
      ...['../', 'a/../b', '~/x'].map((prefix) => ({
        send: 'GET {bucket}',
        json: { action: 'list', value: { prefix } },
        expect: { status: 400, error: {} },
      })),
    ],
  },
  {
    id: 'list-start-after',
    features: ['F6.02'],
    kind: 'required',
    needs: ['list-json'],
    source,
    steps: [
      put(['a', 'b', 'c']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { start_after: 'a', props: 'name' } },
        expect: { status: 200, json: { entries: [{ name: 'b' }, { name: 'c' }] } },
      },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { start_after: 'aa', props: 'name' } },
        expect: { status: 200, json: { entries: [{ name: 'b' }, { name: 'c' }] } },
      },
    ],
  },
  {
    id: 'list-page-size-larger-than-allowed',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-json'],
    source,
    steps: [
      put(['a']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { pagesize: 1_000_000, props: 'name' } },
        expect: { status: 200, json: { entries: [{ name: 'a' }] } },
      },
    ],
  },
  {
    id: 'list-shows-no-work-files',
    features: ['F6.01'],
    kind: 'required',
    needs: ['list-json', 'append-flush', 'multipart-upload'],
    source,
    steps: [
      {
        send: 'PUT {objects}/appending?append_type=append&append_handle=',
        body: 'x',
        expect: { status: 200 },
      },
      {
        send: 'POST {objects}/uploading',
        json: { action: 'mpt-upload' },
        expect: { status: 200 },
        save: { upload: { from: 'body' } },
      },
      {
        send: 'PUT {objects}/uploading?uploadId={upload}&partNumber=1',
        body: 'x',
        expect: { status: 200 },
      },
      put(['only']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name' } },
        expect: { status: 200, json: { entries: [{ name: 'only', size: absent }] } },
      },
    ],
  },
]
