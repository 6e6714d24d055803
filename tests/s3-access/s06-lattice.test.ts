import { s3Operations } from '@aistore-ts/core/api/s3/registry.ts'
import { accessBits } from '@aistore-ts/core/node/access.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ask, SignedClient } from './signed-client.ts'

interface Row {
  /** The one permission that is enough. */
  readonly needs: keyof typeof accessBits
  /** A call that, when it is let in, changes nothing. */
  readonly ask: Ask
  /** Also needs this, of what it copies. */
  readonly and?: keyof typeof accessBits
}

const bucket = '/lattice'
const key = '/lattice/key'
const none = '/lattice/none'

/** Every operation, and what lets somebody call it. */
const table: Readonly<Record<string, Row>> = {
  AbortMultipartUpload: {
    needs: 'DELETE-OBJECT',
    ask: { method: 'DELETE', path: `${key}?uploadId=x` },
  },
  CompleteMultipartUpload: { needs: 'PUT', ask: { method: 'POST', path: `${key}?uploadId=x` } },
  CopyObject: {
    needs: 'PUT',
    and: 'GET',
    ask: {
      method: 'PUT',
      path: none,
      headers: { 'x-amz-copy-source': 'lattice/key', 'x-amz-copy-source-if-match': '"other"' },
    },
  },
  CreateBucket: { needs: 'CREATE-BUCKET', ask: { method: 'PUT', path: bucket } },
  CreateMultipartUpload: {
    needs: 'PUT',
    ask: {
      method: 'POST',
      path: `${key}?uploads`,
      headers: { 'x-amz-checksum-algorithm': 'none' },
    },
  },
  DeleteBucket: { needs: 'DESTROY-BUCKET', ask: { method: 'DELETE', path: bucket } },
  DeleteBucketCors: { needs: 'PATCH', ask: { method: 'DELETE', path: `${bucket}?cors` } },
  DeleteBucketLifecycle: { needs: 'PATCH', ask: { method: 'DELETE', path: `${bucket}?lifecycle` } },
  DeleteBucketOwnershipControls: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'DELETE', path: `${bucket}?ownershipControls` },
  },
  DeleteBucketPolicy: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'DELETE', path: `${bucket}?policy` },
  },
  DeleteBucketTagging: { needs: 'PATCH', ask: { method: 'DELETE', path: `${bucket}?tagging` } },
  DeleteObject: { needs: 'DELETE-OBJECT', ask: { method: 'DELETE', path: none } },
  DeleteObjects: {
    needs: 'DELETE-OBJECT',
    ask: {
      method: 'POST',
      path: `${bucket}?delete`,
      body: '<Delete><Object><Key>none</Key></Object></Delete>',
    },
  },
  DeleteObjectTagging: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'DELETE', path: `${key}?tagging` },
  },
  DeletePublicAccessBlock: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'DELETE', path: `${bucket}?publicAccessBlock` },
  },
  GetBucketAcl: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?acl` } },
  GetBucketCors: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?cors` } },
  GetBucketLifecycleConfiguration: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?lifecycle` },
  },
  GetBucketLocation: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?location` } },
  GetBucketOwnershipControls: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?ownershipControls` },
  },
  GetBucketPolicy: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?policy` } },
  GetBucketPolicyStatus: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?policyStatus` },
  },
  GetBucketTagging: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?tagging` } },
  GetBucketVersioning: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?versioning` },
  },
  GetObject: { needs: 'GET', ask: { method: 'GET', path: key } },
  GetObjectAcl: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?acl` } },
  GetObjectAttributes: {
    needs: 'HEAD-OBJECT',
    ask: {
      method: 'GET',
      path: `${key}?attributes`,
      headers: { 'x-amz-object-attributes': 'ETag' },
    },
  },
  GetObjectLegalHold: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?legal-hold` } },
  GetObjectLockConfiguration: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?object-lock` },
  },
  GetObjectRetention: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?retention` } },
  GetObjectTagging: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?tagging` } },
  GetPublicAccessBlock: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?publicAccessBlock` },
  },
  HeadBucket: { needs: 'HEAD-BUCKET', ask: { method: 'HEAD', path: bucket } },
  HeadObject: { needs: 'HEAD-OBJECT', ask: { method: 'HEAD', path: key } },
  ListBuckets: { needs: 'LIST-BUCKETS', ask: { method: 'GET', path: '/' } },
  ListMultipartUploads: {
    needs: 'LIST-OBJECTS',
    ask: { method: 'GET', path: `${bucket}?uploads` },
  },
  ListObjects: { needs: 'LIST-OBJECTS', ask: { method: 'GET', path: bucket } },
  ListObjectsV2: { needs: 'LIST-OBJECTS', ask: { method: 'GET', path: `${bucket}?list-type=2` } },
  ListObjectVersions: { needs: 'LIST-OBJECTS', ask: { method: 'GET', path: `${bucket}?versions` } },
  ListParts: { needs: 'GET', ask: { method: 'GET', path: `${key}?uploadId=x` } },
  PutBucketAcl: { needs: 'SET-BUCKET-ACL', ask: { method: 'PUT', path: `${bucket}?acl` } },
  PutBucketCors: { needs: 'PATCH', ask: { method: 'PUT', path: `${bucket}?cors`, body: '<x/>' } },
  PutBucketLifecycleConfiguration: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?lifecycle`, body: '<x/>' },
  },
  PutBucketOwnershipControls: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'PUT', path: `${bucket}?ownershipControls`, body: '<x/>' },
  },
  PutBucketPolicy: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'PUT', path: `${bucket}?policy`, body: '{}' },
  },
  PutBucketTagging: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?tagging`, body: '<x/>' },
  },
  PutBucketVersioning: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?versioning`, body: '<x/>' },
  },
  PutObject: {
    needs: 'PUT',
    ask: { method: 'PUT', path: key, body: 'x', headers: { 'if-none-match': '*' } },
  },
  PutObjectAcl: { needs: 'UPDATE-OBJECT', ask: { method: 'PUT', path: `${key}?acl` } },
  PutObjectLegalHold: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'PUT', path: `${key}?legal-hold`, body: '<x/>' },
  },
  PutObjectLockConfiguration: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?object-lock`, body: '<x/>' },
  },
  PutObjectRetention: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'PUT', path: `${key}?retention`, body: '<x/>' },
  },
  PutObjectTagging: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'PUT', path: `${key}?tagging`, body: '<x/>' },
  },
  PutPublicAccessBlock: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'PUT', path: `${bucket}?publicAccessBlock`, body: '<x/>' },
  },
  UploadPart: {
    needs: 'PUT',
    ask: { method: 'PUT', path: `${key}?partNumber=1&uploadId=x`, body: 'x' },
  },
  UploadPartCopy: {
    needs: 'PUT',
    and: 'GET',
    ask: {
      method: 'PUT',
      path: `${key}?partNumber=1&uploadId=UPLOAD`,
      headers: { 'x-amz-copy-source': 'lattice/key', 'x-amz-copy-source-if-match': '"other"' },
    },
  },
}

/** Decided by its fields, in tests of its own. */
const elsewhere = ['PostObject']
const clusterWide = ['LIST-BUCKETS', 'CREATE-BUCKET', 'DESTROY-BUCKET', 'SHOW-CLUSTER']
const bits = Object.keys(accessBits) as (keyof typeof accessBits)[]
const userOf = (scope: string, bit: string) => `${scope}-${bit}`

let s3: SignedClient
let uploadId = ''

beforeAll(async () => {
  s3 = await SignedClient.start()
  await s3.addUser('root', { admin: true })
  await s3.addUser('owner')
  await s3.addUser('stranger')
  const uuid = await (await fetch(`${s3.server.endpoint}/v1/daemon?what=smap`)).json()
  for (const bit of bits) {
    const perm = String(1n << BigInt(accessBits[bit]))
    await s3.addUser(userOf('all', bit), { clusters: [{ id: '', perm }] })
    const namespace = { uuid: uuid.uuid, name: '' }
    const everything = String(2n ** 64n - 1n)
    await s3.addUser(userOf('bck', bit), {
      clusters: [{ id: '', perm: everything }],
      buckets: [{ bck: { name: 'lattice', provider: 'ais', namespace }, perm }],
    })
  }
  await s3.ask('owner', { method: 'PUT', path: bucket })
  await s3.ask('owner', { method: 'PUT', path: key, body: 'content' })
  const begun = await s3.ask('owner', { method: 'POST', path: `${key}?uploads` })
  uploadId = /<UploadId>(.*)<\/UploadId>/.exec(begun.text)?.[1] ?? ''
}, 60_000)
afterAll(() => s3.server.stop())

async function isLetIn(user: string | undefined, { ask }: Row): Promise<boolean> {
  const path = ask.path.replace('UPLOAD', uploadId)
  const { status, code, text } = await s3.ask(user, { ...ask, path })
  // A HEAD has no document.
  if (ask.method === 'HEAD') return status !== 403
  return code !== 'AccessDenied' && !text.includes('<Code>AccessDenied</Code>')
}

describe('S06: who may call what', () => {
  it('is told for every operation there is', () => {
    const names = s3Operations.map(({ name }) => name).filter((name) => !elsewhere.includes(name))
    expect(names.toSorted()).toEqual(Object.keys(table).toSorted())
  })

  it.each(Object.entries(table))(
    '%s',
    async (_, row) => {
      const needed = [row.needs, ...(row.and ? [row.and] : [])]
      const roles: [string | undefined, boolean][] = [
        ['root', true],
        ['owner', true],
        ['stranger', row.needs === 'LIST-BUCKETS' || row.needs === 'CREATE-BUCKET'],
        [undefined, false],
      ]
      const isOfCluster = clusterWide.includes(row.needs)
      for (const bit of bits) {
        const isEnough = needed.every((need) => need === bit)
        roles.push([userOf('all', bit), isEnough])
        // An entry of the bucket alone decides about what is in it, whatever is open in the cluster.
        roles.push([userOf('bck', bit), isOfCluster || isEnough])
      }
      const told = await Promise.all(
        roles.map(async ([user, expected]) => {
          if ((await isLetIn(user, row)) === expected) return []
          return [`${user ?? 'anonymous'} ${expected ? 'is not let in' : 'is let in'}`]
        }),
      )
      expect(told.flat()).toEqual([])
    },
    30_000,
  )

  it('left everything as it was', async () => {
    expect((await s3.ask('owner', { method: 'GET', path: key })).text).toBe('content')
    const listed = await s3.ask('owner', { method: 'GET', path: bucket })
    expect(listed.text.match(/<Contents>/g)).toHaveLength(1)
  })
})
