import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyOf, SignedClient } from './signed-client.ts'

let s3: SignedClient

beforeAll(async () => {
  s3 = await SignedClient.start()
  await s3.addUser('ann', undefined, 'ann@example.org')
  await s3.addUser('bob', undefined, 'bob@example.org')
})
afterAll(() => s3.server.stop())

const get = (path: string) => ({ method: 'GET', path })
const put = (path: string, body?: string, headers?: Record<string, string>) => ({
  method: 'PUT',
  path,
  body,
  headers,
})
const code = async (user: string | undefined, path: string) =>
  (await s3.ask(user, get(path))).code || 'ok'

describe('a bucket', () => {
  it("is its maker's, and listed for nobody else", async () => {
    expect((await s3.ask('ann', put('/anns'))).status).toBe(200)
    // As in Amazon's first region: the same bucket again is no error for its owner.
    expect((await s3.ask('ann', put('/anns'), 0)).status).toBe(200)
    expect((await s3.ask('bob', put('/anns'), 0)).code).toBe('BucketAlreadyExists')
    const own = await s3.ask('ann', get('/'))
    expect(own.text).toContain('<Name>anns</Name>')
    expect(own.text).toContain(`<ID>${s3.canonicalId('ann')}</ID>`)
    expect((await s3.ask('bob', get('/'))).text).not.toContain('anns')
    expect(await code('bob', '/anns')).toBe('AccessDenied')
    expect(await code(undefined, '/anns')).toBe('AccessDenied')
    expect(await code(undefined, '/nobodys')).toBe('NoSuchBucket')
  })

  it('is held to who the caller thinks its owner is', async () => {
    const headers = { 'x-amz-expected-bucket-owner': s3.canonicalId('bob') }
    expect((await s3.ask('ann', { ...get('/anns'), headers })).code).toBe('AccessDenied')
    headers['x-amz-expected-bucket-owner'] = s3.canonicalId('ann')
    expect((await s3.ask('ann', { ...get('/anns'), headers })).status).toBe(200)
  })
})

