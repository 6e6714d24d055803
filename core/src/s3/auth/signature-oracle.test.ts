import { SignatureV4 } from '@smithy/signature-v4'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodePath, parseTarget } from '../../wire/target.ts'
import { S3Error } from '../s3-error.ts'
import { exampleContext, exampleKey, exampleSecret, signedCall } from './testing/signed-call.ts'
import { Sha256 } from './testing/smithy-sha256.ts'
import { type SignedCall, verifyHeaderSignature, verifyPresigned } from './verify-signature.ts'

const signer = new SignatureV4({
  service: 's3',
  region: 'eu-north-1',
  uriEscapePath: false,
  credentials: { accessKeyId: exampleKey.id, secretAccessKey: exampleSecret },
  sha256: Sha256,
})
const now = new Date('2026-11-23T05:00:00Z')

/** A query value or name as every client encodes it. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const word = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => text !== '__proto__' && !/\0/.test(text) && !/\p{Surrogate}/u.test(text))
const headerValue = fc.string({
  unit: fc.constantFrom('a', 'Z', ' ', '  ', '/', '=', ',', 'é', '%'),
  maxLength: 12,
})
const request = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'HEAD', 'DELETE', 'POST'),
  key: fc
    .array(word, { minLength: 1, maxLength: 4 })
    .map((words) => words.join('/'))
    .filter((key) => !/(^|\/)\.{1,2}(\/|$)/.test(key)),
  query: fc.uniqueArray(
    fc.tuple(
      word.filter((name) => name !== '' && !/^x-amz-/i.test(name)),
      word,
    ),
    { maxLength: 3, selector: ([name]) => name },
  ),
  meta: fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/), headerValue), {
    maxLength: 3,
    selector: ([name]) => name,
  }),
  range: fc.option(
    fc.nat().map((to) => `bytes=0-${to}`),
    { nil: undefined },
  ),
})
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

function httpRequest({ method, key, query, meta, range }: Request) {
  const path = `/s3/bucket/${key.split('/').map(encoded).join('/')}`
  const headers: Record<string, string> = { host: '127.0.0.1:9000' }
  for (const [name, value] of meta) headers[`x-amz-meta-${name}`] = value
  if (range !== undefined) headers.range = range
  return {
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 9000,
    path,
    query: Object.fromEntries(query),
    headers,
  }
}

function targetOf(path: string, query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encoded(name)}=${encoded(String(value))}`,
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

async function signed(one: Request): Promise<SignedCall> {
  const plain = httpRequest(one)
  const { headers, query } = await signer.sign(plain, { signingDate: now })
  return signedCall(one.method, targetOf(plain.path, query ?? {}), headers)
}

async function presigned(one: Request): Promise<SignedCall> {
  const plain = httpRequest(one)
  const headers = { ...plain.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
  const { query, headers: left } = await signer.presign(
    { ...plain, headers },
    { signingDate: now, expiresIn: 60 },
  )
  const sent = Object.fromEntries(
    Object.entries(left).filter(([name]) => name !== 'x-amz-content-sha256'),
  )
  return signedCall(one.method, targetOf(plain.path, query ?? {}), sent)
}

function verified(call: SignedCall): boolean {
  const authorization = call.headers.get('authorization')
  const context = exampleContext(now.getTime())
  try {
    if (authorization !== undefined) verifyHeaderSignature(call, authorization, context)
    else verifyPresigned(call, parseTarget(call.target).query.all(), context)
    return true
  } catch (error) {
    if (error instanceof S3Error) return false
    throw error
  }
}

const runs = { numRuns: 400 }

it('verifies whatever the SDK signs, in headers and in URLs', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      expect(verified(await signed(one))).toBe(true)
      expect(verified(await presigned(one))).toBe(true)
    }),
    runs,
  )
}, 60_000)

it('takes a target for the same however it is escaped', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      const call = await signed(one)
      const [path = '', ...query] = call.target.split('?')
      const again = encodePath(parseTarget(path).path).replace(/%../g, (digits) =>
        digits.toLowerCase(),
      )
      expect(verified({ ...call, target: [again, ...query].join('?') })).toBe(true)
    }),
    runs,
  )
}, 60_000)

it('refuses whatever was changed afterwards', async () => {
  const change = fc.record({
    what: fc.constantFrom('method', 'path', 'query', 'signed header', 'new header', 'signature'),
    at: fc.nat(),
    by: fc.stringMatching(/^[b-z]{1,3}$/),
  })
  await fc.assert(
    fc.asyncProperty(request, change, fc.boolean(), async (one, { what, at, by }, inUrl) => {
      const call = await (inUrl ? presigned(one) : signed(one))
      const lines = call.headers.lines()
      const headers = Object.fromEntries(lines)
      const [path = '', query = ''] = call.target.split('?')
      const [name = '', value = ''] = lines
        .filter(([own]) => own === 'host' || /^x-amz-(meta|date)/.test(own))
        .at(at % 2) ?? ['host', headers.host]
      const altered: Record<typeof what, SignedCall> = {
        method: { ...call, method: `${call.method}X` },
        path: { ...call, target: `${path}${by}${query === '' ? '' : `?${query}`}` },
        query: { ...call, target: `${path}?${query}${query === '' ? '' : '&'}${by}=1` },
        'signed header': signedCall(call.method, call.target, {
          ...headers,
          [name]: `${value}${by}`,
        }),
        'new header': signedCall(call.method, call.target, { ...headers, [`x-amz-${by}`]: by }),
        signature: inUrl
          ? {
              ...call,
              target: call.target.replace(
                /Signature=./,
                (was) => `Signature=${was.endsWith('0') ? '1' : '0'}`,
              ),
            }
          : signedCall(call.method, call.target, {
              ...headers,
              authorization: (headers.authorization ?? '').replace(/.$/, (was) =>
                was === '0' ? '1' : '0',
              ),
            }),
      }
      expect(verified(altered[what])).toBe(false)
    }),
    runs,
  )
}, 60_000)
