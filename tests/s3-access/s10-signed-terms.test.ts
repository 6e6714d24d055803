import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SignedClient, type Told } from './signed-client.ts'

let s3: SignedClient

beforeAll(async () => {
  s3 = await SignedClient.start()
  await s3.addUser('ann')
  await s3.ask('ann', { method: 'PUT', path: '/forms' })
  await s3.ask('ann', { method: 'PUT', path: '/forms/key', body: 'content' })
})
afterAll(() => s3.server.stop())

describe('S10: a presigned URL', () => {
  it('is good for its call alone', async () => {
    const url = await s3.presign('ann', { method: 'GET', path: '/forms/key' })
    expect((await s3.fetch(url)).text).toBe('content')
    const changed: [string, string, RequestInit][] = [
      ['method', url, { method: 'DELETE' }],
      ['key', url.replace('/forms/key', '/forms/other'), {}],
      ['bucket', url.replace('/forms/', '/other/'), {}],
      ['query', `${url}&versionId=null`, {}],
      ['subresource', `${url}&acl`, {}],
      ['end', url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'), {}],
      ['scope', url.replace('us-east-1', 'eu-west-1'), {}],
      ['header', url, { headers: { 'x-amz-acl': 'public-read' } }],
      ['source', url, { headers: { 'x-amz-copy-source': '/forms/key' } }],
    ]
    for (const [what, at, init] of changed) {
      const { status } = await s3.fetch(at, init)
      expect([what, status === 200]).toEqual([what, false])
    }
    expect((await s3.ask('ann', { method: 'GET', path: '/forms/key' })).text).toBe('content')
  })

  it('ends', async () => {
    const url = await s3.presign('ann', { method: 'GET', path: '/forms/key' }, 0)
    expect((await s3.fetch(url)).code).toBe('AccessDenied')
  })
})

const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')

function signatureOf(policy: string, secret: string): string {
  const key = [day, 'us-east-1', 's3', 'aws4_request'].reduce<Buffer | string>(
    (made, part) => createHmac('sha256', made).update(part).digest(),
    `AWS4${secret}`,
  )
  return createHmac('sha256', key).update(policy).digest('hex')
}

interface Form {
  readonly fields?: Readonly<Record<string, string>>
  readonly file?: string | Uint8Array<ArrayBuffer>
  readonly conditions?: readonly unknown[]
  readonly bucket?: string
}

const usual: readonly unknown[] = [
  { bucket: 'forms' },
  ['starts-with', '$key', 'up/'],
  { 'content-type': 'text/plain' },
  ['content-length-range', 2, 1_000_000],
]

/** Posts a form whose policy ann signed. */
function post({ fields = {}, file = 'file', conditions = usual, bucket = 'forms' }: Form) {
  const { access_key, secret_key } = s3.pair('ann')
  const expiration = new Date(Date.now() + 60_000).toISOString()
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
  const all = {
    key: 'up/a',
    'Content-Type': 'text/plain',
    policy,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${access_key}/${day}/us-east-1/s3/aws4_request`,
    'x-amz-date': `${day}T000000Z`,
    'x-amz-signature': signatureOf(policy, secret_key),
    ...fields,
  }
  const form = new FormData()
  for (const [name, value] of Object.entries(all)) form.append(name, value)
  form.append('file', new Blob([file]), 'name.txt')
  return s3.fetch(`${s3.origin()}/s3/${bucket}`, { method: 'POST', body: form })
}

const stored = async (key: string): Promise<Told> =>
  s3.ask('ann', { method: 'GET', path: `/forms/${key}` })

describe('S10: a form', () => {
  it('stores its file, as its policy lets it', async () => {
    const file = new Uint8Array(900_000).fill(97)
    const key = ['up/$', '{filename}'].join('')
    const told = await post({ file, fields: { key } })
    expect(told.status).toBe(204)
    const { text, headers } = await stored('up/name.txt')
    expect(text.length).toBe(file.length)
    expect(headers.get('content-type')).toBe('text/plain')
    expect(told.headers.get('etag')).toBe(headers.get('etag'))
  })

  it.each<[string, Form, string]>([
    ['another key', { fields: { key: 'down/a' } }, 'AccessDenied'],
    ['another type', { fields: { 'Content-Type': 'text/html' } }, 'AccessDenied'],
    ['a field nobody signed', { fields: { 'x-amz-meta-a': 'b' } }, 'AccessDenied'],
    ['an ACL nobody signed', { fields: { acl: 'public-read' } }, 'AccessDenied'],
    ['a file too long', { file: new Uint8Array(1_000_001) }, 'EntityTooLarge'],
    ['a file too short', { file: 'x' }, 'EntityTooSmall'],
    [
      'another signature',
      { fields: { 'x-amz-signature': '0'.repeat(64) } },
      'SignatureDoesNotMatch',
    ],
    [
      'fields too long',
      { fields: { 'x-ignore-a': 'x'.repeat(30_000) } },
      'MaxPostPreDataLengthExceededError',
    ],
    [
      'a copy',
      {
        fields: { 'x-amz-copy-source': '/forms/key' },
        conditions: [...usual, { 'x-amz-copy-source': '/forms/key' }],
      },
      'NotImplemented',
    ],
    [
      'a line break in a header',
      {
        fields: { 'x-amz-meta-a': 'b\r\nx: y' },
        conditions: [...usual, ['starts-with', '$x-amz-meta-a', '']],
      },
      'InvalidArgument',
    ],
  ])('is refused with %s, and leaves nothing', async (_, form, code) => {
    const { fields } = form
    const told = await post({ ...form, fields: { key: 'up/refused', ...fields } })
    expect(told.code).toBe(code)
    expect((await stored('up/refused')).code).toBe('NoSuchKey')
  })

  it('goes to no other bucket', async () => {
    await s3.ask('ann', { method: 'PUT', path: '/others' })
    expect((await post({ bucket: 'others' })).code).toBe('AccessDenied')
  })

  it('of nobody is let in where everybody may write', async () => {
    const form = new FormData()
    form.append('key', 'anybody')
    form.append('success_action_status', '201')
    form.append('file', new Blob(['x']), 'x')
    const send = () => s3.fetch(`${s3.origin()}/s3/forms`, { method: 'POST', body: form })
    expect((await send()).code).toBe('AccessDenied')
    const open = { 'x-amz-acl': 'public-read-write' }
    await s3.ask('ann', { method: 'PUT', path: '/forms?acl', headers: open })
    const told = await send()
    expect(told.status).toBe(201)
    expect(told.text).toContain('<Key>anybody</Key>')
    // Nobody's objects are the bucket's owner's.
    expect((await stored('anybody')).text).toBe('x')
  })

  it('that is none is refused', async () => {
    const url = `${s3.origin()}/s3/forms`
    const plain = await s3.fetch(url, { method: 'POST', body: 'a=b' })
    expect(plain.code).toBe('PreconditionFailed')
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    for (const body of ['', '--x\r\n', '--x\r\ncontent-disposition: form-data\r\n\r\na\r\n--x--']) {
      const { status } = await s3.fetch(url, { method: 'POST', headers, body })
      expect(status).toBe(400)
    }
  })
})
