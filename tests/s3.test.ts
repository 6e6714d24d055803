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

  it('lists by any delimiter, in pages, each name once and in the order of bytes', async () => {
    expect((await fetch(`${s3}/b2-test`, { method: 'PUT' })).status).toBe(200)
    const keys = ['a', 'b/1', 'b/2', 'c+d', 'é', 'zz//x', '\u{1f600}', '\uffee']
    for (const key of keys) {
      const path = `${s3}/b2-test/${key.split('/').map(encodeURIComponent).join('/')}`
      expect((await fetch(path, { method: 'PUT', body: key })).status).toBe(200)
    }
    const names = (xml: string, element: string) =>
      [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, name]) => name)
    const list = async (query: string) => (await fetch(`${s3}/b2-test?${query}`)).text()

    const all = await list('list-type=2')
    expect(names(all, 'Key')).toEqual([
      'a',
      'b/1',
      'b/2',
      'c+d',
      'zz//x',
      'é',
      '\uffee',
      '\u{1f600}',
    ])
    expect(names(all, 'ETag')[0]).toBe('&quot;0cc175b9c0f1b6a831c399e269772661&quot;')
    const found: (string | undefined)[] = []
    let token = ''
    for (let page = 0; page < 20; page++) {
      const xml = await list(`list-type=2&max-keys=1&delimiter=/${token}`)
      found.push(...names(xml, 'Key'), ...names(xml, 'Prefix').slice(1))
      if (!xml.includes('<IsTruncated>true')) break
      token = `&continuation-token=${names(xml, 'NextContinuationToken')[0]}`
    }
    expect(found).toEqual(['a', 'b/', 'c+d', 'zz/', 'é', '\uffee', '\u{1f600}'])
    expect(names(await list('delimiter=%2B&marker=b/2'), 'Prefix')).toEqual(['', 'c+'])
    expect(names(await list('encoding-type=url&prefix=c'), 'Key')).toEqual(['c%2Bd'])
    const v1 = await list('max-keys=2&delimiter=/')
    expect(names(v1, 'NextMarker')).toEqual(['b/'])
  })

  it.each([
    ['DELETE', '/b1-test?replication'],
    ['DELETE', '/b1-test?encryption'],
    ['PUT', '/b1-test?logging'],
    ['PUT', '/b1-test/a//b/?annotation'],
    ['PUT', '/b1-test?accelerate'],
  ])('%s %s is not implemented, and nothing happens', async (method, path) => {
    const answer = await fetch(s3 + path, { method })
    expect(answer.status).toBe(501)
    expect(await answer.text()).toContain('<Code>NotImplemented</Code>')
    expect(await (await fetch(`${s3}/b1-test/a//b/`)).text()).toBe('hello')
  })
})
