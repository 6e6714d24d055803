import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Request } from '../fuzz/exchange.ts'
import {
  type GatewayInProcess,
  plainRequest,
  startGatewayInProcess,
} from '../fuzz/gateway-in-process.ts'
import { type Signer, sign } from '../fuzz/sign.ts'

let gateway: GatewayInProcess
let signer: () => Signer

beforeAll(async () => {
  gateway = await startGatewayInProcess()
  signer = await gateway.makeUser('ann')
  await gateway.must(plainRequest('PUT', '/tokens'), signer())
  await gateway.must(plainRequest('PUT', '/tokens/key', 'kept'), signer())
})
afterAll(() => gateway.stop())

const base64url = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const claims = { sub: 'ann', admin: true, exp: 4_102_444_800, iat: 1, iss: 'http://127.0.0.1:1' }

/** Signed by HS256 with `key`, whatever the head says. */
function token(head: object, body: unknown = claims, key = 'secret'): string {
  const text = `${base64url({ typ: 'JWT', ...head })}.${base64url(body)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

const unsigned = (alg: string) => `${base64url({ alg })}.${base64url(claims)}.`

/** What makes verifiers of tokens accept, fetch or allocate what they must not. */
const tokens: Readonly<Record<string, string>> = {
  'no algorithm': token({}),
  none: unsigned('none'),
  None: unsigned('None'),
  nOnE: unsigned('nOnE'),
  'an empty key': token({ alg: 'HS256' }, claims, '\0'),
  'a public key as a secret': token({ alg: 'HS256' }, claims, '-----BEGIN PUBLIC KEY-----'),
  'RS256 that is HS256': token({ alg: 'RS256' }),
  'a key ID that is a path': token({ alg: 'HS256', kid: '../../../../dev/null' }),
  'a key ID that is SQL': token({ alg: 'HS256', kid: "x' UNION SELECT 'secret" }),
  'a key set of its own': token({ alg: 'RS256', jku: 'http://127.0.0.1:1/jwks' }),
  'a certificate of its own': token({ alg: 'RS256', x5u: 'http://127.0.0.1:1/x' }),
  'a key of its own': token({ alg: 'HS256', jwk: { kty: 'oct', k: base64url('secret') } }),
  'critical extensions': token({ alg: 'HS256', crit: ['b64'], b64: false }),
  'no end': token({ alg: 'HS256' }, { sub: 'ann', admin: true }),
  'an end that is text': token({ alg: 'HS256' }, { ...claims, exp: '4102444800' }),
  'an end that is over': token({ alg: 'HS256' }, { ...claims, exp: 1 }),
  'a list of audiences': token({ alg: 'HS256' }, { ...claims, aud: ['a', 'b'] }),
  'claims twice': `${base64url({ alg: 'HS256' })}.${base64url('{"sub":"bob","sub":"ann","admin":true}')}.x`,
  'a token in a token': token({ alg: 'HS256', cty: 'JWT' }, token({ alg: 'HS256' })),
  'padding bits': `${token({ alg: 'HS256' }).slice(0, -1)}_`,
  'padding characters': `${token({ alg: 'HS256' })}==`,
  'encryption whose key takes forever': `${base64url({ alg: 'PBES2-HS256+A128KW', p2c: 2 ** 31, enc: 'A128GCM' })}.a.b.c.d`,
  'encryption that is a bomb': `${base64url({ alg: 'dir', zip: 'DEF', enc: 'A128GCM' })}..a.b.c`,
  'a million dots': '.'.repeat(1_000_000),
  'no dot': 'token',
  nothing: '',
}

/** Every place in which a token may stand. */
const places: Readonly<Record<string, (token: string) => Request>> = {
  Authorization: (one) => withHeader('authorization', `Bearer ${one}`),
  'X-Amz-Security-Token': (one) => withHeader('x-amz-security-token', one),
  'X-Amz-Security-Token of a signed call': (one) =>
    sign(withHeader('x-amz-security-token', one), signer()),
  'a query': (one) => ({
    ...plainRequest('PUT', `/tokens/key?X-Amz-Security-Token=${encodeURIComponent(one)}`, 'x'),
  }),
}

function withHeader(name: string, value: string): Request {
  const plain = plainRequest('PUT', '/tokens/key', 'changed')
  return { ...plain, headers: [...plain.headers, [name, value]] }
}

it.each(Object.keys(places))('S05: no token in %s that must fail is taken', async (place) => {
  for (const [what, one] of Object.entries(tokens)) {
    const request = places[place]?.(one)
    if (request === undefined) continue
    const { status, text } = await gateway.ask(request)
    expect([what, [400, 401, 403].includes(status)], text).toEqual([what, true])
    // What was sent is not told to whoever reads the error.
    if (one.length > 20 && one.length < 5_000) expect(text).not.toContain(one)
  }
  expect(await gateway.must(plainRequest('GET', '/tokens/key'), signer())).toBe('kept')
})
