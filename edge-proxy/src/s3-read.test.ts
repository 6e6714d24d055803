import { addBucket, emptyBmd } from '@aistore-ts/core/bucket/bmd.ts'
import { defaultBucketProps } from '@aistore-ts/core/bucket/bucket-props.ts'
import { noCredentials } from '@aistore-ts/core/cluster/credentials.ts'
import { noPermissions } from '@aistore-ts/core/cluster/permissions.ts'
import { defaultClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import {
  type EdgeCredentials,
  edgeCredentialsText,
  parseEdgeCredentials,
} from '@aistore-ts/core/edge/edge-credentials.ts'
import type { HeaderLine } from '@aistore-ts/core/ports/call.ts'
import { checkedPolicy } from '@aistore-ts/core/s3/access/stored-policy.ts'
import { deriveDateKey } from '@aistore-ts/core/s3/auth/signing-keys.ts'
import { headerBlock } from '@aistore-ts/core/s3/auth/testing/signed-call.ts'
import { ownBck } from '@aistore-ts/core/s3/find-bucket.ts'
import { nodeCrypto } from '@aistore-ts/runtime-adapters/node/crypto.ts'
import { beforeEach, expect, it } from 'vitest'
import { presignedUrl } from '../../tests/edge/presigned-url.ts'
import { createS3Reads } from './s3-read.ts'

const endpoint = 'http://127.0.0.1:8090'
const pair = { access_key: 'KEY', secret_key: 'secret' }
const issuedAtMs = Date.UTC(2026, 4, 24)
const canonicalId = 'a'.repeat(64)
let nowMs: number
const reads = createS3Reads(new Set(), nodeCrypto, () => nowMs)

/** What a gateway told: one user, one key, one bucket that is hers; as it arrives. */
function known(changes: { policy?: string; disabled?: boolean; days?: string[] } = {}) {
  const { policy, disabled = false, days = ['20260524'] } = changes
  const user = { id: 'ann', canonicalId, displayName: '', email: '', createdMs: 0 }
  const key = { id: 'KEY', user: 'ann', createdMs: 0, expiresMs: undefined, disabled }
  const props = defaultBucketProps(defaultClusterConfig(), 'ais')
  const s3 = {
    ...props.s3,
    owner: canonicalId,
    ownership: 'BucketOwnerEnforced' as const,
    policy: policy === undefined ? undefined : checkedPolicy(policy, 'b', () => undefined),
  }
  const document: EdgeCredentials = {
    ...{ clusterUuid: 'cluster', edgeId: 'edge1', issuedAtMs, notAfterMs: issuedAtMs + 60_000 },
    auth: { client_auth_required: false },
    credentials: {
      ...noCredentials,
      users: new Map([['ann', { ...user, permissions: noPermissions }]]),
      keys: new Map([['KEY', { ...key, sealed: { by: '', box: '' } }]]),
    },
    dateKeys: new Map([
      ['KEY', new Map(days.map((day) => [day, deriveDateKey(nodeCrypto, 'secret', day)]))],
    ]),
    bmd: addBucket(emptyBmd(), ownBck('b'), { ...props, s3 }),
  }
  const parsed = parseEdgeCredentials(edgeCredentialsText(document))
  if (parsed === undefined) throw new Error('not read')
  return parsed
}

function callOf(target: string, more: readonly HeaderLine[] = []) {
  const lines: HeaderLine[] = [['host', '127.0.0.1:8090'], ...more]
  const body = {
    lengthBytes: 0,
    consume: async () => undefined,
    async *[Symbol.asyncIterator]() {},
  }
  const { signal } = new AbortController()
  const from = { network: 'public', remoteAddress: '127.0.0.1', remotePort: 1 } as const
  return { method: 'GET', target, headers: headerBlock(lines), body, signal, ...from }
}

/** A call of `path`, signed the day before what is known was told. */
function signed(path = '/s3/b/o', more: readonly HeaderLine[] = []) {
  const url = presignedUrl(endpoint, path, pair, new Date(issuedAtMs))
  return callOf(url.slice(endpoint.length), more)
}

beforeEach(() => {
  nowMs = issuedAtMs + 1_000
})

const everybody = (condition: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Allow', Principal: '*', Action: ['s3:GetObject', 's3:ListBucket'] },
        Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
        ...condition,
      },
    ],
  })

it('lets in who signed with a key of the document, and passes no credentials on', () => {
  const lines: HeaderLine[] = [
    ['ais-s3-payload', '{}'],
    ['range', 'bytes=0-1'],
  ]
  const admitted = reads.admit(signed('/s3/b/o', lines), known())
  expect(admitted?.s3.key).toBe('o')
  expect(admitted?.call.headers.lines()).toEqual([['range', 'bytes=0-1']])
})

it.each<[string, () => ReturnType<typeof reads.admit>]>([
  [
    'another name than was signed',
    () => {
      const call = signed()
      return reads.admit({ ...call, target: call.target.replace('/o?', '/p?') }, known())
    },
  ],
  ['nobody who signed', () => reads.admit(callOf('/s3/b/o'), known())],
  ['a key that was disabled', () => reads.admit(signed(), known({ disabled: true }))],
  ['a day that no key was told of', () => reads.admit(signed(), known({ days: ['20260523'] }))],
  ['a bucket that is not in it', () => reads.admit(signed('/s3/c/o'), known())],
  ['a page', () => reads.admit(signed('/s3/b/o', [['origin', 'http://a.example']]), known())],
  ['something else of an object', () => reads.admit(callOf('/s3/b/o?acl'), known())],
  ['a bucket', () => reads.admit(signed('/s3/b'), known())],
])('leaves to a gateway %s', (_what, admit) => {
  expect(admit()).toBeUndefined()
})

it('lets nobody in by a key once the document is a minute old, but those that everybody is', () => {
  const document = known({ policy: everybody({}) })
  nowMs = issuedAtMs + 60_001
  expect(reads.admit(signed(), document)).toBeUndefined()
  expect(reads.admit(callOf('/s3/b/o'), document)?.s3.key).toBe('o')
})

it('judges by no policy that asks where a call comes from', () => {
  const from = { Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1/32' } } }
  expect(reads.admit(callOf('/s3/b/o'), known({ policy: everybody({}) }))).toBeDefined()
  expect(reads.admit(callOf('/s3/b/o'), known({ policy: everybody(from) }))).toBeUndefined()
})
