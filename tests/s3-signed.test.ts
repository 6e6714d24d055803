import { createHash } from 'node:crypto'
import { Sha256 } from '@aistore-ts/core/s3/auth/testing/smithy-sha256.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const pair = { user: 'ann', access_key: 'ANNS-KEY', secret_key: 'anns-secret-of-many-letters' }
const reader = { user: 'eve', access_key: 'EVES-KEY', secret_key: 'eves-secret-of-many-letters' }

let server: Server

async function credentials(path: string, body: unknown, method = 'POST'): Promise<void> {
  const url = `${server.endpoint}/v1/credentials/${path}`
  const answer = await fetch(url, { method, body: JSON.stringify(body) })
  expect(answer.status).toBe(200)
}

beforeAll(async () => {
  server = await startServer({ proxies: 2, targets: 2 })
  await credentials('users', { id: 'ann' })
  await credentials('keys', pair)
  // GET, HEAD-OBJECT, HEAD-BUCKET, LIST-OBJECTS.
  const permissions = { clusters: [{ id: '', perm: '771' }] }
  await credentials('users', { id: 'eve', permissions })
  await credentials('keys', reader)
})
afterAll(() => server.stop())

function signerOf({ access_key, secret_key }: typeof pair): SignatureV4 {
  return new SignatureV4({
    service: 's3',
    region: 'us-east-1',
    uriEscapePath: false,
    credentials: { accessKeyId: access_key, secretAccessKey: secret_key },
    sha256: Sha256,
  })
}

interface Ask {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly by?: typeof pair
  readonly headers?: Readonly<Record<string, string>>
  /** Sent in the place of `body`. */
  readonly send?: string
}

function httpRequest({ method, path, body = '', headers = {} }: Ask, gateway: number) {
  const url = new URL(server.proxies[gateway]?.snode.publicNet.url ?? '')
  const sha = createHash('sha256').update(body).digest('hex')
  return {
    method,
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: `/s3${path}`,
    query: {},
    headers: { host: url.host, 'x-amz-content-sha256': sha, ...headers },
    ...(body === '' ? {} : { body }),
  }
}

async function ask(one: Ask, gateway = 1): Promise<{ status: number; text: string }> {
  const request = httpRequest(one, gateway)
  const { headers } = await signerOf(one.by ?? pair).sign(request)
  const { host: _, ...sent } = headers
  const body = one.send ?? one.body
  const answer = await fetch(`http://${request.headers.host}${request.path}`, {
    method: one.method,
    headers: sent,
    ...(body === undefined ? {} : { body }),
  })
  return { status: answer.status, text: await answer.text() }
}

describe('S3 with users', () => {
  it('takes what is signed, at every gateway, and nothing that is not', async () => {
    expect(await ask({ method: 'PUT', path: '/signed' })).toMatchObject({ status: 200 })
    expect(await ask({ method: 'PUT', path: '/signed/a//b%20c', body: 'hello' }, 0)).toMatchObject({
      status: 200,
    })
    expect(await ask({ method: 'GET', path: '/signed/a//b%20c' })).toEqual({
      status: 200,
      text: 'hello',
    })
    const anonymous = await fetch(`${server.endpoint}/s3/signed/a//b%20c`)
    expect(anonymous.status).toBe(403)
    expect(await anonymous.text()).toContain('<Code>AccessDenied</Code>')
    const wrong = await ask({ method: 'GET', path: '/signed', by: { ...pair, secret_key: 'no' } })
    expect(wrong.status).toBe(403)
    expect(wrong.text).toContain('<Code>SignatureDoesNotMatch</Code>')
    const unknown = await ask({ method: 'GET', path: '/signed', by: { ...pair, access_key: 'X' } })
    expect(unknown.text).toContain('<Code>InvalidAccessKeyId</Code>')
  })

  it('stores no body that is another than was signed', async () => {
    const put = await ask({ method: 'PUT', path: '/signed/x', body: 'hello', send: 'hallo' })
    expect(put.status).toBe(400)
    expect(put.text).toContain('<Code>XAmzContentSHA256Mismatch</Code>')
    expect((await ask({ method: 'GET', path: '/signed/x' })).status).toBe(404)
  })

  it('takes a presigned URL, as long as nothing is added to it', async () => {
    const plain = httpRequest({ method: 'GET', path: '/signed/a//b%20c' }, 1)
    const request = {
      ...plain,
      headers: { ...plain.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    }
    const { query } = await signerOf(pair).presign(request, { expiresIn: 60 })
    const text = new URLSearchParams(Object.entries(query ?? {}).map(([n, v]) => [n, String(v)]))
    const url = `http://${plain.headers.host}${plain.path}?${text}`
    expect(await (await fetch(url)).text()).toBe('hello')
    const added = await fetch(url, { headers: { 'x-amz-meta-a': 'b' } })
    expect(added.status).toBe(403)
    expect((await fetch(`${url}&response-content-type=text%2Fhtml`)).status).toBe(403)
  })

  it('lets a user do what the permissions say', async () => {
    expect((await ask({ method: 'GET', path: '/signed/a//b%20c', by: reader })).text).toBe('hello')
    const put = await ask({ method: 'PUT', path: '/signed/new', body: 'x', by: reader })
    expect(put.status).toBe(403)
    expect(put.text).toContain('<Code>AccessDenied</Code>')
    expect((await ask({ method: 'PUT', path: '/another', by: reader })).status).toBe(403)
  })

  it('forgets a key that was disabled at once, everywhere', async () => {
    await credentials(`keys/${reader.access_key}`, { disabled: true }, 'PATCH')
    for (const gateway of [0, 1]) {
      const get = await ask({ method: 'GET', path: '/signed', by: reader }, gateway)
      expect(get.text).toContain('<Code>InvalidAccessKeyId</Code>')
    }
  })

  it('takes no token that nobody issued', async () => {
    const headers = { 'x-amz-security-token': 'a.b.c' }
    const get = await ask({ method: 'GET', path: '/signed', headers })
    expect(get.status).toBe(400)
    expect(get.text).toContain('<Code>InvalidToken</Code>')
  })
})