describe('an ACL', () => {
  it('opens an object to everybody, and no more than that', async () => {
    await s3.ask('ann', put('/anns/open', 'open', { 'x-amz-acl': 'public-read' }))
    await s3.ask('ann', put('/anns/closed', 'closed'))
    expect((await s3.ask(undefined, get('/anns/open'))).text).toBe('open')
    expect(await code(undefined, '/anns/closed')).toBe('AccessDenied')
    // Who may not list is not told what there is.
    expect(await code(undefined, '/anns/absent')).toBe('AccessDenied')
    expect(await code('ann', '/anns/absent')).toBe('NoSuchKey')
    expect((await s3.ask(undefined, put('/anns/open', 'x'))).code).toBe('AccessDenied')
    const overridden = await s3.ask(undefined, get('/anns/open?response-content-type=text/html'))
    expect(overridden.code).toBe('InvalidRequest')
  })

  it('goes when the object is written anew', async () => {
    await s3.ask('ann', put('/anns/open', 'closed now'))
    expect(await code(undefined, '/anns/open')).toBe('AccessDenied')
  })

  it('grants to one user by ID, group and address', async () => {
    await s3.ask('ann', put('/anns/for-bob', 'hi bob'))
    for (const grantee of [`id="${s3.canonicalId('bob')}"`, 'emailAddress=bob@example.org']) {
      const grant = put('/anns/for-bob?acl', undefined, { 'x-amz-grant-read': grantee })
      expect((await s3.ask('ann', grant)).status).toBe(200)
      expect((await s3.ask('bob', get('/anns/for-bob'))).text).toBe('hi bob')
      expect(await code('bob', '/anns/for-bob?acl')).toBe('AccessDenied')
      expect(await code(undefined, '/anns/for-bob')).toBe('AccessDenied')
    }
    const unknown = put('/anns/for-bob?acl', undefined, { 'x-amz-grant-read': 'id="nobody"' })
    expect((await s3.ask('ann', unknown)).code).toBe('InvalidArgument')
  })

  it('read and written as a document stays the same', async () => {
    const { text } = await s3.ask('ann', get('/anns/for-bob?acl'))
    expect((await s3.ask('ann', put('/anns/for-bob?acl', text))).status).toBe(200)
    expect((await s3.ask('ann', get('/anns/for-bob?acl'))).text).toBe(text)
    expect((await s3.ask('ann', put('/anns/for-bob?acl', '<x/>'))).code).toBe('MalformedACLError')
  })

  it('of a bucket lets others write what is then theirs', async () => {
    await s3.ask('ann', put('/shared', undefined, { 'x-amz-acl': 'public-read-write' }))
    await s3.ask('bob', put('/shared/bobs', 'of bob'))
    expect((await s3.ask('bob', get('/shared/bobs'))).text).toBe('of bob')
    expect(await code('ann', '/shared/bobs')).toBe('AccessDenied')
    const listed = await s3.ask('ann', get('/shared'))
    expect(listed.text).toContain(s3.canonicalId('bob'))
    expect((await s3.ask('ann', { method: 'DELETE', path: '/shared/bobs' })).status).toBe(204)
  })

  it('does not count where the owner of the bucket owns all', async () => {
    const headers = { 'x-amz-object-ownership': 'BucketOwnerEnforced' }
    await s3.ask('ann', put('/enforced', undefined, headers))
    const open = put('/enforced/key', 'x', { 'x-amz-acl': 'public-read' })
    expect((await s3.ask('ann', open)).code).toBe('AccessControlListNotSupported')
    const acl = put('/enforced?acl', undefined, { 'x-amz-acl': 'public-read' })
    expect((await s3.ask('ann', acl)).code).toBe('AccessControlListNotSupported')
  })

  it('for everybody is held back by PublicAccessBlock', async () => {
    const block = (inner: string) =>
      put(
        '/shared?publicAccessBlock',
        `<PublicAccessBlockConfiguration>${inner}</PublicAccessBlockConfiguration>`,
      )
    await s3.ask('ann', put('/shared/open', 'open', { 'x-amz-acl': 'public-read' }))
    expect((await s3.ask(undefined, get('/shared/open'))).text).toBe('open')
    await s3.ask('ann', block('<IgnorePublicAcls>true</IgnorePublicAcls>'))
    expect(await code(undefined, '/shared/open')).toBe('AccessDenied')
    expect(await code('bob', '/shared')).toBe('AccessDenied')
    await s3.ask('ann', block('<BlockPublicAcls>true</BlockPublicAcls>'))
    expect((await s3.ask(undefined, get('/shared/open'))).text).toBe('open')
    const again = put('/shared/open', 'x', { 'x-amz-acl': 'public-read' })
    expect((await s3.ask('ann', again)).code).toBe('AccessDenied')
    expect((await s3.ask('ann', block('<Nothing>true</Nothing>'))).code).toBe('MalformedXML')
  })
})

