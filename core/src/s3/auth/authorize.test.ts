import { describe, expect, it } from 'vitest'
import { mapOf } from '../../cluster/control/testing/states.ts'
import { noCredentials } from '../../cluster/credentials.ts'
import { withKey, withUser } from '../../cluster/credentials-changes.ts'
import { createKeyRing } from '../../cluster/key-ring.ts'
import { noPermissions, ownDataAccess } from '../../cluster/permissions.ts'
import { parseTarget } from '../../wire/target.ts'
import { S3Error } from '../s3-error.ts'
import { type AuthorizeContext, authorize } from './authorize.ts'
import { testCrypto } from './testing/node-crypto.ts'
import { exampleKey, exampleSecret, headerBlock } from './testing/signed-call.ts'
import type { SignedCall } from './verify-signature.ts'

const nowMs = Date.parse('2013-05-24T00:00:00Z')
const smap = { ...mapOf('p1'), uuid: 'cluster' }

function contextWith(
  allowTokenCompat: boolean,
  change: 'as it is' | 'disabled' | 'expired' | 'gone' = 'as it is',
): AuthorizeContext {
  const user = {
    id: 'ann',
    canonicalId: 'a'.repeat(64),
    displayName: 'Ann',
    email: '',
    createdMs: 0,
    permissions: ownDataAccess(),
  }
  const parts = {
    crypto: testCrypto,
    random: { bytes: (length: number) => new Uint8Array(length) },
    nowMs: () => nowMs,
    sealingKey: new Uint8Array(32),
  }
  const metadata = { smap: () => smap, credentials: () => noCredentials }
  const sealed = createKeyRing({ ...parts, metadata }).seal(exampleKey.id, exampleSecret)
  const key = {
    id: exampleKey.id,
    user: 'ann',
    createdMs: 0,
    expiresMs: change === 'expired' ? nowMs : undefined,
    disabled: change === 'disabled',
    sealed,
  }
  const known = withUser(noCredentials, user)
  const credentials = change === 'gone' ? known : withKey(known, key)
  return {
    crypto: testCrypto,
    nowMs,
    keyRing: createKeyRing({ ...parts, metadata: { ...metadata, credentials: () => credentials } }),
    credentials,
    allowTokenCompat,
    findToken: (token) =>
      token === 'good.jwt'
        ? { id: 'token', canonicalId: '', displayName: '', permissions: noPermissions }
        : undefined,
  }
}

