import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SignedClient, type Told } from './signed-client.ts'

let s3: SignedClient

async function native(method: string, path: string, value: unknown): Promise<Told> {
  return s3.fetch(`${s3.server.endpoint}/v1/${path}`, { method, body: JSON.stringify(value) })
}

const configure = (value: unknown) => native('PUT', 'cluster', { action: 'set-config', value })
const setFeatures = (mask: bigint) => configure({ features: String(mask) })
const reverseProxy = 1n << 13n
const rebuild = 1n << 27n

const put = { method: 'PUT', path: '/far/key', body: 'over there' }
const get = { method: 'GET', path: '/far/key' }
const asks = { 'ais-s3-redirect': 'true' }
const asksNot = { 'ais-s3-redirect': 'false' }

function locationOf({ status, headers, text }: Told): string {
  expect([status, text]).toMatchObject([307, expect.any(String)])
  const location = headers.get('location') ?? ''
  const targets = s3.server.targets.map(({ snode }) => snode.publicNet.url)
  expect(targets).toContain(new URL(location).origin)
  return location
}

beforeAll(async () => {
  s3 = await SignedClient.start()
  await s3.addUser('root', { admin: true })
  await s3.addUser('guest', {})
  await s3.ask('root', { method: 'PUT', path: '/far' })
  await s3.ask('root', put)
})
afterEach(async () => {
  await setFeatures(0n)
  await configure({ s3: { redirect_agents: [] } })
  await native('PATCH', 'buckets/far', { action: 'set-bprops', value: { s3: { redirect: false } } })
})
afterAll(() => s3.server.stop())

describe('a signed call of S3 is redirected', () => {
  it('when it asks for it, and the target takes it without its signature', async () => {
    locationOf(await s3.ask('root', { ...get, headers: asks }))
    const url = await s3.presign('root', get, 3_600)
    const location = locationOf(await s3.fetch(url, { headers: asks }))
    expect(await s3.fetch(location, { headers: asks })).toMatchObject({
      status: 200,
      text: 'over there',
    })
    const other = location.replace('/far/key', '/far/other')
    expect(await s3.fetch(other, { headers: asks })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    })
    expect((await s3.fetch(location, { headers: asks, method: 'PUT', body: 'x' })).status).toBe(403)
  })

  it('and may be signed anew for the target, or not at all', async () => {
    const location = locationOf(await s3.ask('root', { ...get, headers: asks }))
    for (const date of [undefined, '20301231T000000Z']) {
      const headers = { ...asks, ...(date === undefined ? {} : { 'x-amz-date': date }) }
      expect(await s3.fetch(location, { headers })).toMatchObject({ text: 'over there' })
    }
  })

  it('with its body, which is held to its digest', async () => {
    const ask = { ...put, path: '/far/sent', headers: asks }
    const location = locationOf(await s3.ask('root', ask))
    const sha = 'f7bdf3fe12c4a2c8fe5b2fb80b5bd24d3ed9ac2b14f2e93fea1ae2b0f6ce0a0f'
    const wrong = { ...asks, 'x-amz-content-sha256': sha, 'x-amz-date': '20260101T000000Z' }
    const sent = await s3.fetch(location, { method: 'PUT', body: put.body, headers: wrong })
    expect(sent).toMatchObject({ status: 403, code: 'AccessDenied' })
    expect((await s3.ask('root', { method: 'HEAD', path: '/far/sent' })).status).toBe(404)
  })

  it('when the bucket is set to it, unless the call says otherwise', async () => {
    expect((await s3.ask('root', get)).status).toBe(200)
    const value = { s3: { redirect: true } }
    const set = await native('PATCH', 'buckets/far', { action: 'set-bprops', value })
    expect(set).toMatchObject({ status: 200 })
    locationOf(await s3.ask('root', get))
    expect((await s3.ask('root', { ...get, headers: asksNot })).status).toBe(200)
    await native('PATCH', 'buckets/far', { action: 'reset-bprops' })
    expect((await s3.ask('root', get)).status).toBe(200)
  })

  it('when its program is known to follow', async () => {
    await configure({ s3: { redirect_agents: ['follower/'] } })
    locationOf(await s3.ask('root', { ...get, headers: { 'user-agent': 'follower/1.0' } }))
    const other = { 'user-agent': 'a follower/1.0' }
    expect((await s3.ask('root', { ...get, headers: other })).status).toBe(200)
  })
})

