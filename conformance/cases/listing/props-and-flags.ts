import type { Matcher } from '../../runner/matching/matcher.ts'
import { absent, oneOf, text } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore docs/list_objects.md, api/apc/lsmsg.go'

const put = (names: readonly string[]): Step => ({
  send: 'PUT {objects}/{item}',
  forEach: names,
  body: 'hello',
  expect: { status: 200 },
})

/** What an entry shows for each list of properties, and what it leaves out. */
const perProps: readonly {
  id: string
  props: string
  entry: { readonly [key: string]: Matcher }
}[] = [
  {
    id: 'name',
    props: 'name',
    entry: { name: 'obj', size: absent, checksum: absent, version: absent, atime: absent },
  },
  {
    id: 'name-size',
    props: 'name,size',
    entry: { name: 'obj', size: '5', checksum: absent, version: absent, atime: absent },
  },
  { id: 'checksum', props: 'name,checksum', entry: { name: 'obj', checksum: '26c7827d889f6da3' } },
  { id: 'version', props: 'name,version', entry: { name: 'obj', version: '1' } },
  {
    id: 'atime',
    props: 'name,atime',
    entry: { name: 'obj', atime: /^\d\d \w{3} \d\d \d\d:\d\d \w+$/ },
  },
  { id: 'copies', props: 'name,copies', entry: { name: 'obj', copies: 1 } },
  { id: 'location', props: 'name,location', entry: { name: 'obj', location: /^t\[[^\]]+\]:/ } },
  { id: 'custom', props: 'name,custom', entry: { name: 'obj', 'custom-md': /colour:red/ } },
  {
    id: 'all',
    props: 'name,size,version,checksum,atime,cached,status,copies,ec,custom,location',
    entry: {
      name: 'obj',
      size: '5',
      version: '1',
      checksum: '26c7827d889f6da3',
      atime: text,
      copies: 1,
      location: text,
      flags: 64,
    },
  },
  { id: 'default', props: '', entry: { name: 'obj', size: '5', flags: 64 } },
  { id: 'unknown-ignored', props: 'name,nosuch', entry: { name: 'obj' } },
]

/** Virtual directories: what each combination of flags shows of `a`, `d/x`, `d/e/y`, `z`. */
const perFlags: readonly {
  id: string
  flags: number
  prefix: string
  entries: readonly Matcher[]
  deviation?: string
}[] = [
  {
    id: 'no-recursion',
    flags: 1 << 11,
    prefix: '',
    entries: [{ name: 'a' }, { name: 'd/', flags: 256 }, { name: 'z' }],
  },
  {
    id: 'no-recursion-in-directory',
    flags: 1 << 11,
    prefix: 'd/',
    entries: [{ name: 'd/e/', flags: 256 }, { name: 'd/x' }],
  },
  {
    id: 'no-recursion-no-directories',
    // Only listings of remote backends leave them out.
    flags: (1 << 11) | (1 << 13),
    prefix: '',
    entries: [{ name: 'a' }, { name: 'd/', flags: 256 }, { name: 'z' }],
  },
  {
    id: 'no-directories',
    flags: 1 << 13,
    prefix: '',
    entries: [{ name: 'a' }, { name: 'd/e/y' }, { name: 'd/x' }, { name: 'z' }],
  },
  {
    id: 'recursive',
    flags: 0,
    prefix: '',
    entries: [{ name: 'a' }, { name: 'd/e/y' }, { name: 'd/x' }, { name: 'z' }],
  },
  {
    id: 'cached',
    flags: 1,
    prefix: '',
    entries: [{ name: 'a' }, { name: 'd/e/y' }, { name: 'd/x' }, { name: 'z' }],
  },
  {
    id: 'name-only',
    flags: 1 << 4,
    prefix: 'a',
    entries: [{ name: 'a', size: absent, checksum: absent }],
  },
  {
    id: 'name-size',
    flags: 1 << 5,
    prefix: 'a',
    entries: [{ name: 'a', size: '5', checksum: absent }],
  },
]

