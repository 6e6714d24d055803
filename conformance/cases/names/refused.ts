import { noEntries } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore 5.0 release notes (names are checked at proxy and target), cmn/objname.go'

/** Names that must be refused; written raw, so that no client tidies them up. */
const names: readonly { id: string; path: string; deviation?: string }[] = [
  { id: 'parent', path: '..' },
  { id: 'parent-inside', path: 'a/../b' },
  { id: 'parent-at-end', path: 'a/..' },
  { id: 'many-parents', path: '../../../../../../etc/passwd' },
  { id: 'escaped-parent', path: '%2e%2e/%2e%2e/etc/passwd' },
  { id: 'escaped-slash-parent', path: '..%2f..%2fetc%2fpasswd' },
  { id: 'all-escaped', path: '%2e%2e%2f%2e%2e%2fx' },
  { id: 'mixed-case-escape', path: '%2E%2e/x' },
  { id: 'dot', path: './a' },
  { id: 'dot-inside', path: 'a/./b' },
  { id: 'escaped-dot-inside', path: 'a/%2e/b' },
  { id: 'home', path: '~/a' },
  { id: 'nul', path: 'a%00b', deviation: 'redirected by the gateway, 500 at the target' },
  { id: 'invalid-utf8', path: 'a%FFb', deviation: 'accepted' },
  { id: 'overlong-utf8', path: '%C0%AE%C0%AE/x', deviation: 'accepted' },
  { id: 'utf8-surrogate', path: '%ED%A0%80', deviation: 'accepted' },
  { id: 'broken-escape', path: 'a%zz' },
  { id: 'cut-escape', path: 'a%2' },
  { id: 'too-long', path: 'x'.repeat(5000), deviation: 'redirected by the gateway' },
]

const raw = (method: string, path: string, query = ''): string =>
  [
    `${method} {objects}/${path}${query} HTTP/1.1`,
    'Host: {host}',
    'Content-Length: 1',
    'Connection: close',
    '',
    'x',
  ].join('\r\n')

/** Refused at the gateway, and by a target that is reached without one. */
export const refusedNameCases: readonly ConformanceCase[] = names.flatMap(
  ({ id, path, deviation }): ConformanceCase[] => [
    {
      id: `name-refused-${id}`,
      features: ['F4.16'],
      kind: 'required',
      needs: ['object-put'],
      source,
      ...(deviation !== undefined && { deviation }),
      steps: [
        { raw: { text: raw('PUT', path) }, expect: { status: 400 } },
        {
          send: 'GET {bucket}',
          json: { action: 'list', value: {} },
          expect: { status: 200, json: { entries: noEntries } },
        },
      ],
    },
    {
      id: `name-refused-by-target-${id}`,
      features: ['F4.16'],
      kind: 'required',
      needs: ['object-put'],
      source,
      capabilities: ['direct-targets'],
      ...(deviation !== undefined && { deviation }),
      steps: [
        {
          raw: { text: raw('PUT', path, '?pid={proxyId}&utm=dn23c59ng91f') },
          at: 'target',
          // Or it is refused since no gateway vouches for it.
          expect: { status: [400, 401] },
        },
        {
          send: 'GET {bucket}',
          json: { action: 'list', value: {} },
          expect: { status: 200, json: { entries: noEntries } },
        },
      ],
    },
  ],
)