describe('a call of S3 is not redirected', () => {
  it('with another word than true or false: it is refused', async () => {
    const headers = { 'ais-s3-redirect': 'yes' }
    const told = await s3.ask('root', { ...get, headers })
    expect(told).toMatchObject({ status: 400, code: 'InvalidArgument' })
    expect(told.text).toContain('ais-s3-redirect')
  })

  it('when who calls may not', async () => {
    expect((await s3.ask('guest', { ...get, headers: asks })).status).toBe(403)
    expect((await s3.ask(undefined, { ...get, headers: asks })).status).toBe(403)
  })

  it('while its presigned URL ends before a redirect would', async () => {
    const short = await s3.presign('root', get, 30)
    expect((await s3.fetch(short, { headers: asks })).status).toBe(200)
  })

  it('when it copies, deletes or lists', async () => {
    const copy = { 'x-amz-copy-source': '/far/key', ...asks }
    expect((await s3.ask('root', { ...put, body: '', path: '/far/c', headers: copy })).status).toBe(
      200,
    )
    const path = '/far/c'
    expect((await s3.ask('root', { method: 'DELETE', path, headers: asks })).status).toBe(204)
    expect((await s3.ask('root', { method: 'GET', path: '/far', headers: asks })).status).toBe(200)
  })

  it('with S3-Reverse-Proxy, whatever it asks', async () => {
    expect((await setFeatures(reverseProxy)).status).toBe(200)
    expect((await s3.ask('root', { ...get, headers: asks })).status).toBe(200)
  })
})

describe('S3-Redirect-Rebuild', () => {
  it('goes with neither tags nor the other flag', async () => {
    const told = await setFeatures(rebuild)
    expect([told.status, told.text]).toEqual([400, expect.stringContaining('request_auth')])
    expect((await setFeatures(rebuild | reverseProxy)).text).toContain('S3-Reverse-Proxy')
  })

  it('names the bare endpoint, and targets take what comes there', async () => {
    await configure({ auth: { intra_cluster: { request_auth: false } } })
    try {
      expect(await setFeatures(rebuild)).toMatchObject({ status: 200 })
      const told = await s3.ask('root', put)
      locationOf(told)
      const endpoint = /<Endpoint>(.*)<\/Endpoint>/.exec(told.text)?.[1]
      expect(endpoint).toMatch(/^127\.0\.0\.1:\d+\/s3$/)
      const url = `http://${endpoint}/far/key`
      expect((await s3.fetch(url, { method: 'PUT', body: 'rebuilt' })).status).toBe(200)
      expect((await s3.fetch(url)).text).toBe('rebuilt')
      expect((await s3.ask('root', { method: 'HEAD', path: '/far/key' })).status).toBe(200)
    } finally {
      await setFeatures(0n)
      await configure({ auth: { intra_cluster: { request_auth: true } } })
    }
  })
})

it('S3-API-via-Root: S3 has what the native API leaves of the paths', async () => {
  const root = s3.server.endpoint
  expect((await s3.fetch(`${root}/far/key`)).status).toBe(400)
  expect((await setFeatures(1n << 3n)).status).toBe(200)
  expect(await s3.fetch(`${root}/far/key`)).toMatchObject({ status: 403, code: 'AccessDenied' })
  const url = (await s3.presign('root', get)).replace('/s3/far', '/far')
  expect((await s3.fetch(url)).code).toBe('SignatureDoesNotMatch')
  expect((await s3.fetch(`${root}/v1/health`)).status).toBe(200)
  expect((await s3.fetch(`${root}/ais/far`)).text).toContain('key')
})
