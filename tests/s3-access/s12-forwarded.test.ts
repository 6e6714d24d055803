import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainRequest, startGatewayInProcess } from '../fuzz/gateway-in-process.ts'
import { sign } from '../fuzz/sign.ts'
import { policyOf, SignedClient } from './signed-client.ts'

let s3: SignedClient

beforeAll(async () => {
  s3 = await SignedClient.start()
  await s3.addUser('ann')
  await s3.ask('ann', { method: 'PUT', path: '/near' })
  await s3.ask('ann', { method: 'PUT', path: '/near/key', body: 'content' })
})
afterAll(() => s3.server.stop())

const get = { method: 'GET', path: '/near/key' }

function letIn(range: string): Promise<unknown> {
  const body = policyOf({
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::near/*',
    Condition: { IpAddress: { 'aws:SourceIp': range } },
  })
  return s3.ask('ann', { method: 'PUT', path: '/near?policy', body })
}

describe('S12: where a call comes from', () => {
  it('is where it comes from, whatever a header says', async () => {
    await letIn('10.0.0.0/8')
    expect((await s3.ask(undefined, get)).code).toBe('AccessDenied')
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip']) {
      const headers = { [name]: name === 'forwarded' ? 'for=10.0.0.1' : '10.0.0.1' }
      expect((await s3.ask(undefined, { ...get, headers })).code).toBe('AccessDenied')
    }
    await letIn('127.0.0.0/8')
    expect((await s3.ask(undefined, get)).text).toBe('content')
    const headers = { 'x-forwarded-for': '10.0.0.1' }
    expect((await s3.ask(undefined, { ...get, headers })).text).toBe('content')
  })

  it('is by no other listener and no other protocol than it is', async () => {
    const body = policyOf({
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::near/*',
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    })
    await s3.ask('ann', { method: 'PUT', path: '/near?policy', body })
    const headers = { 'x-forwarded-proto': 'https' }
    expect((await s3.ask(undefined, { ...get, headers })).code).toBe('AccessDenied')
  })

  it('says nothing that only a gateway may say', async () => {
    for (const name of ['ais-s3-admission', 'ais-s3-object-owner', 'ais-s3-payload']) {
      const headers = { [name]: '{"isHidden":false}' }
      expect((await s3.ask(undefined, { ...get, headers })).code).toBe('AccessDenied')
    }
    const put = { method: 'PUT', path: '/near/mine', body: 'x' }
    const headers = { 'ais-s3-object-owner': 'f'.repeat(64), 'ais-s3-object-acl': 'READ:AllUsers' }
    await s3.ask('ann', { ...put, headers })
    const acl = await s3.ask('ann', { method: 'GET', path: '/near/mine?acl' })
    expect(acl.text).toContain(s3.canonicalId('ann'))
    expect(acl.text).not.toContain('AllUsers')
  })
})

describe('S12: several credentials', () => {
  it('are refused', async () => {
    const url = await s3.presign('ann', get)
    const authorization = 'AWS4-HMAC-SHA256 Credential=a/b/c/s3/aws4_request'
    const cases: Record<string, string>[] = [
      { authorization },
      { authorization: 'Bearer a.b.c' },
      { 'x-amz-security-token': 'a.b.c' },
    ]
    for (const headers of cases) {
      const { status, text } = await s3.fetch(url, { headers })
      expect([status, text.includes('content')]).toEqual([400, false])
    }
  })
})

describe('S12: the host', () => {
  it('is what was signed; a forwarded one, or an overridden one, names no bucket', async () => {
    const gateway = await startGatewayInProcess()
    try {
      const signer = await gateway.makeUser('ann')
      for (const bucket of ['/mine', '/other'])
        await gateway.must(plainRequest('PUT', bucket), signer())
      await gateway.must(plainRequest('PUT', '/mine/key', 'mine'), signer())
      await gateway.must(plainRequest('PUT', '/other/key', 'other'), signer())
      const at = (host: string, target: string) => ({
        ...plainRequest('GET', target),
        headers: [['host', host]] as [string, string][],
      })
      const virtual = sign(at('mine.localhost:9000', '/key'), signer())
      expect((await gateway.ask(virtual)).text).toBe('mine')
      const moved = virtual.headers.map(([name, value]): [string, string] => [
        name,
        name === 'host' ? 'other.localhost:9000' : value,
      ])
      const { status, text } = await gateway.ask({ ...virtual, headers: moved })
      expect([status, text.includes('SignatureDoesNotMatch')]).toEqual([403, true])
      const names = ['x-forwarded-host', 'x-host', 'x-original-host', 'forwarded', 'x-rewrite-url']
      for (const name of names) {
        const value = name === 'forwarded' ? 'host=other.localhost' : 'other.localhost:9000'
        const headers: [string, string][] = [
          ...virtual.headers.map(([n, v]): [string, string] => [n, v]),
          [name, value],
        ]
        expect((await gateway.ask({ ...virtual, headers })).text).toBe('mine')
      }
      const twice = await gateway.ask({
        ...virtual,
        headers: [...virtual.headers, ['host', 'other.localhost:9000']],
      })
      expect(twice.status).toBeGreaterThanOrEqual(400)
    } finally {
      await gateway.stop()
    }
  })
})
