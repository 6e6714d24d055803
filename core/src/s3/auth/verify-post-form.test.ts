import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../algorithms/hex.ts'
import { S3Error } from '../s3-error.ts'
import { hmacSha1Base64 } from './form-signature-v2.ts'
import { deriveSigningKey } from './signing-keys.ts'
import { testCrypto } from './testing/node-crypto.ts'
import { exampleContext, exampleKey, exampleSecret } from './testing/signed-call.ts'
import { type FormContext, verifyPostForm } from './verify-post-form.ts'

function createSha1() {
  const hash = createHash('sha1')
  return {
    update: (chunk: Uint8Array) => void hash.update(chunk),
    digestHex: () => hash.digest('hex'),
  }
}

function formContext(now: number): FormContext<typeof exampleKey> {
  return {
    ...exampleContext(now),
    signVersion2: (_, text) => hmacSha1Base64(createSha1, exampleSecret, text),
  }
}

const nowMs = Date.parse('2015-12-29T12:00:00Z')
const scope = { date: '20151229', region: 'us-east-1', text: '20151229/us-east-1/s3/aws4_request' }

const usual = {
  expiration: '2015-12-30T12:00:00.000Z',
  conditions: [
    { bucket: 'sigv4examplebucket' },
    ['starts-with', '$key', 'user/user1/'],
    { acl: 'public-read' },
    ['eq', '$Content-Type', 'image/jpeg'],
    ['content-length-range', 1, 10],
  ],
}
const usualForm = { key: 'user/user1/a.jpg', acl: 'public-read', 'content-type': 'image/jpeg' }

function form(policy: unknown, more: Readonly<Record<string, string>>): Map<string, string> {
  const text = Buffer.from(typeof policy === 'string' ? policy : JSON.stringify(policy)).toString(
    'base64',
  )
  const key = deriveSigningKey(testCrypto, exampleSecret, scope)
  return new Map(
    Object.entries({
      policy: text,
      'x-amz-algorithm': 'AWS4-HMAC-SHA256',
      'x-amz-credential': `${exampleKey.id}/${scope.text}`,
      'x-amz-date': '20151229T000000Z',
      'x-amz-signature': toHex(testCrypto.hmacSha256(key, text)),
      ...more,
    }),
  )
}

function outcome(
  fields: ReadonlyMap<string, string>,
  bucket = 'sigv4examplebucket',
  now = nowMs,
): string {
  try {
    verifyPostForm(fields, bucket, formContext(now))
    return 'verified'
  } catch (error) {
    if (error instanceof S3Error) return `${error.s3Code}: ${error.message}`
    throw error
  }
}

describe('a form with a signed policy', () => {
  it('is let in, and says how long the file may be', () => {
    const { key, policy } = verifyPostForm(
      form(usual, usualForm),
      'sigv4examplebucket',
      formContext(nowMs),
    )
    expect(key).toBe(exampleKey)
    expect(policy.length).toEqual({ min: 1, max: 10 })
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['another key', { key: 'user/user2/a' }, /AccessDenied: .*\$key/],
    [
      'a field that no condition covers',
      { 'x-amz-meta-a': 'b' },
      /Extra input fields: x-amz-meta-a/,
    ],
    ['a checksum of the file', { 'x-amz-checksum-crc32': 'AAAAAA==' }, /verified/],
    ['a field to be ignored', { 'x-ignore-me': 'b' }, /verified/],
    ['another value', { acl: 'private' }, /AccessDenied/],
    ['another signature', { 'x-amz-signature': '0'.repeat(64) }, /SignatureDoesNotMatch/],
    ['another algorithm', { 'x-amz-algorithm': 'none' }, /InvalidArgument/],
    ['another day', { 'x-amz-date': '20151228T000000Z' }, /InvalidArgument/],
    ['an unknown key', { 'x-amz-credential': `X/${scope.text}` }, /InvalidAccessKeyId/],
    ['no policy', { policy: '' }, /named 'policy'/],
    ['a token', { 'x-amz-security-token': 't' }, /InvalidToken/],
  ])('with %s', (_, more, expected) => {
    expect(outcome(form(usual, { ...usualForm, ...more }))).toMatch(expected)
  })

  it('may be signed by version 2, which is held to the same', () => {
    const signed = (text: string) => {
      const all = form(usual, usualForm)
      const policy = all.get('policy') ?? ''
      const rest = [...all].filter(([name]) => !name.startsWith('x-amz-'))
      const signature = createHmac('sha1', exampleSecret)
        .update(policy + text)
        .digest('base64')
      return new Map([...rest, ['awsaccesskeyid', exampleKey.id], ['signature', signature]])
    }
    expect(outcome(signed(''))).toBe('verified')
    expect(outcome(signed('x'))).toMatch(/^SignatureDoesNotMatch/)
    expect(outcome(signed(''), 'other')).toMatch(/\$bucket/)
    expect(outcome(signed(''), undefined, nowMs + 86_400_000)).toMatch(/expired/)
    expect(outcome(new Map([...signed(''), ['awsaccesskeyid', 'X']]))).toMatch(
      /^InvalidAccessKeyId/,
    )
    expect(outcome(new Map([...signed(''), ['x-amz-meta-a', 'b']]))).toMatch(/Extra input fields/)
  })

  it('goes to no other bucket, and not after its end', () => {
    expect(outcome(form(usual, usualForm), 'other')).toMatch(/\$bucket/)
    expect(outcome(form(usual, usualForm), undefined, nowMs + 86_400_000)).toMatch(/expired/)
    const anywhere = { ...usual, conditions: usual.conditions.slice(1) }
    expect(outcome(form(anywhere, usualForm))).toMatch(/Extra input fields: bucket/)
  })

  it.each([
    'no json',
    '[]',
    '{"conditions":[]}',
    '{"expiration":"2015-12-30T12:00:00Z"}',
    '{"expiration":"2015-12-30 12:00:00+00:00","conditions":[]}',
    '{"expiration":"2015-12-30T12:00:00Z","conditions":[1]}',
    '{"expiration":"2015-12-30T12:00:00Z","conditions":[["like","$key","a"]]}',
    '{"expiration":"2015-12-30T12:00:00Z","conditions":[["content-length-range",2,1]]}',
    '{"expiration":"2015-12-30T12:00:00Z","conditions":[{"a":"b","c":"d"}]}',
  ])('whose policy is malformed: %s', (policy) => {
    expect(outcome(form(policy, usualForm))).toMatch(/^InvalidPolicyDocument/)
  })
})
