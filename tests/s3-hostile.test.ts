import type { ChunkSigning } from '@aistore-ts/core/s3/auth/payload-rule.ts'
import { encodeChunked } from '@aistore-ts/core/s3/auth/testing/chunked-body.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Request } from './fuzz/exchange.ts'
import {
  type GatewayInProcess,
  plainRequest,
  startGatewayInProcess,
} from './fuzz/gateway-in-process.ts'
import { Seeded } from './fuzz/seeded.ts'
import { presign, type Signer, sign, signingKey } from './fuzz/sign.ts'

let gateway: GatewayInProcess
let signer: () => Signer

beforeAll(async () => {
  gateway = await startGatewayInProcess()
  signer = await gateway.makeUser('ann')
  await gateway.must(plainRequest('PUT', '/hostile'), signer())
  await gateway.must(plainRequest('PUT', '/hostile/kept', 'kept'), signer())
})
afterAll(() => gateway.stop())

const read = (key: string) => gateway.ask(sign(plainRequest('GET', `/hostile/${key}`), signer()))

/** The text with one letter or digit changed to another. */
function tampered(text: string, random: Seeded): string {
  const places = [...text.matchAll(/[a-z0-9]/gi)].map(({ index }) => index)
  const at = random.pick(places)
  const other = [...'abcdefghijkmnop23456789'].filter((char) => char !== text[at]?.toLowerCase())
  return text.slice(0, at) + random.pick(other) + text.slice(at + 1)
}

describe('S02: what a signature covers cannot be changed', () => {
  const withHeaders = (request: Request): Request => ({
    ...request,
    headers: [
      ...request.headers,
      ['x-amz-meta-color', 'green'],
      ['x-amz-tagging', 'a=b'],
      ['content-type', 'text/plain'],
    ],
  })

  it('in headers: 500 signed requests with one letter changed are refused', async () => {
    const random = new Seeded(2)
    for (let round = 0; round < 500; round++) {
      const put = withHeaders(plainRequest('PUT', '/hostile/kept', 'changed'))
      const signed = sign(put, signer())
      const line = random.below(signed.headers.length + 2)
      const changed: Request =
        line === signed.headers.length
          ? { ...signed, target: `/hostile/${tampered('kept', random)}` }
          : line > signed.headers.length
            ? { ...signed, body: Buffer.from(tampered('changed', random)) }
            : {
                ...signed,
                headers: signed.headers.map(([name, value], at) => [
                  name,
                  at === line ? tampered(value, random) : value,
                ]),
              }
      const { status, text } = await gateway.ask(changed)
      expect(status, `${JSON.stringify(changed)} ${text}`).toBeGreaterThanOrEqual(400)
      expect(status, text).toBeLessThan(500)
    }
    expect((await read('kept')).status).toBe(200)
  }, 60_000)

  it('in queries: 300 presigned URLs with one letter changed are refused', async () => {
    const random = new Seeded(3)
    const get = plainRequest('GET', '/hostile/kept')
    expect((await gateway.ask(presign(get, signer(), 60))).status).toBe(200)
    for (let round = 0; round < 300; round++) {
      const signed = presign(get, signer(), 60)
      const [path = '', query = ''] = signed.target.split('?')
      const parts = query.split('&')
      const at = random.below(parts.length + 1)
      const target =
        at === parts.length
          ? `${path.slice(0, -4)}${tampered('kept', random)}?${query}`
          : `${path}?${parts.map((part, i) => (i === at ? `${part.split('=')[0]}=${tampered(part.split('=')[1] ?? '', random)}` : part)).join('&')}`
      const { status } = await gateway.ask({ ...signed, target })
      expect(status, target).toBeGreaterThanOrEqual(400)
      expect(status, target).toBeLessThan(500)
    }
  }, 60_000)

  it.each([
    ['a week and a second', (request: Request) => presign(request, signer(), 604_801)],
    [
      'another method',
      (request: Request) => ({ ...presign(request, signer(), 60), method: 'DELETE' }),
    ],
    [
      'a parameter twice',
      (request: Request) => {
        const signed = presign(request, signer(), 60)
        return { ...signed, target: `${signed.target}&X-Amz-Expires=60` }
      },
    ],
    [
      'a header that it does not cover',
      (request: Request): Request => {
        const signed = presign(request, signer(), 60)
        return { ...signed, headers: [...signed.headers, ['x-amz-acl', 'public-read']] }
      },
    ],
    [
      'a time that is long past',
      (request: Request) => presign(request, { ...signer(), time: '20200101T000000Z' }, 60),
    ],
  ])('presigned with %s is refused', async (_, make) => {
    const { status } = await gateway.ask(make(plainRequest('GET', '/hostile/kept')))
    expect([400, 403]).toContain(status)
  })
})

