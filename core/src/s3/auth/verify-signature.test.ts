import { describe, expect, it } from 'vitest'
import { parseTarget } from '../../wire/target.ts'
import { S3Error } from '../s3-error.ts'
import { exampleContext, exampleKey, signedCall } from './testing/signed-call.ts'
import { type SignedCall, verifyHeaderSignature, verifyPresigned } from './verify-signature.ts'

const noon = Date.parse('2013-05-24T00:00:00Z')
const emptySha = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const credential = `Credential=${exampleKey.id}/20130524/us-east-1/s3/aws4_request`

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'verified'
  } catch (error) {
    if (error instanceof S3Error) return error.s3Code
    throw error
  }
}

const byHeader = (call: SignedCall, nowMs = noon) =>
  verifyHeaderSignature(call, call.headers.get('authorization') ?? '', exampleContext(nowMs))
const byQuery = (call: SignedCall, nowMs = noon) =>
  verifyPresigned(call, parseTarget(call.target).query.all(), exampleContext(nowMs))

function headerCall(
  method: string,
  target: string,
  signed: string,
  signature: string,
  more: Readonly<Record<string, string>> = {},
): SignedCall {
  return signedCall(method, target, {
    Host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': emptySha,
    'x-amz-date': '20130524T000000Z',
    Authorization: `AWS4-HMAC-SHA256 ${credential},SignedHeaders=${signed},Signature=${signature}`,
    ...more,
  })
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const published: readonly (readonly [string, SignedCall])[] = [
  [
    'GET object with a range',
    headerCall(
      'GET',
      '/test.txt',
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      { Range: 'bytes=0-9' },
    ),
  ],
  [
    'PUT object',
    headerCall(
      'PUT',
      '/test$file.text',
      'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      {
        Date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      },
    ),
  ],
  [
    'GET bucket lifecycle',
    headerCall(
      'GET',
      '/?lifecycle',
      'host;x-amz-content-sha256;x-amz-date',
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ),
  ],
  [
    'GET bucket',
    headerCall(
      'GET',
      '/?max-keys=2&prefix=J',
      'host;x-amz-content-sha256;x-amz-date',
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ),
  ],
]

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const presignedTarget = (more = '') =>
  `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${exampleKey.id}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request` +
  `&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404${more}`
const host = { Host: 'examplebucket.s3.amazonaws.com' }

describe("Amazon's published signatures verify", () => {
  it.each(published)('%s', (_, call) => {
    expect(byHeader(call).key).toBe(exampleKey)
  })

  it('a presigned URL', () => {
    const verified = byQuery(signedCall('GET', presignedTarget(), host))
    expect(verified).toMatchObject({
      key: exampleKey,
      payload: { kind: 'unsigned' },
      expiresAtMs: noon + 86_400_000,
    })
  })
})

describe('a signature in a header is refused', () => {
  const [, get] = published[0] ?? ['', headerCall('GET', '/', '', '')]
  const lines = Object.fromEntries(get.headers.lines())
  const changed = (more: Readonly<Record<string, string>>) =>
    signedCall(get.method, get.target, { ...lines, ...more })
  const authorization = lines.authorization ?? ''

  it.each([
    ['of another method', { ...get, method: 'PUT' }, 'SignatureDoesNotMatch'],
    ['of another path', { ...get, target: '/test.txt/' }, 'SignatureDoesNotMatch'],
    ['with a query added', { ...get, target: '/test.txt?acl' }, 'SignatureDoesNotMatch'],
    ['of another header value', changed({ range: 'bytes=0-10' }), 'SignatureDoesNotMatch'],
    ['with x-amz-* added', changed({ 'x-amz-acl': 'public-read' }), 'AccessDenied'],
    [
      'without host among what is signed',
      changed({ authorization: authorization.replace('host;', '') }),
      'AccessDenied',
    ],
    [
      'of an unknown key',
      changed({ authorization: authorization.replace('AKIA', 'AKIB') }),
      'InvalidAccessKeyId',
    ],
    [
      'of another region',
      changed({ authorization: authorization.replace('us-east-1', 'us-east-2') }),
      'SignatureDoesNotMatch',
    ],
    [
      'of another service',
      changed({ authorization: authorization.replace('/s3/', '/iam/') }),
      'AuthorizationHeaderMalformed',
    ],
    [
      'of another terminator',
      changed({ authorization: authorization.replace('aws4_request', 'aws5') }),
      'AuthorizationHeaderMalformed',
    ],
    [
      'of another day than the request',
      changed({ authorization: authorization.replace('20130524', '20130523') }),
      'AuthorizationHeaderMalformed',
    ],
    [
      'with Signature twice',
      changed({ authorization: `${authorization},Signature=00` }),
      'AuthorizationHeaderMalformed',
    ],
    [
      'without Signature',
      changed({ authorization: authorization.replace(/,Signature.*/, '') }),
      'AuthorizationHeaderMalformed',
    ],
    [
      'with upper-case digits',
      changed({
        authorization: authorization.replace(
          /Signature=.*/,
          (hex) => `Signature=${hex.slice(10).toUpperCase()}`,
        ),
      }),
      'SignatureDoesNotMatch',
    ],
    ['with a date that is none', changed({ 'x-amz-date': '20130229T000000Z' }), 'AccessDenied'],
    [
      'with a digest that is none',
      changed({ 'x-amz-content-sha256': 'abc' }),
      'SignatureDoesNotMatch',
    ],
  ])('%s', (_, call, code) => {
    expect(codeOf(() => byHeader(call))).toBe(code)
  })

  it('without x-amz-content-sha256', () => {
    const rest = Object.fromEntries(
      get.headers.lines().filter(([name]) => name !== 'x-amz-content-sha256'),
    )
    expect(codeOf(() => byHeader(signedCall('GET', get.target, rest)))).toBe('InvalidRequest')
  })

  it.each([
    ['15 minutes late', 900_000, 'verified'],
    ['15 minutes early', -900_000, 'verified'],
    ['later', 900_001, 'RequestTimeTooSkewed'],
    ['earlier', -900_001, 'RequestTimeTooSkewed'],
  ])('when the clock differs: %s', (_, offMs, code) => {
    expect(codeOf(() => byHeader(get, noon + offMs))).toBe(code)
  })
})