describe('a policy', () => {
  const policy = (statement: Record<string, unknown>) => put('/ruled?policy', policyOf(statement))
  const everybody = { Effect: 'Allow', Principal: '*' }
  const keys = 'arn:aws:s3:::ruled/*'

  it('opens what it names, at every gateway', async () => {
    await s3.ask('ann', put('/ruled'))
    await s3.ask('ann', put('/ruled/key', 'content'))
    const open = policy({ ...everybody, Action: 's3:GetObject', Resource: keys })
    expect((await s3.ask('ann', open)).status).toBe(204)
    for (const gateway of [0, 1]) {
      const told = await s3.ask(undefined, get('/ruled/key'), gateway)
      expect(told.text).toBe('content')
    }
    expect(await code(undefined, '/ruled')).toBe('AccessDenied')
    expect(await code(undefined, '/ruled/absent')).toBe('AccessDenied')
    expect((await s3.ask('ann', get('/ruled?policyStatus'))).text).toContain('true')
  })

  it('is held back by PublicAccessBlock', async () => {
    const restrict = '<RestrictPublicBuckets>true</RestrictPublicBuckets>'
    const body = `<PublicAccessBlockConfiguration>${restrict}</PublicAccessBlockConfiguration>`
    await s3.ask('ann', put('/ruled?publicAccessBlock', body))
    expect(await code(undefined, '/ruled/key')).toBe('AccessDenied')
    expect((await s3.ask('ann', get('/ruled/key'))).text).toBe('content')
    const blocks = body.replaceAll('RestrictPublicBuckets', 'BlockPublicPolicy')
    await s3.ask('ann', put('/ruled?publicAccessBlock', blocks))
    const open = policy({ ...everybody, Action: 's3:GetObject', Resource: keys })
    expect((await s3.ask('ann', open)).code).toBe('AccessDenied')
    await s3.ask('ann', { method: 'DELETE', path: '/ruled?publicAccessBlock' })
  })

  it('denies its own maker, who can still change it', async () => {
    const deny = { ...everybody, Effect: 'Deny', Action: 's3:*' }
    const both = { ...deny, Resource: ['arn:aws:s3:::ruled', keys] }
    expect((await s3.ask('ann', policy(both))).status).toBe(204)
    expect(await code('ann', '/ruled/key')).toBe('AccessDenied')
    expect((await s3.ask('ann', put('/ruled/key', 'x'))).code).toBe('AccessDenied')
    expect((await s3.ask('ann', get('/ruled?policy'))).status).toBe(200)
    expect((await s3.ask('ann', { method: 'DELETE', path: '/ruled?policy' })).status).toBe(204)
    expect(await code('ann', '/ruled/key')).toBe('ok')
  })

  it('decides by the tags that an object has', async () => {
    const tagged = { 'x-amz-tagging': 'class=open' }
    await s3.ask('ann', put('/ruled/tagged', 'tagged', tagged))
    const condition = { StringEquals: { 's3:ExistingObjectTag/class': 'open' } }
    const statement = { ...everybody, Action: 's3:GetObject', Resource: keys }
    await s3.ask('ann', policy({ ...statement, Condition: condition }))
    expect((await s3.ask('bob', get('/ruled/tagged'))).text).toBe('tagged')
    expect(await code('bob', '/ruled/key')).toBe('AccessDenied')
  })

  it('lets one user delete some keys of many', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam:::user/bob' },
      Action: 's3:DeleteObject',
      Resource: 'arn:aws:s3:::ruled/tag*',
    }
    await s3.ask('ann', policy(statement))
    const body =
      '<Delete><Object><Key>tagged</Key></Object><Object><Key>key</Key></Object></Delete>'
    const told = await s3.ask('bob', { method: 'POST', path: '/ruled?delete', body })
    expect(told.text).toContain('<Deleted><Key>tagged</Key></Deleted>')
    expect(told.text).toContain('<Error><Key>key</Key><Code>AccessDenied</Code>')
    expect(await code('ann', '/ruled/key')).toBe('ok')
    const nobody = await s3.ask(undefined, { method: 'POST', path: '/ruled?delete', body })
    expect(nobody.text).toContain('<Code>AccessDenied</Code>')
  })

  it('of the source is asked by a copy', async () => {
    await s3.ask('bob', put('/bobs'))
    const copy = (key: string) =>
      s3.ask('bob', put(`/bobs/${key}`, undefined, { 'x-amz-copy-source': `/ruled/${key}` }))
    await s3.ask('ann', put('/ruled/public/a', 'a'))
    const Resource = 'arn:aws:s3:::ruled/public/*'
    await s3.ask('ann', policy({ ...everybody, Action: 's3:GetObject', Resource }))
    expect((await copy('public/a')).status).toBe(200)
    expect((await copy('key')).code).toBe('AccessDenied')
    expect(await code('bob', '/bobs/key')).toBe('NoSuchKey')
  })
})
