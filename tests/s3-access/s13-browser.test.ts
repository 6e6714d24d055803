import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SignedClient } from './signed-client.ts'

let s3: SignedClient

const cors = `<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://*.example.org</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
    <AllowedHeader>x-amz-*</AllowedHeader>
    <ExposeHeader>ETag</ExposeHeader>
    <MaxAgeSeconds>60</MaxAgeSeconds>
  </CORSRule>
  <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule>
</CORSConfiguration>`

const page = 'https://a.example.org'

beforeAll(async () => {
  s3 = await SignedClient.start()
})
afterAll(() => s3.server.stop())

describe('S13: a cluster that asks nobody who they are', () => {
  it('lets pages in that the bucket names, and no others', async () => {
    await s3.ask(undefined, { method: 'PUT', path: '/pages' })
    await s3.ask(undefined, { method: 'PUT', path: '/pages/key', body: '<script>' })
    const get = { method: 'GET', path: '/pages/key' }
    expect((await s3.ask(undefined, { ...get, headers: { origin: page } })).status).toBe(403)
    await s3.ask(undefined, { method: 'PUT', path: '/pages?cors', body: cors })
    expect((await s3.ask(undefined, { ...get, headers: { origin: page } })).text).toBe('<script>')
    const other = { origin: 'https://example.com' }
    expect((await s3.ask(undefined, { ...get, headers: other })).status).toBe(403)
    const method = { method: 'DELETE', path: '/pages/key', headers: { origin: page } }
    expect((await s3.ask(undefined, method)).status).toBe(403)
  })

  it('runs no scripts of what is stored', async () => {
    const { headers } = await s3.ask(undefined, { method: 'GET', path: '/pages/key' })
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe('sandbox')
  })
})

describe('S13: pages of other origins', () => {
  beforeAll(async () => {
    await s3.addUser('root', { admin: true })
  })

  const preflight = (origin: string, method: string, wanted?: string) =>
    s3.ask(undefined, {
      method: 'OPTIONS',
      path: '/pages/key',
      headers: {
        origin,
        'access-control-request-method': method,
        ...(wanted === undefined ? {} : { 'access-control-request-headers': wanted }),
      },
    })

  it('are told before they ask', async () => {
    const { status, headers } = await preflight(page, 'PUT', 'X-Amz-Date, x-amz-meta-a')
    expect(status).toBe(200)
    expect(headers.get('access-control-allow-origin')).toBe(page)
    expect(headers.get('access-control-allow-methods')).toBe('GET, PUT')
    expect(headers.get('access-control-allow-headers')).toBe('x-amz-date, x-amz-meta-a')
    expect(headers.get('access-control-max-age')).toBe('60')
    expect(headers.get('vary')).toContain('Origin')
  })

  it.each([
    [page, 'DELETE', undefined],
    [page, 'PUT', 'authorization'],
    ['https://example.org.evil.net', 'GET', undefined],
    ['null', 'GET', undefined],
  ])('%s, %s, %s is not let in', async (origin, method, wanted) => {
    const { code, headers } = await preflight(origin, method, wanted)
    expect(code).toBe('AccessForbidden')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('get the same with the answer, also with one that refuses', async () => {
    const get = { method: 'GET', path: '/pages/key', headers: { origin: page } }
    for (const user of ['root', undefined]) {
      const { headers } = await s3.ask(user, get)
      expect(headers.get('access-control-allow-origin')).toBe(page)
      expect(headers.get('access-control-expose-headers')).toBe('ETag')
    }
    const plain = await s3.ask('root', { ...get, headers: { origin: 'https://example.com' } })
    expect(plain.text).toBe('<script>')
    expect(plain.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('never use what the browser has of credentials', async () => {
    const head = { method: 'HEAD', path: '/pages/key', headers: { origin: 'https://evil.net' } }
    const { headers } = await s3.ask('root', head)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    const own = await s3.ask('root', { ...head, method: 'GET', headers: { origin: page } })
    expect(own.headers.get('access-control-allow-credentials')).toBeNull()
    const asked = await preflight(page, 'GET')
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
  })
})