describe('a presigned URL is refused', () => {
  const withParameter = (name: string, value: string) =>
    signedCall(
      'GET',
      presignedTarget().replace(new RegExp(`${name}=[^&]*`), `${name}=${value}`),
      host,
    )

  it.each([
    [
      'with a header added',
      signedCall('GET', presignedTarget(), { ...host, 'x-amz-copy-source': '/b/k' }),
      'AccessDenied',
    ],
    [
      'with a parameter added',
      signedCall('GET', presignedTarget('&acl'), host),
      'SignatureDoesNotMatch',
    ],
    ['for another method', signedCall('HEAD', presignedTarget(), host), 'SignatureDoesNotMatch'],
    [
      'at another host',
      signedCall('GET', presignedTarget(), { Host: 'other' }),
      'SignatureDoesNotMatch',
    ],
    [
      'with a parameter of its own twice',
      signedCall('GET', presignedTarget('&X-Amz-Expires=86400'), host),
      'AuthorizationQueryParametersError',
    ],
    [
      'with an escaped name twice',
      signedCall('GET', presignedTarget('&X%2DAmz-Date=20130524T000000Z'), host),
      'AuthorizationQueryParametersError',
    ],
    [
      'with another algorithm',
      withParameter('X-Amz-Algorithm', 'AWS4-HMAC-SHA1'),
      'AuthorizationQueryParametersError',
    ],
    ['with more than a week', withParameter('X-Amz-Expires', '604801'), 'AccessDenied'],
    ['with less than nothing', withParameter('X-Amz-Expires', '-1'), 'AccessDenied'],
    ['with no time at all', withParameter('X-Amz-Expires', '0'), 'AccessDenied'],
    ['with another time', withParameter('X-Amz-Expires', '86401'), 'SignatureDoesNotMatch'],
    ['with no date', withParameter('X-Amz-Date', 'today'), 'AuthorizationQueryParametersError'],
    [
      'without a signature',
      withParameter('X-Amz-Signature', ''),
      'AuthorizationQueryParametersError',
    ],
  ])('%s', (_, call, code) => {
    expect(codeOf(() => byQuery(call))).toBe(code)
  })

  it.each([
    ['to its end', 86_399_999, 'verified'],
    ['after it', 86_400_000, 'AccessDenied'],
    ['a little before it begins', -900_000, 'verified'],
    ['long before it begins', -900_001, 'AccessDenied'],
  ])('outside of its time: %s', (_, offMs, code) => {
    expect(codeOf(() => byQuery(signedCall('GET', presignedTarget(), host), noon + offMs))).toBe(
      code,
    )
  })
})

it('says what it made of the request, and no secret', () => {
  const [, call] = published[0] ?? []
  if (call === undefined) throw new Error('assert: a vector')
  try {
    byHeader({ ...call, method: 'PUT' })
    expect.unreachable()
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    const told = JSON.stringify([error.message, error.fields])
    expect(told).toContain('PUT\\n/test.txt\\n')
    expect(told).not.toContain('wJalrXUtnFEMI')
  }
})
