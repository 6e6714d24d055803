import type { HeaderLine } from '@aistore-ts/core/ports/call.ts'
import type { Answered, Request } from './exchange.ts'
import { type GatewayInProcess, plainRequest, startGatewayInProcess } from './gateway-in-process.ts'
import { Seeded } from './seeded.ts'

/** What is wrong, at most so many times. */
const problemsMax = 20

/** Text that stands in the place of a value, or of a whole document. */
const values: readonly string[] = [
  'null',
  '1e999',
  '-1e999',
  '1e-999',
  '4294967296',
  '18446744073709551616',
  '9'.repeat(5_000),
  '-0',
  '0x10',
  'NaN',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"__proto__"',
  '"constructor"',
  '"hasOwnProperty"',
  '"\\u0000"',
  '{"__proto__":{"polluted":true}}',
  '{"\\u005f_proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":2,"hasOwnProperty":3}',
  '{"then":{"polluted":true}}',
  '{"length":4294967296}',
  '{"4294967296":1,"-1":2,"0":3}',
  '[[],{},[[]]]',
  '['.repeat(100_000),
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  '{"a":'.repeat(100_000),
  '',
  '{}',
  '[]',
  'true',
]

/** Keys, each with a value, that are put first or last in an object. */
const members: readonly string[] = [
  '"__proto__":{"polluted":true}',
  '"__proto__":null',
  '"constructor":{"prototype":{"polluted":true}}',
  '"prototype":{"polluted":true}',
  '"toJSON":"x"',
  '"then":"x"',
  '"action":"create-bck"',
  '"name":"__proto__"',
  '"value":{"__proto__":1}',
  '"4294967296":1',
]

const headers: readonly HeaderLine[] = [
  ['__proto__', 'polluted'],
  ['constructor', 'polluted'],
  ['ais-custom-md', '__proto__=polluted'],
  ['ais-custom-md', 'constructor=polluted'],
  ['x-amz-meta-__proto__', 'polluted'],
  ['x-amz-meta-constructor', 'polluted'],
  ['x-amz-tagging', '__proto__=polluted&constructor=polluted'],
]

const queries: readonly string[] = [
  '__proto__=polluted',
  '__proto__[polluted]=1',
  'constructor.prototype.polluted=1',
  'constructor=polluted',
  'what=__proto__',
  'props=__proto__',
  'provider=__proto__',
  'namespace=%23__proto__',
  'uploadId=__proto__',
  '4294967296=1',
]

function json(method: string, target: string, body: unknown): Request {
  return plainRequest(method, target, typeof body === 'string' ? body : JSON.stringify(body))
}

