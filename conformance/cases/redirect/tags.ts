import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'docs/decisions/redirect-tags.md'
const capabilities = ['direct-targets', 'redirect-tags']
const deviation = 'no tag: what a gateway redirects may be repeated and altered'

/** Asks the gateway where to, and keeps the answer. */
function redirected(send: string, rest: Partial<Step> = {}): Step {
  return { send, ...rest, follow: false, save: { location: { header: 'location', part: 'path' } } }
}

/** A redirect that somebody altered or repeats. */
export const tagCases: readonly ConformanceCase[] = [
  {
    id: 'redirect-tag-changes-once',
    features: ['F15.10'],
    kind: 'optional',
    source,
    capabilities,
    deviation,
    steps: [
      redirected('PUT {object}', { body: 'hello', expect: { status: 307 } }),
      { send: 'PUT {location}', at: 'owner', body: 'hello', expect: { status: 200 } },
      {
        send: 'PUT {location}',
        at: 'owner',
        body: 'HELLO',
        expect: { status: 401, error: { message: /used before/ } },
      },
      { send: 'GET {object}', expect: { status: 200, body: 'hello' } },
    ],
  },
  {
    id: 'redirect-tag-reads-again',
    features: ['F15.10'],
    kind: 'optional',
    source,
    capabilities,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      redirected('GET {object}', { expect: { status: 301 } }),
      { send: 'GET {location}', at: 'owner', expect: { status: 200, body: 'hello' } },
      { send: 'GET {location}', at: 'owner', expect: { status: 200, body: 'hello' } },
    ],
  },
  {
    id: 'redirect-tag-covers-method',
    features: ['F15.10'],
    kind: 'optional',
    source,
    capabilities,
    deviation,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      redirected('GET {object}', { expect: { status: 301 } }),
      {
        send: 'DELETE {location}',
        at: 'owner',
        expect: { status: 401, error: { message: /tag is wrong/ } },
      },
      { send: 'GET {object}', expect: { status: 200, body: 'hello' } },
    ],
  },
  {
    id: 'redirect-tag-covers-query',
    features: ['F15.10'],
    kind: 'optional',
    source,
    capabilities,
    deviation,
    steps: [
      { send: 'PUT {object}', body: 'hello', expect: { status: 200 } },
      redirected('GET {object}', { expect: { status: 301 } }),
      {
        send: 'GET {location}&silent=true',
        at: 'owner',
        expect: { status: 401, error: { message: /tag is wrong/ } },
      },
    ],
  },
  {
    id: 'redirect-tag-covers-headers',
    features: ['F15.10'],
    kind: 'optional',
    source,
    capabilities,
    deviation,
    steps: [
      redirected('PUT {object}', { body: 'hello', expect: { status: 307 } }),
      {
        send: 'PUT {location}',
        at: 'owner',
        body: 'hello',
        headers: { 'ais-custom-md': 'role=admin' },
        expect: { status: 401, error: { message: /tag is wrong/ } },
      },
      { send: 'GET {object}', expect: { status: 404, error: {} } },
    ],
  },
  {
    id: 'redirect-tag-covers-length',
    features: ['F15.10'],
    kind: 'optional',
    source,
    capabilities,
    deviation,
    steps: [
      redirected('PUT {object}', { body: 'hello', expect: { status: 307 } }),
      {
        send: 'PUT {location}',
        at: 'owner',
        body: 'hello, and more',
        expect: { status: 401, error: { message: /tag is wrong/ } },
      },
      { send: 'GET {object}', expect: { status: 404, error: {} } },
    ],
  },
  {
    id: 'redirect-tag-is-needed',
    features: ['F15.10'],
    kind: 'optional',
    source,
    capabilities,
    deviation,
    steps: [
      {
        send: 'PUT {object}?pid={primaryId}&utm=dn23c59ng91f',
        at: 'owner',
        body: 'hello',
        expect: { status: 401, error: { message: /tag/ } },
      },
      { send: 'GET {object}', expect: { status: 404, error: {} } },
    ],
  },
]
