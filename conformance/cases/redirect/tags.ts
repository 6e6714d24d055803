import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'docs/decisions/redirect-tags.md'
const capabilities = ['direct-targets', 'redirect-tags']
const deviation = 'no tag: what a gateway redirects may be repeated and altered'

/** Asks the gateway where to, and keeps the answer. */
function redirected(send: string, rest: Partial<Step> = {}): Step {
  return { send, ...rest, follow: false, save: { location: { header: 'location', part: 'path' } } }
}

/** A call that the owner must refuse since its tag does not fit. */
function refused(send: string, rest: Partial<Step>, message = /tag is wrong/): Step {
  return { send, at: 'owner', ...rest, expect: { status: 401, error: { message } } }
}

const put: Step = { send: 'PUT {object}', body: 'hello', expect: { status: 200 } }
const putAsked = redirected('PUT {object}', { body: 'hello', expect: { status: 307 } })
const getAsked = redirected('GET {object}', { expect: { status: 301 } })
const stillThere: Step = { send: 'GET {object}', expect: { status: 200, body: 'hello' } }
const notThere: Step = { send: 'GET {object}', expect: { status: 404, error: {} } }
const readAtOwner: Step = {
  send: 'GET {location}',
  at: 'owner',
  expect: { status: 200, body: 'hello' },
}

const common = { features: ['F15.10'], kind: 'optional', source, capabilities } as const

/** A redirect that somebody altered or repeats. */
export const tagCases: readonly ConformanceCase[] = [
  {
    ...common,
    id: 'redirect-tag-changes-once',
    deviation,
    steps: [
      putAsked,
      { send: 'PUT {location}', at: 'owner', body: 'hello', expect: { status: 200 } },
      refused('PUT {location}', { body: 'HELLO' }, /used before/),
      stillThere,
    ],
  },
  {
    ...common,
    id: 'redirect-tag-reads-again',
    steps: [put, getAsked, readAtOwner, readAtOwner],
  },
  {
    ...common,
    id: 'redirect-tag-covers-method',
    deviation,
    steps: [put, getAsked, refused('DELETE {location}', {}), stillThere],
  },
  {
    ...common,
    id: 'redirect-tag-covers-query',
    deviation,
    steps: [put, getAsked, refused('GET {location}&silent=true', {})],
  },
  {
    ...common,
    id: 'redirect-tag-covers-headers',
    deviation,
    steps: [
      putAsked,
      refused('PUT {location}', { body: 'hello', headers: { 'ais-custom-md': 'role=admin' } }),
      notThere,
    ],
  },
  {
    ...common,
    id: 'redirect-tag-covers-length',
    deviation,
    steps: [putAsked, refused('PUT {location}', { body: 'hello, and more' }), notThere],
  },
  {
    ...common,
    id: 'redirect-tag-is-needed',
    deviation,
    steps: [
      refused('PUT {object}?pid={primaryId}&utm=dn23c59ng91f', { body: 'hello' }, /tag/),
      notThere,
    ],
  },
]