/** Calls that are right, one of each that reads a document or leaves names behind. */
const corpus: readonly Request[] = [
  json('POST', '/v1/buckets/json', { action: 'create-bck', value: { checksum: { type: 'md5' } } }),
  json('PATCH', '/v1/buckets/json', {
    action: 'set-bprops',
    value: { checksum: { validate_warm_get: true }, versioning: { enabled: true } },
  }),
  json('PATCH', '/v1/buckets/json', { action: 'reset-bprops' }),
  json('GET', '/v1/buckets/json', { action: 'list', value: { props: 'name,size', prefix: 'a' } }),
  json('GET', '/v1/buckets', { action: 'list', value: {} }),
  json('GET', '/v1/buckets/json', { action: 'summary-bck', value: { uuid: '' } }),
  json('PUT', '/v1/cluster', {
    action: 'set-config',
    value: { checksum: { validate_warm_get: false }, log: { level: '0' } },
  }),
  json('PUT', '/v1/daemon', { action: 'set-config', value: { log: { level: '0' } } }),
  json('PUT', '/v1/cluster', { action: 'start', value: { kind: 'rebalance', id: 'x' } }),
  json('POST', '/v1/cluster', { daemon_id: 'x', daemon_type: 'target' }),
  json('POST', '/v1/credentials/users', { id: 'someone', permissions: { admin: false } }),
  json('POST', '/v1/credentials/keys', { user: 'someone' }),
  json('PATCH', '/v1/credentials/keys/none', { disabled: true }),
  json('PATCH', '/v1/objects/json/key', { action: 'x', value: { color: 'red' } }),
  json('POST', '/v1/objects/json/key', { action: 'rename-obj', name: 'other' }),
  json('POST', '/v1/objects/json/key', { action: 'mpt-upload' }),
  json('POST', '/v1/objects/json/key?uploadId=x', {
    action: 'mpt-complete',
    value: [{ 'part-number': 1, etag: '' }],
  }),
  json('PUT', '/v1/objects/json/key', 'content'),
  json('PUT', '/s3/json/key', 'content'),
  json('PUT', '/s3/json?policy', {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::json/*',
        Condition: { StringEquals: { 'aws:Referer': 'x' } },
      },
    ],
  }),
]

function changeText(text: string, random: Seeded): string {
  const chance = random.below(4)
  if (chance === 0) return random.pick(values)
  const places = [...text.matchAll(chance === 1 ? /[{]/g : chance === 2 ? /[}]/g : /:/g)]
  const place = places.length === 0 ? undefined : random.pick(places).index
  if (place === undefined) return random.pick(values)
  const member = random.pick(members)
  if (chance === 1) return `${text.slice(0, place + 1)}${member},${text.slice(place + 1)}`
  if (chance === 2) return `${text.slice(0, place)},${member}${text.slice(place)}`
  const value = /^:("[^"]*"|[^,{}[\]]+|)/.exec(text.slice(place))?.[0] ?? ':'
  return `${text.slice(0, place + 1)}${random.pick(values)}${text.slice(place + value.length)}`
}

/** The request with something in it that leads programs in this language astray. */
function hostile(request: Request, random: Seeded): Request {
  const body = Buffer.from(changeText(Buffer.from(request.body).toString(), random))
  const more = random.chance(0.3) ? [random.pick(headers)] : []
  const query = random.chance(0.3) ? random.pick(queries) : ''
  const mark = request.target.includes('?') ? '&' : '?'
  const name = random.chance(0.1) ? '__proto__' : random.chance(0.1) ? 'constructor' : undefined
  const path = name === undefined ? request.target : request.target.replace(/json|someone/, name)
  return {
    method: request.method,
    target: query === '' ? path : `${path}${mark}${query}`,
    headers: [...request.headers, ['content-length', String(body.length)], ...more],
    body: random.chance(0.8) ? body : request.body,
  }
}

/** What all objects share: keys with their values, in order. */
function intrinsics(): readonly unknown[] {
  const shared = [Object, Array, Function, String, Number, Boolean, Map, Set, Promise, RegExp]
  return shared.flatMap(({ prototype }) =>
    Reflect.ownKeys(prototype).flatMap((key) => {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(prototype, key) ?? {}
      return [key, value, get, set]
    }),
  )
}

/** Whether they are the very same as before. */
function areIntact(before: readonly unknown[]): boolean {
  const now = intrinsics()
  return now.length === before.length && now.every((value, at) => Object.is(value, before[at]))
}

export interface JsonOutcome {
  readonly statuses: ReadonlyMap<number, number>
  readonly problems: readonly string[]
}

/** Follows a redirect as native clients do: the whole request once more. */
async function follow(gateway: GatewayInProcess, request: Request): Promise<Answered> {
  const first = await gateway.askNode(request)
  const location = first.headers.find(([name]) => name === 'Location')?.[1]
  if (location === undefined || first.status >= 400) return first
  const { origin } = new URL(location)
  return gateway.askNode({ ...request, target: location.slice(origin.length) }, origin)
}

/** Gives every reader of documents, headers and queries what pollutes prototypes and overflows readers. */
export async function fuzzJson(options: {
  readonly requests: number
  readonly seed: number
}): Promise<JsonOutcome> {
  const gateway = await startGatewayInProcess()
  const random = new Seeded(options.seed)
  const statuses = new Map<number, number>()
  const problems: string[] = []
  const before = intrinsics()
  try {
    await gateway.askNode(json('POST', '/v1/buckets/json', { action: 'create-bck' }))
    for (let at = 0; at < options.requests && problems.length < problemsMax; at++) {
      const request = hostile(random.pick(corpus), random)
      const shown = `${request.method} ${request.target} ${Buffer.from(request.body).toString('utf8', 0, 200)}`
      const { status, text, headers: lines } = await follow(gateway, request)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const isExplained = status === 501 || status === 503
      if (status >= 500 && !isExplained) problems.push(`${status} ${text.slice(0, 200)}: ${shown}`)
      if (lines.some(([name, value]) => /[\r\n\0]/.test(name + value)))
        problems.push(`a split header: ${shown}`)
      if (at % 100 === 0 && !areIntact(before)) problems.push(`a prototype was changed: ${shown}`)
    }
    if (!areIntact(before)) problems.push('a prototype was changed')
    return { statuses, problems }
  } finally {
    await gateway.stop()
  }
}
