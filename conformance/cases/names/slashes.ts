import { noEntries, unordered } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const put = (names: readonly string[]): Step => ({
  send: 'PUT {objects}/{item}',
  forEach: names,
  body: 'I am {item}',
  expect: { status: 200 },
})
const get = (names: readonly string[]): Step => ({
  send: 'GET {objects}/{item}',
  forEach: names,
  expect: { status: 200, body: 'I am {item}' },
})

/** Enough names for their directory to be on every mountpath of a usual test cluster. */
const many = (directory: string): string[] =>
  Array.from({ length: 60 }, (_unused, index) => `${directory}/${index}`)

/** Names that are paths to a file system and plain text to an object store. */
export const slashNameCases: readonly ConformanceCase[] = [
  {
    id: 'name-object-beside-its-directory',
    features: ['F4.23'],
    kind: 'required',
    needs: ['object-get'],
    source: 'AIStore 3.30 release notes',
    deviation: 'a name cannot be an object and a directory of the same mountpath at once',
    steps: [
      put(['a', ...many('a'), 'a/b', ...many('a/b')]),
      get(['a', ...many('a'), 'a/b', ...many('a/b')]),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name', prefix: 'a/b' } },
        expect: {
          status: 200,
          json: { entries: ['a/b', ...many('a/b').toSorted()].map((name) => ({ name })) },
        },
      },
      { send: 'DELETE {objects}/a/b', expect: { status: 200 } },
      get(['a', ...many('a/b')]),
    ],
  },
  {
    id: 'name-directory-then-object',
    features: ['F4.23'],
    kind: 'required',
    needs: ['object-get'],
    source: 'AIStore 3.30 release notes',
    deviation: 'a name cannot be an object and a directory of the same mountpath at once',
    steps: [put([...many('d/e'), 'd/e', 'd']), get([...many('d/e'), 'd/e', 'd'])],
  },
  {
    id: 'name-double-slash-is-kept',
    features: ['F4.14'],
    kind: 'required',
    needs: ['object-get'],
    source: 'AIStore for TypeScript: names are kept byte for byte',
    deviation: 'the path is cleaned: a//b is a/b',
    steps: [
      put(['a//b', 'a/b']),
      get(['a//b', 'a/b']),
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name' } },
        expect: {
          status: 200,
          json: { entries: unordered({ name: 'a//b' }, { name: 'a/b' }) },
        },
      },
    ],
  },
  {
    id: 'name-trailing-slash-not-written',
    features: ['F4.16'],
    kind: 'required',
    needs: ['object-put'],
    source: 'AIStore cmn/objname.go: a name to be written does not end with a slash',
    steps: [
      { send: 'PUT {objects}/dir/', body: 'x', expect: { status: 400, error: {} } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: {} },
        expect: { status: 200, json: { entries: noEntries } },
      },
    ],
  },
  {
    id: 'name-trailing-slash-head',
    features: ['F4.04'],
    kind: 'required',
    needs: ['object-head'],
    source: 'AIStore docs/http_api.md (HEAD of a virtual directory)',
    steps: [{ send: 'HEAD {objects}/nosuch/', expect: { status: 404 } }],
  },
  {
    id: 'name-empty',
    features: ['F4.16', 'F4.20'],
    kind: 'required',
    source: 'AIStore docs/http_api.md',
    steps: [
      { send: 'PUT {objects}', body: 'x', expect: { status: 400, error: {} } },
      { send: 'PUT {objects}/', body: 'x', expect: { status: 400, error: {} } },
      { send: 'GET {objects}', expect: { status: 400, error: {} } },
      { send: 'DELETE {objects}', expect: { status: 400, error: {} } },
    ],
  },
  {
    id: 'name-file-is-no-prefix-of-others',
    features: ['F4.02'],
    kind: 'required',
    needs: ['object-get'],
    source: 'AIStore docs/http_api.md',
    deviation: 'a directory read as an object is answered 500',
    steps: [
      put(['dir/obj', ...many('dir')]),
      { send: 'GET {objects}/dir', expect: { status: 404 } },
      { send: 'DELETE {objects}/dir', expect: { status: 404 } },
      { send: 'GET {objects}/dir/obj/more', expect: { status: 404 } },
      get(['dir/obj']),
    ],
  },
]