const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const authorization = (signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${exampleKey.id}/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=${signature}`
const rightSignature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'
const presignedQuery = (signature: string) =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${exampleKey.id}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request` +
  `&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`
const rightQuery = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'

/** What stands in `Authorization`. */
const inAuthorization: Readonly<Record<string, readonly string[]>> = {
  nothing: [],
  'an empty line': [''],
  'a right signature': [authorization(rightSignature)],
  'a wrong signature': [authorization('0'.repeat(64))],
  'a good token': ['Bearer good.jwt'],
  'a bad token': ['Bearer bad.jwt'],
  'two lines': [authorization(rightSignature), 'Bearer good.jwt'],
  'a signature of version 2': ['AWS AKIA:c2ln'],
  'a signature of version 4a': ['AWS4-ECDSA-P256-SHA256 Credential=a'],
  'a password': ['Basic YTpi'],
}
type Query = 'nothing' | 'a right presigned' | 'a wrong presigned' | 'a token'
const inQuery: Readonly<Record<Query, string>> = {
  nothing: '',
  'a right presigned': presignedQuery(rightQuery),
  'a wrong presigned': presignedQuery('0'.repeat(64)),
  'a token': 'X-Amz-Security-Token=good.jwt',
}
/** What stands in the header `X-Amz-Security-Token`. */
const inTokenHeader: Readonly<Record<string, readonly string[]>> = {
  nothing: [],
  'a good token': ['good.jwt'],
  'a bad token': ['FwoGZXIvYXdzEBY'],
  'two tokens': ['good.jwt', 'good.jwt'],
}

function callWith(lines: readonly string[], query: string, tokens: readonly string[]): SignedCall {
  const signed = lines.some((line) => line.startsWith('AWS4-HMAC'))
  return {
    method: 'GET',
    target: `/test.txt${query === '' ? '' : `?${query}`}`,
    headers: headerBlock([
      ['host', 'examplebucket.s3.amazonaws.com'],
      ...(signed
        ? ([
            ['range', 'bytes=0-9'],
            ['x-amz-content-sha256', empty],
            ['x-amz-date', '20130524T000000Z'],
          ] as const)
        : []),
      ...lines.map((value) => ['authorization', value] as const),
      ...tokens.map((value) => ['x-amz-security-token', value] as const),
    ]),
  }
}

function outcome(call: SignedCall, context: AuthorizeContext): string {
  try {
    const { principal, by } = authorize(call, parseTarget(call.target).query.all(), context)
    return `${principal.id === '' ? 'anonymous' : principal.id} by ${by}`
  } catch (error) {
    if (error instanceof S3Error) return `${error.status} ${error.s3Code}`
    throw error
  }
}

/** The table of decisions, in its own order, apart from the program's. */
function expected(auth: string, query: Query, header: string, compat: boolean): string {
  if (query === 'a token') return '400 InvalidToken'
  if (header !== 'nothing' && !compat) return '400 InvalidToken'
  if (auth === 'two lines') return '400 InvalidArgument'
  const none = auth === 'nothing' || auth === 'an empty line'
  if (!none && query !== 'nothing') return '400 InvalidArgument'
  if (/version/.test(auth)) return '400 InvalidRequest'
  if (auth === 'a password') return '400 InvalidArgument'
  if (header !== 'nothing') {
    if (/token/.test(auth)) return '400 InvalidArgument'
    return header === 'a good token' ? 'token by token' : '400 InvalidToken'
  }
  switch (auth) {
    case 'a right signature':
      return 'ann by signature'
    case 'a wrong signature':
      return '403 SignatureDoesNotMatch'
    case 'a good token':
      return 'token by token'
    case 'a bad token':
      return '403 AccessDenied'
  }
  if (query === 'a right presigned') return 'ann by presigned'
  return query === 'a wrong presigned' ? '403 SignatureDoesNotMatch' : 'anonymous by nothing'
}

const queries: readonly Query[] = ['nothing', 'a right presigned', 'a wrong presigned', 'a token']
const cells = [false, true].flatMap((compat) =>
  Object.keys(inAuthorization).flatMap((auth) =>
    queries.flatMap((query) =>
      Object.keys(inTokenHeader).map((header) => ({ compat, auth, query, header })),
    ),
  ),
)

describe('who calls, by what the call carries', () => {
  it.each(cells)(
    'Authorization $auth, query $query, token header $header, compat $compat',
    ({ compat, auth, query, header }) => {
      const call = callWith(
        inAuthorization[auth] ?? [],
        inQuery[query],
        inTokenHeader[header] ?? [],
      )
      expect(outcome(call, contextWith(compat))).toBe(expected(auth, query, header, compat))
    },
  )

  it.each(['disabled', 'expired', 'gone'] as const)('a key that is %s', (change) => {
    const call = callWith([authorization(rightSignature)], '', [])
    expect(outcome(call, contextWith(false, change))).toBe('403 InvalidAccessKeyId')
  })
})

it('does not take a URL signed by version 2 for one of nobody', () => {
  const call = callWith([], 'AWSAccessKeyId=AKIA&Signature=c2ln&Expires=1795418752', [])
  expect(outcome(call, contextWith(false))).toBe('400 InvalidRequest')
})

it('lets nobody unknown choose headers of the response', () => {
  const call = callWith([], 'response-content-type=text%2Fhtml', [])
  expect(outcome(call, contextWith(false))).toBe('400 InvalidRequest')
})

it('says what the body is held to', () => {
  const payload = (call: SignedCall) =>
    authorize(call, parseTarget(call.target).query.all(), contextWith(true)).payload
  expect(payload(callWith([authorization(rightSignature)], '', []))).toEqual({
    kind: 'sha256',
    hex: empty,
  })
  expect(payload(callWith([], presignedQuery(rightQuery), []))).toEqual({ kind: 'unsigned' })
  const streaming = {
    method: 'PUT',
    target: '/b/k',
    headers: headerBlock([
      ['x-amz-security-token', 'good.jwt'],
      ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ]),
  }
  expect(payload(streaming)).toEqual({ kind: 'chunked', signing: undefined, trailer: false })
})
