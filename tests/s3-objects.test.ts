import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const mib = 1024 * 1024
const hexMd5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')
const crcOf = (bytes: Uint8Array) => {
  const raw = Buffer.alloc(4)
  raw.writeUInt32BE(crc32(bytes))
  return raw.toString('base64')
}

describe('objects of S3', () => {
  let server: Server
  let bucket: string

  beforeAll(async () => {
    server = await startServer({ targets: 3, mountpaths: 2 })
    bucket = `${server.s3Endpoint}/objects-test`
    expect((await fetch(bucket, { method: 'PUT' })).status).toBe(200)
  })

  afterAll(() => server.stop())

  const put = (key: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${bucket}/${key}`, { method: 'PUT', body, headers })
  const codeOf = async (answer: Response) =>
    /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? String(answer.status)
  const element = (xml: string, name: string) =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''

  it('conditions of a write are decided on what is there', async () => {
    const made = await put('cond', 'one', { 'if-none-match': '*' })
    expect(made.status).toBe(200)
    const etag = made.headers.get('etag') ?? ''
    expect(await codeOf(await put('cond', 'two', { 'if-none-match': '*' }))).toBe(
      'PreconditionFailed',
    )
    expect(await codeOf(await put('cond', 'two', { 'if-match': '"other"' }))).toBe(
      'PreconditionFailed',
    )
    expect(await codeOf(await put('absent', 'two', { 'if-match': etag }))).toBe('NoSuchKey')
    expect((await put('cond', 'two', { 'if-match': etag })).status).toBe(200)
    expect(await (await fetch(`${bucket}/cond`)).text()).toBe('two')
  })

  it('of many writers that want to be the first, one is', async () => {
    const writers = Array.from({ length: 20 }, (_, i) =>
      put('first', `${i}`, { 'if-none-match': '*' }),
    )
    const statuses = (await Promise.all(writers)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 412)).toHaveLength(19)
  })

  it.each([
    ['Content-MD5', { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }, 'BadDigest'],
    ['Content-MD5 that is none', { 'content-md5': 'AAAA' }, 'InvalidDigest'],
    ['a checksum', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    ['a checksum that is none', { 'x-amz-checksum-sha256': 'AAAA' }, 'BadDigest'],
    [
      'a digest of the payload',
      { 'x-amz-content-sha256': '0'.repeat(64) },
      'XAmzContentSHA256Mismatch',
    ],
    ['encryption', { 'x-amz-server-side-encryption': 'AES256' }, 'NotImplemented'],
    ['an unheard header', { 'x-amz-future': 'x' }, 'NotImplemented'],
  ])('%s that does not hold keeps the body out', async (_, headers, code) => {
    expect(await codeOf(await put('kept-out', 'body', headers as Record<string, string>))).toBe(
      code,
    )
    expect((await fetch(`${bucket}/kept-out`)).status).toBe(404)
  })

  it('a checksum that holds is stored and told to who asks', async () => {
    const value = crcOf(Buffer.from('summed'))
    expect((await put('summed', 'summed', { 'x-amz-checksum-crc32': value })).status).toBe(200)
    const asked = await fetch(`${bucket}/summed`, {
      method: 'HEAD',
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
    })
    expect(asked.headers.get('x-amz-checksum-crc32')).toBe(value)
    expect(asked.headers.get('content-length')).toBe('6')
  })

  it('what S3 said of content does not outlive it', async () => {
    const value = crcOf(Buffer.from('old'))
    await put('rewritten', 'old', { 'x-amz-checksum-crc32': value, 'x-amz-meta-a': 'b' })
    const native = await fetch(`${server.endpoint}/v1/objects/objects-test/rewritten`, {
      method: 'PUT',
      body: 'new',
    })
    expect(native.status).toBe(200)
    const head = await fetch(`${bucket}/rewritten`, {
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
    })
    expect(await head.text()).toBe('new')
    expect(head.headers.get('x-amz-checksum-crc32')).toBeNull()
    expect(head.headers.get('etag')).not.toBe(`"${hexMd5(Buffer.from('old'))}"`)
  })

  it('an upload becomes one object, with the tag and checksum of its parts', async () => {
    const parts = [5 * mib, 5 * mib, 7].map((size, at) => Buffer.alloc(size, `part ${at}`))
    const whole = Buffer.concat(parts)
    const begun = await fetch(`${bucket}/big?uploads`, {
      method: 'POST',
      headers: { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' },
    })
    const id = element(await begun.text(), 'UploadId')
    // Out of order, with gaps, one sent twice.
    const numbers = [2, 40, 9_999]
    for (const at of [2, 0, 1, 0]) {
      const sent = await fetch(`${bucket}/big?uploadId=${id}&partNumber=${numbers[at]}`, {
        method: 'PUT',
        body: parts[at] ?? null,
      })
      expect(sent.headers.get('etag')).toBe(`"${hexMd5(parts[at] ?? Buffer.alloc(0))}"`)
    }
    const complete = (named: readonly number[]) =>
      fetch(`${bucket}/big?uploadId=${id}`, {
        method: 'POST',
        headers: { 'x-amz-checksum-crc32': crcOf(whole) },
        body: `<CompleteMultipartUpload>${named
          .map((at) => {
            const etag = hexMd5(parts[at] ?? Buffer.alloc(0))
            return `<Part><PartNumber>${numbers[at]}</PartNumber><ETag>"${etag}"</ETag></Part>`
          })
          .join('')}</CompleteMultipartUpload>`,
      })
    expect(await codeOf(await complete([1, 0]))).toBe('InvalidPartOrder')
    expect(await codeOf(await complete([]))).toBe('MalformedXML')
    const xml = await (await complete([0, 1, 2])).text()
    const md5s = Buffer.concat(parts.map((part) => createHash('md5').update(part).digest()))
    expect(element(xml, 'ETag')).toBe(`&quot;${hexMd5(md5s)}-3&quot;`)
    expect(element(xml, 'ChecksumCRC32')).toBe(crcOf(whole))
    // The answer may be lost on its way: asked again, it is the same.
    expect(await (await complete([0, 1, 2])).text()).toBe(xml)
    const got = Buffer.from(await (await fetch(`${bucket}/big`)).arrayBuffer())
    expect(got.equals(whole)).toBe(true)
    const second = await fetch(`${bucket}/big?partNumber=40`)
    expect(second.status).toBe(206)
    expect(second.headers.get('x-amz-mp-parts-count')).toBe('3')
    expect((await second.arrayBuffer()).byteLength).toBe(5 * mib)
  })

  it('a copy takes what its directives say, from whichever target', async () => {
    for (let at = 0; at < 8; at++) {
      await put(`from ${at}`, `content ${at}`, { 'x-amz-meta-a': 'b', 'x-amz-tagging': 'c=d' })
      const copied = await put(`to-${at}`, '', {
        'x-amz-copy-source': `/objects-test/from%20${at}`,
      })
      expect(copied.status).toBe(200)
      const got = await fetch(`${bucket}/to-${at}`)
      expect(await got.text()).toBe(`content ${at}`)
      expect(got.headers.get('x-amz-meta-a')).toBe('b')
      expect(got.headers.get('x-amz-tagging-count')).toBe('1')
    }
    const self = { 'x-amz-copy-source': 'objects-test/to-0' }
    expect(await codeOf(await put('to-0', '', self))).toBe('InvalidRequest')
    const replaced = await put('to-0', '', {
      ...self,
      'x-amz-metadata-directive': 'REPLACE',
      'x-amz-meta-e': 'f',
    })
    expect(replaced.status).toBe(200)
    const head = await fetch(`${bucket}/to-0`)
    expect([head.headers.get('x-amz-meta-a'), head.headers.get('x-amz-meta-e')]).toEqual([
      null,
      'f',
    ])
  })

  it('many keys go in one call, and each says how', async () => {
    await put('gone-1', 'x')
    const body =
      '<Delete><Object><Key>gone-1</Key></Object><Object><Key>never</Key></Object>' +
      '<Object><Key>summed</Key><ETag>"other"</ETag></Object></Delete>'
    const xml = await (await fetch(`${bucket}?delete`, { method: 'POST', body })).text()
    expect(xml.match(/<Deleted>/g)).toHaveLength(2)
    expect(element(xml, 'Code')).toBe('PreconditionFailed')
    expect((await fetch(`${bucket}/gone-1`)).status).toBe(404)
    expect((await fetch(`${bucket}/summed`)).status).toBe(200)
  })

  it('a bucket goes when it is empty, and not before', async () => {
    expect(await codeOf(await fetch(bucket, { method: 'DELETE' }))).toBe('BucketNotEmpty')
    const host = new URL(server.s3Endpoint)
    expect((await fetch(`${server.s3Endpoint}/empty-test`, { method: 'PUT' })).status).toBe(200)
    expect((await fetch(`http://${host.host}/empty-test`, { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(`${server.s3Endpoint}/empty-test`, { method: 'HEAD' })).status).toBe(404)
  })
})