/** Properties and flags of listings. */
export const listPropsCases: readonly ConformanceCase[] = [
  ...perProps.map(
    ({ id, props, entry }): ConformanceCase => ({
      id: `list-props-${id}`,
      features: ['F6.03'],
      kind: 'required',
      needs: ['list-json'],
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
          json: { action: 'list', value: { props } },
          expect: { status: 200, json: { entries: [entry] } },
        },
      ],
    }),
  ),
  ...perFlags.map(
    ({ id, flags, prefix, entries, deviation }): ConformanceCase => ({
      id: `list-flags-${id}`,
      features: ['F6.04'],
      kind: 'required',
      needs: ['list-json'],
      source,
      ...(deviation !== undefined && { deviation }),
      steps: [
        put(['a', 'd/x', 'd/e/y', 'z']),
        {
          send: 'GET {bucket}',
          json: { action: 'list', value: { prefix, flags: String(flags) } },
          expect: { status: 200, json: { entries } },
        },
      ],
    }),
  ),
  {
    id: 'list-no-recursion-each-directory-once',
    features: ['F6.04'],
    kind: 'required',
    needs: ['list-flags-no-recursion'],
    source,
    steps: [
      put(['d/1', 'd/2', 'd/3', 'd/4', 'd/5', 'e/1', 'e/2', 'f']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { flags: '2048', props: 'name' } },
        expect: {
          status: 200,
          json: { entries: [{ name: 'd/' }, { name: 'e/' }, { name: 'f' }] },
        },
      },
    ],
  },
  {
    id: 'list-no-recursion-pages',
    features: ['F6.04', 'F6.01'],
    kind: 'required',
    needs: ['list-flags-no-recursion'],
    source: 'AIStore ais/plstcx.go: names in byte order, so that the last one can be the token',
    steps: [
      put(['a', 'b/1', 'b/2', 'c', 'd/1']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { flags: '2048', props: 'name', pagesize: 2 } },
        expect: {
          status: 200,
          json: { continuation_token: 'b/', entries: [{ name: 'a' }, { name: 'b/' }] },
        },
        save: { uuid: { json: 'uuid' } },
      },
      {
        send: 'GET {bucket}',
        json: {
          action: 'list',
          value: {
            ...{ flags: '2048', props: 'name', pagesize: 2 },
            ...{ uuid: '{uuid}', continuation_token: 'b/' },
          },
        },
        expect: { status: 200, json: { entries: [{ name: 'c' }, { name: 'd/' }] } },
      },
    ],
  },
  {
    id: 'list-no-recursion-object-beside-directory',
    features: ['F6.04', 'F4.23'],
    kind: 'required',
    needs: ['list-flags-no-recursion'],
    source: 'a and a/b both exist as objects',
    deviation: 'an object and a directory of one name cannot be beside each other',
    steps: [
      // Enough of them for the directory to be on every mountpath of a usual test cluster.
      put(Array.from({ length: 60 }, (_unused, index) => `a/${index}`)),
      put(['a']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { flags: '2048', props: 'name' } },
        expect: { status: 200, json: { entries: [{ name: 'a' }, { name: 'a/' }] } },
      },
    ],
  },
  {
    id: 'list-time-format',
    features: ['F6.03'],
    kind: 'required',
    needs: ['list-props-atime'],
    source,
    steps: [
      put(['obj']),
      {
        send: 'GET {bucket}',
        json: {
          action: 'list',
          value: { props: 'name,atime', time_format: '2006-01-02T15:04:05Z07:00' },
        },
        expect: {
          status: 200,
          json: {
            entries: [{ atime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/ }],
          },
        },
      },
    ],
  },
  {
    id: 'list-bad-messages',
    features: ['F6.01', 'F4.20'],
    kind: 'required',
    needs: ['list-json'],
    source: 'AIStore cmn/cos/io.go (strict decoding of value)',
    steps: [
      ...[
        { nosuch: 1 },
        { flags: 1 },
        { flags: 'x' },
        { pagesize: 'x' },
        { pagesize: 1.5 },
        { prefix: 7 },
        'text',
        [1],
      ].map((value) => ({
        send: 'GET {bucket}',
        json: { action: 'list', value },
        expect: { status: 400, error: {} },
      })),
    ],
  },
  {
    id: 'list-shows-size-zero',
    features: ['F6.03'],
    kind: 'required',
    needs: ['list-json', 'object-put-empty'],
    source,
    steps: [
      { send: 'PUT {object}', body: '', expect: { status: 200 } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name,size' } },
        expect: { status: 200, json: { entries: [{ name: 'obj', size: oneOf('0', absent) }] } },
      },
    ],
  },
]
