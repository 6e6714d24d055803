import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/unicode.md'

/** Names that must come back byte for byte: stored, read, listed, deleted. */
const names: readonly { id: string; name: string; deviation?: string }[] = [
  { id: 'latin', name: 'Größe-ñ' },
  { id: 'cjk', name: '数据/図' },
  { id: 'emoji', name: '😀/👩‍🔬.png' },
  { id: 'right-to-left', name: 'שלום-مرحبا' },
  { id: 'precomposed', name: 'caf\u00e9' },
  { id: 'decomposed', name: 'cafe\u0301' },
  { id: 'space', name: 'a b  c' },
  { id: 'leading-space', name: ' a' },
  { id: 'trailing-space', name: 'a ' },
  { id: 'plus', name: 'a+b' },
  { id: 'percent', name: '100%' },
  { id: 'percent-escape-look-alike', name: 'a%2Fb' },
  { id: 'question-mark', name: 'what?x=1' },
  { id: 'hash', name: 'a#b' },
  { id: 'ampersand-and-equals', name: 'a&b=c' },
  { id: 'quotes', name: `it's "x"` },
  { id: 'brackets', name: 'a[1]<b>|c^`' },
  { id: 'backslash', name: 'a\\b' },
  { id: 'semicolon-and-colon', name: 'a;b:c@d,e' },
  { id: 'star-and-dollar', name: '*$!~(x)' },
  {
    id: 'control-characters',
    name: 'a\tb\u0001c\u007f',
    deviation: 'Location carries the control characters unescaped',
  },
  { id: 'newline', name: 'a\nb', deviation: 'the newline becomes a space in Location' },
  { id: 'dots-inside', name: 'a..b/...c/d.' },
  { id: 'internal-look-alikes', name: '%ob/@ais/#ns/.ais.bmd' },
  { id: 'windows-device', name: 'CON/aux.txt' },
  { id: 'prototype', name: '__proto__/constructor' },
  { id: 'leading-dash', name: '-rf' },
  { id: 'zero-width', name: 'a\u200bb\ufeff' },
]

const encode = (name: string): string => name.split('/').map(encodeURIComponent).join('/')

/** Object names of any script. */
export const unicodeNameCases: readonly ConformanceCase[] = [
  ...names.map(
    ({ id, name, deviation }): ConformanceCase => ({
      id: `name-${id}`,
      features: ['F4.14'],
      kind: 'required',
      needs: ['object-get'],
      source,
      ...(deviation !== undefined && { deviation }),
      steps: [
        {
          send: `PUT {objects}/${encode(name)}`,
          follow: false,
          expect: { status: 307, redirect: { to: 'owner' } },
        },
        { send: `PUT {objects}/${encode(name)}`, body: id, expect: { status: 200 } },
        { send: `GET {objects}/${encode(name)}`, expect: { status: 200, body: id } },
        {
          send: 'GET {bucket}',
          json: { action: 'list', value: { props: 'name' } },
          expect: { status: 200, json: { entries: [{ name }] } },
        },
        { send: `DELETE {objects}/${encode(name)}`, expect: { status: 200 } },
        { send: `HEAD {objects}/${encode(name)}`, expect: { status: 404 } },
      ],
    }),
  ),
  {
    id: 'name-precomposed-is-not-decomposed',
    features: ['F4.14'],
    kind: 'required',
    needs: ['name-precomposed', 'name-decomposed'],
    source,
    steps: [
      { send: 'PUT {objects}/caf%C3%A9', body: 'one', expect: { status: 200 } },
      { send: 'PUT {objects}/cafe%CC%81', body: 'two', expect: { status: 200 } },
      { send: 'GET {objects}/caf%C3%A9', expect: { status: 200, body: 'one' } },
      { send: 'GET {objects}/cafe%CC%81', expect: { status: 200, body: 'two' } },
    ],
  },
  {
    id: 'name-case-matters',
    features: ['F4.14'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {objects}/Name', body: 'upper', expect: { status: 200 } },
      { send: 'PUT {objects}/name', body: 'lower', expect: { status: 200 } },
      { send: 'GET {objects}/Name', expect: { status: 200, body: 'upper' } },
      { send: 'GET {objects}/name', expect: { status: 200, body: 'lower' } },
    ],
  },
  {
    id: 'name-escapes-are-decoded-once',
    features: ['F4.14'],
    kind: 'required',
    needs: ['name-percent-escape-look-alike'],
    source,
    steps: [
      { send: 'PUT {objects}/%61%62', body: 'x', expect: { status: 200 } },
      { send: 'GET {objects}/ab', expect: { status: 200, body: 'x' } },
      { send: 'HEAD {objects}/%2561%2562', expect: { status: 404 } },
    ],
  },
  {
    id: 'name-escaped-slash-is-a-slash',
    features: ['F4.14'],
    kind: 'required',
    needs: ['object-get'],
    source,
    steps: [
      { send: 'PUT {objects}/a%2Fb', body: 'x', expect: { status: 200 } },
      { send: 'GET {objects}/a/b', expect: { status: 200, body: 'x' } },
    ],
  },
  {
    id: 'name-plus-is-not-a-space',
    features: ['F4.14'],
    kind: 'required',
    needs: ['name-plus'],
    source,
    steps: [
      { send: 'PUT {objects}/a+b', body: 'plus', expect: { status: 200 } },
      { send: 'GET {objects}/a%2Bb', expect: { status: 200, body: 'plus' } },
      { send: 'HEAD {objects}/a%20b', expect: { status: 404 } },
    ],
  },
]
