import { all, not } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'AIStore docs/archive.md, ais/target.go (archpath, Ais-Pine)'
const extensions = ['.tar', '.tgz', '.tar.gz', '.tar.lz4', '.zip']

/** Puts a file into a shard; `pine`: 1 appends, 2 appends or makes the shard. */
const add = (shard: string, path: string, body: string, pine?: string): Step => ({
  send: `PUT {objects}/${shard}`,
  query: { archpath: path },
  ...(pine === undefined ? {} : { headers: { 'ais-pine': pine } }),
  body,
  expect: { status: 200 },
})

const read = (shard: string, path: string, body: string): Step => ({
  send: `GET {objects}/${shard}`,
  query: { archpath: path },
  expect: { status: 200, body },
})

/** Files inside shards: written, read, matched, listed. */
export const archiveCases: readonly ConformanceCase[] = [
  ...extensions.map(
    (extension): ConformanceCase => ({
      id: `archive-append-read${extension.replaceAll('.', '-')}`,
      features: ['F12.08', 'F12.10'],
      kind: 'required',
      needs: ['object-get'],
      source,
      steps: [
        add(`s${extension}`, 'a.txt', 'one'),
        add(`s${extension}`, 'dir/b.txt', 'two', '1'),
        add(`s${extension}`, 'c.txt', 'three', '2'),
        read(`s${extension}`, 'a.txt', 'one'),
        read(`s${extension}`, 'dir/b.txt', 'two'),
        read(`s${extension}`, 'c.txt', 'three'),
        read(`s${extension}`, `s${extension}/dir/b.txt`, 'two'),
        {
          send: `GET {objects}/s${extension}`,
          query: { archpath: 'none' },
          expect: { status: 404, error: { message: /does not exist/ } },
        },
      ],
    }),
  ),
  {
    id: 'archive-put-replaces',
    features: ['F12.10'],
    kind: 'required',
    needs: ['archive-append-read-tar'],
    source,
    steps: [
      add('s.tar', 'a', 'one'),
      add('s.tar', 'b', 'two'),
      read('s.tar', 'b', 'two'),
      { send: 'GET {objects}/s.tar', query: { archpath: 'a' }, expect: { status: 404 } },
    ],
  },
  {
    id: 'archive-append-missing-shard',
    features: ['F12.10'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'PUT {objects}/s.tar',
        query: { archpath: 'a' },
        headers: { 'ais-pine': '1' },
        body: 'one',
        expect: { status: 404 },
      },
      { send: 'GET {objects}/s.tar', expect: { status: 404 } },
    ],
  },
  {
    id: 'archive-read-no-range',
    features: ['F12.08'],
    kind: 'required',
    needs: ['archive-append-read-tar'],
    source,
    steps: [
      add('s.tar', 'a', 'one'),
      {
        send: 'GET {objects}/s.tar',
        query: { archpath: 'a' },
        headers: { range: 'bytes=0-1' },
        expect: { status: [400, 501] },
      },
    ],
  },
  ...(
    [
      ['regexp', '^d.*jpg$', ['d/b.jpg'], ['d/b.json', 'a.txt']],
      ['prefix', 'd/', ['d/b.jpg', 'd/b.json'], ['a.txt']],
      ['suffix', '.txt', ['a.txt'], ['d/b.jpg', 'd/b.json']],
      ['substr', 'b.js', ['d/b.json'], ['d/b.jpg', 'a.txt']],
      ['wdskey', 'd/b', ['d/b.jpg', 'd/b.json'], ['a.txt']],
    ] as const
  ).map(
    ([mode, pattern, names, others]): ConformanceCase => ({
      id: `archive-match-${mode}`,
      features: ['F12.09'],
      kind: 'required',
      needs: ['archive-append-read-tar'],
      source,
      steps: [
        add('s.tgz', 'a.txt', 'one'),
        add('s.tgz', 'd/b.jpg', 'two', '1'),
        add('s.tgz', 'd/b.json', 'three', '1'),
        {
          send: 'GET {objects}/s.tgz',
          query: { archregx: pattern, archmode: mode },
          expect: {
            status: 200,
            headers: { 'content-type': 'application/x-tar' },
            body: all(
              ...names.map((name) => new RegExp(name.replace('.', '\\.'))),
              ...others.map((name) => not(new RegExp(`${name.replace('.', '\\.')}\0`))),
            ),
          },
        },
        {
          send: 'GET {objects}/s.tgz',
          query: { archregx: 'nobody', archmode: mode },
          expect: { status: 404 },
        },
      ],
    }),
  ),
  {
    id: 'archive-match-unknown-mode',
    features: ['F12.09'],
    kind: 'required',
    needs: ['archive-append-read-tar'],
    source,
    steps: [
      add('s.tar', 'a', 'one'),
      {
        send: 'GET {objects}/s.tar',
        query: { archregx: 'a', archmode: 'nonsense' },
        expect: { status: 400 },
      },
    ],
  },
  {
    id: 'archive-list',
    features: ['F6.07'],
    kind: 'required',
    needs: ['archive-append-read-tar'],
    source: 'AIStore api/apc/lsmsg.go LsArchDir',
    steps: [
      add('s.tar', 'a.txt', 'one'),
      add('s.tar', 'dir/b.txt', 'three', '1'),
      { send: 'PUT {objects}/plain', body: 'x', expect: { status: 200 } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { flags: '8', props: 'name,size' } },
        expect: {
          status: 200,
          json: {
            entries: [
              { name: 'plain', flags: 64 },
              { name: 's.tar', flags: 64 | 512 },
              { name: 's.tar/a.txt', size: '3', flags: 64 | 128 },
              { name: 's.tar/dir/b.txt', size: '5', flags: 64 | 128 },
            ],
          },
        },
      },
    ],
  },
]