describe('S03: bodies in chunks are what they say, or nothing', () => {
  const chunkedPut = (key: string, body: Uint8Array | string, more: readonly [string, string][]) =>
    sign(
      {
        method: 'PUT',
        target: `/hostile/${key}`,
        headers: [
          ['host', 'localhost:9000'],
          ['content-encoding', 'aws-chunked'],
          ...more.filter(([name]) => name !== 'x-amz-content-sha256'),
        ],
        body: Buffer.from(body),
      },
      signer(),
      more.find(([name]) => name === 'x-amz-content-sha256')?.[1] ??
        'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    )
  const trailer = ['x-amz-trailer', 'x-amz-checksum-crc32'] as [string, string]
  const crc = 'x-amz-checksum-crc32:DUoRhQ=='
  const eleven = ['x-amz-decoded-content-length', '11'] as [string, string]
  const right = `b\r\nhello world\r\n0\r\n${crc}\r\n\r\n`

  it('a right one is stored', async () => {
    const { status, text } = await gateway.ask(chunkedPut('right', right, [eleven, trailer]))
    expect(status, text).toBe(200)
    expect((await read('right')).status).toBe(200)
  })

  it.each([
    ...['-1', '+b', '0xb', 'ffffffffffffffff', '8000000000000000', '10000000000000000', ''].map(
      (size): [string, string, [string, string][]] => [
        `size "${size}"`,
        `${size}\r\nhello world\r\n0\r\n${crc}\r\n\r\n`,
        [eleven, trailer],
      ],
    ),
    ['no last chunk', 'b\r\nhello world\r\n', [eleven, trailer]],
    ['something behind the end', `${right}0\r\n\r\n`, [eleven, trailer]],
    ['more than was stated', right, [['x-amz-decoded-content-length', '10'], trailer]],
    ['less than was stated', right, [['x-amz-decoded-content-length', '12'], trailer]],
    ['no stated length', right, [trailer]],
    [
      'another trailer',
      'b\r\nhello world\r\n0\r\nx-amz-checksum-sha1:AA==\r\n\r\n',
      [eleven, trailer],
    ],
    ['no trailer', 'b\r\nhello world\r\n0\r\n\r\n', [eleven, trailer]],
    ['the trailer twice', `b\r\nhello world\r\n0\r\n${crc}\r\n${crc}\r\n\r\n`, [eleven, trailer]],
    ['a wrong trailer', right.replace('DUoR', 'AAAA'), [eleven, trailer]],
    ['another content', right.replace('hello', 'jello'), [eleven, trailer]],
  ] as [string, string, [string, string][]][])('%s is refused', async (name, body, headers) => {
    const key = `not-${encodeURIComponent(name)}`
    const { status, text } = await gateway.ask(chunkedPut(key, body, headers))
    expect([400, 411], text).toContain(status)
    expect((await read(key)).status).toBe(404)
  })

  it('a chunk with another content than was signed is refused, wherever it is', async () => {
    const content = Array.from({ length: 5 }, (_, i) => Buffer.alloc(9_000, `${i}`))
    const put = (key: string, change: (body: Buffer) => Buffer) => {
      const unsigned = {
        ...plainRequest('PUT', `/hostile/${key}`),
        headers: [
          ['host', 'localhost:9000'],
          ['x-amz-decoded-content-length', '45000'],
        ] as [string, string][],
      }
      const now = signer()
      const signed = sign(unsigned, now, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
      const authorization = signed.headers.find(([name]) => name === 'authorization')?.[1] ?? ''
      const signing: ChunkSigning = {
        signingKey: signingKey(now),
        amzDate: now.time,
        scope: `${now.time.slice(0, 8)}/us-east-1/s3/aws4_request`,
        seed: /Signature=(\w+)/.exec(authorization)?.[1] ?? '',
      }
      const body = encodeChunked({ chunks: content, trailers: [], signing, trailer: false })
      return gateway.ask({ ...signed, body: change(Buffer.from(body)) })
    }
    expect((await put('signed', (body) => body)).status).toBe(200)
    for (let k = 0; k < content.length; k++) {
      const { status } = await put(`tampered-${k}`, (body) => {
        const at = body.indexOf(`${k}`.repeat(100))
        body[at + 50] = 0x78
        return body
      })
      expect(status).toBe(403)
      expect((await read(`tampered-${k}`)).status).toBe(404)
    }
  })

  it('the decoded length of a body that is not in chunks means nothing', async () => {
    const put = plainRequest('PUT', '/hostile/plain', 'four')
    const headers: Request['headers'] = [...put.headers, ['x-amz-decoded-content-length', '4000']]
    await gateway.ask(sign({ ...put, headers }, signer()))
    const head = await gateway.ask(sign(plainRequest('HEAD', '/hostile/plain'), signer()))
    const length = head.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
    expect([undefined, '4']).toContain(head.status === 404 ? undefined : length)
  })
})

describe('over HTTP', () => {
  let server: Server
  let bucket: string
  beforeAll(async () => {
    server = await startServer({ targets: 2 })
    bucket = `${server.s3Endpoint}/hostile`
    await fetch(bucket, { method: 'PUT' })
    await fetch(`${bucket}/ten`, { method: 'PUT', body: '0123456789' })
  })
  afterAll(() => server.stop())

  const end = '%0D%0AX-Injected:%201%0D%0A%0D%0A%00'

  it.each([
    ['a name', `/na${end}me`, {}],
    ['a name that is redirected', `/na${end}me`, { 'ais-s3-redirect': 'true' }],
    ['a type', `/ten?response-content-type=a${end}`, {}],
    ['a disposition', `/ten?response-content-disposition=a${end}`, {}],
    ['a time', `/ten?response-expires=a${end}`, {}],
    ['a language', `/ten?response-content-language=a${end}`, {}],
    ['an encoding', `/ten?response-content-encoding=a${end}`, {}],
    ['a control', `/ten?response-cache-control=a${end}`, {}],
  ])('G04: a line end in %s splits no header', async (_, path, headers) => {
    await fetch(bucket + path, { method: 'PUT', body: 'x', headers, redirect: 'manual' })
    for (const method of ['GET', 'HEAD']) {
      const answer = await fetch(bucket + path, { method, headers, redirect: 'manual' })
      await answer.arrayBuffer()
      expect(answer.status).toBeLessThan(500)
      expect(answer.headers.has('x-injected')).toBe(false)
      for (const [, value] of answer.headers) expect(value).not.toMatch(/[\r\n\0]/)
    }
  })

  it.each([
    ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
    ['bytes=9-', 206, 'bytes 9-9/10', '9'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=0-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=-0', 416, 'bytes */10', undefined],
    ['bytes=10-', 416, 'bytes */10', undefined],
    ['bytes=999999999999999999-', 416, 'bytes */10', undefined],
    ['bytes=4-2', 200, null, '0123456789'],
    ['bytes=-', 200, null, '0123456789'],
    ['bytes=--3', 200, null, '0123456789'],
    ['items=0-3', 200, null, '0123456789'],
    ['bytes=0-4,2-6', 200, null, '0123456789'],
    [`bytes=${'0-0,'.repeat(2_000)}1-1`, 200, null, '0123456789'],
    ['bytes=99999999999999999999-', 200, null, '0123456789'],
  ] as const)('G07: the range %s', async (range, status, contentRange, text) => {
    const answer = await fetch(`${bucket}/ten`, { headers: { range } })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-range')).toBe(contentRange)
    const got = await answer.text()
    if (text !== undefined) expect(got).toBe(text)
  })

  it('G07: 10,000 ranges are bounded work, and If-Range of another version gets the whole', async () => {
    const range = `bytes=${Array.from({ length: 10_000 }, (_, i) => `${i}-${i}`).join(',')}`
    const many = await fetch(`${bucket}/ten`, { headers: { range } })
    expect([200, 431]).toContain(many.status)
    const other = { range: 'bytes=2-4', 'if-range': '"another"' }
    const whole = await fetch(`${bucket}/ten`, { headers: other })
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789'])
  })
})
