import { not, present } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore core/meta/hrw.go, docs/http_api.md (redirects)'
const methods = ['GET', 'HEAD', 'PUT', 'DELETE'] as const

/** Where a gateway sends clients, and how. */
export const placementCases: readonly ConformanceCase[] = [
  ...methods.map(
    (method): ConformanceCase => ({
      id: `redirect-${method.toLowerCase()}`,
      features: ['F1.05', 'F4.01', 'F22.17'],
      kind: 'required',
      needs: ['bucket-create', 'cluster-smap'],
      source,
      steps: [
        {
          send: `${method} {object}?provider=ais`,
          follow: false,
          expect: {
            status: method === 'GET' ? 301 : 307,
            redirect: { to: 'owner' },
            headers: { location: /^https?:\/\/[^/]+\/v1\/objects\/.*[?&]pid=[^&]+&utm=[0-9a-z]+/ },
          },
        },
      ],
    }),
  ),
  {
    id: 'redirect-patch',
    features: ['F1.05', 'F4.09'],
    kind: 'required',
    needs: ['redirect-put'],
    source,
    steps: [
      {
        send: 'PATCH {object}',
        json: { value: { a: '1' } },
        follow: false,
        expect: { status: 307, redirect: { to: 'owner' } },
      },
    ],
  },
  {
    id: 'redirect-post-actions',
    features: ['F1.05', 'F5.01'],
    kind: 'required',
    needs: ['redirect-put'],
    source,
    steps: [
      ...[
        { action: 'rename-obj', name: 'new' },
        { action: 'check-lock' },
        { action: 'mpt-upload' },
      ].map((json) => ({
        send: 'POST {object}',
        json,
        follow: false,
        expect: { status: 307, redirect: { to: 'owner' as const } },
      })),
    ],
  },
  {
    id: 'redirect-part-upload',
    features: ['F1.05', 'F5.01'],
    kind: 'required',
    needs: ['redirect-put'],
    source,
    steps: [
      {
        send: 'PUT {object}?uploadId=abc&partNumber=1',
        body: 'x',
        follow: false,
        expect: { status: 307, redirect: { to: 'owner' } },
      },
    ],
  },
  ...Array.from(
    { length: 4 },
    (_unused, block): ConformanceCase => ({
      id: `redirect-to-owner-${block + 1}`,
      features: ['F1.05', 'F22.10'],
      kind: 'required',
      needs: ['redirect-put'],
      source,
      capabilities: ['two-targets'],
      steps: [
        {
          send: 'PUT {objects}/{item}',
          forEach: Array.from({ length: 25 }, (_also, index) => `d${block}/object-${index * 37}`),
          follow: false,
          expect: { status: 307, redirect: { to: 'owner' } },
        },
      ],
    }),
  ),
  {
    id: 'redirect-same-owner-for-every-method',
    features: ['F1.05'],
    kind: 'required',
    needs: ['redirect-put'],
    source,
    steps: methods.map((method) => ({
      send: `${method} {objects}/some/name`,
      follow: false,
      expect: { redirect: { to: 'owner' as const } },
    })),
  },
  {
    id: 'redirect-keeps-query',
    features: ['F1.05'],
    kind: 'required',
    needs: ['redirect-get'],
    source,
    steps: [
      {
        send: 'GET {object}?provider=ais&latest-ver=false&sln=true',
        follow: false,
        expect: {
          redirect: { to: 'owner' },
          headers: { location: /\?provider=ais&latest-ver=false&sln=true&pid=/ },
        },
      },
    ],
  },
  {
    id: 'redirect-may-not-be-cached',
    features: ['F22.17'],
    kind: 'required',
    needs: ['redirect-get'],
    source: 'RFC 9111 4.2.2: a 301 may be cached by default, and this one depends on the map',
    deviation: 'redirects carry no Cache-Control',
    steps: methods.map((method) => ({
      send: `${method} {object}`,
      follow: false,
      expect: { redirect: { to: 'owner' as const }, headers: { 'cache-control': /no-store/ } },
    })),
  },
  {
    id: 'redirect-not-for-a-missing-bucket',
    features: ['F1.05', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'GET {object}',
        follow: false,
        expect: { status: 404, error: { tcode: 'ErrBckNotFound' } },
      },
    ],
  },
  {
    id: 'redirect-marker-is-fresh',
    features: ['F1.05'],
    kind: 'required',
    needs: ['redirect-get'],
    source,
    steps: [
      {
        send: 'GET {object}',
        follow: false,
        expect: { status: 301, headers: { location: present } },
        save: { first: { header: 'location' } },
      },
      {
        send: 'GET {object}',
        follow: false,
        expect: { status: 301, headers: { location: not('{first}') } },
      },
    ],
  },
]
