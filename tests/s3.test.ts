import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('S3', () => {
  let server: Server
  let s3: string

  beforeAll(async () => {
    server = await startServer({ targets: 2, mountpaths: 2 })
    s3 = server.s3Endpoint
    expect((await fetch(`${s3}/b1-test`, { method: 'PUT' })).status).toBe(200)
  })

  afterAll(() => server.stop())

  it('an object comes back', async () => {
    const put = await fetch(`${s3}/b1-test/a//b/`, {
      method: 'PUT',
      body: 'hello',
      headers: { 'x-amz-meta-colour': 'blue', 'content-type': 'text/plain' },
    })
    expect(await put.text()).toBe('')
    expect(put.status).toBe(200)
    expect(put.headers.get('etag')).toBe('"5d41402abc4b2a76b9719d911017c592"')
    const get = await fetch(`${s3}/b1-test/a//b/`)
    expect(await get.text()).toBe('hello')
    expect(Object.fromEntries(get.headers)).toMatchObject({
      'x-amz-meta-colour': 'blue',
      'content-type': 'text/plain',
      etag: '"5d41402abc4b2a76b9719d911017c592"',
    })
    const gone = await fetch(`${server.endpoint}/s3/b1-test/a/b`)
    expect(gone.status).toBe(404)
    expect(await gone.text()).toContain('<Code>NoSuchKey</Code>')
  })
})
