import { request } from 'node:http'
import {
  benchPlatform,
  bytesOf,
  membersOf,
  readAll,
} from '@aistore-ts/core/archive/testing/archive-bench.ts'
import { writeArchive } from '@aistore-ts/core/archive/write-archive.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Answered {
  readonly status: number
  readonly type: string
  readonly location: string
  readonly body: Uint8Array
}

/** A GET with a body, which `fetch` does not send. */
function get(url: string, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'GET',
      headers: { 'content-length': Buffer.byteLength(body) },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          location: answer.headers.location ?? '',
          body: new Uint8Array(Buffer.concat(chunks)),
        }),
      )
    })
    outgoing.end(body)
  })
}

describe('get-batch', () => {
  let server: Server

  const put = (path: string, body: string | Uint8Array) =>
    fetch(`${server.endpoint}/v1/objects/${path}`, { method: 'PUT', body: Buffer.from(body) })
  const action = (path: string, method: string, message: unknown) =>
    fetch(`${server.endpoint}/v1/buckets/${path}`, { method, body: JSON.stringify(message) })

  beforeAll(async () => {
    server = await startServer({ targets: 3 })
    for (const bucket of ['b', 'c', 'secret'])
      await action(bucket, 'POST', { action: 'create-bck' })
    for (let i = 0; i < 20; i++) await put(`b/o${i}`, `object ${i} `.repeat(i * 40))
    await put('b/big', 'x'.repeat(3_000_000))
    await put('c/o1', 'of another bucket')
    await put('secret/o1', 'hidden')
    const files: [string, string][] = [
      ['a.txt', 'first'],
      ['d/b.txt', 'second'],
      ['c.txt', 'third'],
    ]
    for (const format of ['.tar', '.tgz', '.zip', '.tar.lz4'] as const) {
      await put(
        `b/s${format}`,
        await bytesOf(writeArchive(benchPlatform, format, membersOf(files))),
      )
    }
    await action('secret', 'PATCH', { action: 'set-bprops', value: { access: '0' } })
  })

  afterAll(() => server.stop())

  async function batch(message: Record<string, unknown>, path = '/b'): Promise<Answered> {
    const body = JSON.stringify(message)
    const sent = await get(`${server.endpoint}/v1/ml/moss${path}`, body)
    return sent.status === 307 ? get(sent.location, body) : sent
  }

  async function setSoftErrors(max: number): Promise<void> {
    const value = { get_batch: { max_soft_errs: max } }
    const body = JSON.stringify({ action: 'set-config', value })
    expect((await fetch(`${server.endpoint}/v1/cluster`, { method: 'PUT', body })).status).toBe(200)
  }

  const everything = [
    ...Array.from({ length: 20 }, (_, i) => ({ objname: `o${(i * 7) % 20}` })),
    { objname: 'big' },
    { objname: 'o1', bucket: 'c' },
    { objname: 'o5', start: 3, length: 4 },
    { objname: 'o5', start: 3, length: -1 },
    { objname: 's.tgz', archpath: 'd/b.txt' },
    { objname: 's.tgz', archpath: 'c.txt', start: 1, length: 2 },
    { objname: 's.zip', archpath: 'a.txt' },
    { objname: 's.tar', archpath: 'c.txt' },
    { objname: 's.tar', archpath: 'a.txt' },
    { objname: 's.tar.lz4', archpath: 'a.txt' },
  ]
  const five = 'object 5 '.repeat(200)
  const expected: [string, string][] = [
    ...Array.from({ length: 20 }, (_, i): [string, string] => {
      const n = (i * 7) % 20
      return [`b/o${n}`, `object ${n} `.repeat(n * 40)]
    }),
    ['b/big', 'x'.repeat(3_000_000)],
    ['c/o1', 'of another bucket'],
    ['b/o5', five.slice(3, 7)],
    ['b/o5', five.slice(3)],
    ['b/s.tgz/d/b.txt', 'second'],
    ['b/s.tgz/c.txt', 'hi'],
    ['b/s.zip/a.txt', 'first'],
    ['b/s.tar/c.txt', 'third'],
    ['b/s.tar/a.txt', 'first'],
    ['b/s.tar.lz4/a.txt', 'first'],
  ]

  for (const [mime, type, format] of [
    ['', 'application/x-tar', '.tar'],
    ['.tar.gz', 'application/gzip', '.tgz'],
    ['tgz', 'application/gzip', '.tgz'],
    ['.zip', 'application/zip', '.zip'],
    ['.tar.lz4', 'application/x-lz4', '.tar.lz4'],
  ] as const) {
    it(`brings objects, ranges and files of shards in their order as ${mime || 'tar'}`, async () => {
      const answer = await batch({ in: everything, mime, strm: true })
      expect(answer.status).toBe(200)
      expect(answer.type).toBe(type)
      expect(await readAll(answer.body, format)).toEqual(expected)
    })
  }

  it('buffered: what became of each entry stands in front', async () => {
    const asked = [
      { objname: 'o1', opaque: '+//+' },
      { objname: 'none' },
      { objname: 's.tar', archpath: 'nobody' },
      { objname: 's.tgz', archpath: 'c.txt', start: 1, length: 2 },
    ]
    const answer = await batch({ in: asked, coer: true, onob: true })
    const boundary = /^multipart\/mixed; boundary=([0-9a-f]+)$/.exec(answer.type)?.[1]
    const text = Buffer.from(answer.body).toString('latin1')
    const [, meta = '', data = ''] = text.split(`--${boundary}`)
    const [, json = ''] = meta.split('\r\n\r\n')
    expect(JSON.parse(json)).toEqual({
      uuid: expect.stringMatching(/^gbt-/),
      out: [
        { objname: 'o1', bucket: 'b', provider: 'ais', opaque: '+//+', size: 360 },
        {
          objname: 'none',
          bucket: 'b',
          provider: 'ais',
          err_msg: expect.stringContaining('does not exist'),
          size: 0,
        },
        {
          objname: 's.tar',
          archpath: 'nobody',
          bucket: 'b',
          provider: 'ais',
          err_msg: expect.any(String),
          size: 0,
        },
        { objname: 's.tgz', archpath: 'c.txt', bucket: 'b', provider: 'ais', size: 2 },
      ],
    })
    const archive = Buffer.from(data.slice(data.indexOf('\r\n\r\n') + 4, -2), 'latin1')
    expect(await readAll(new Uint8Array(archive), '.tar')).toEqual([
      ['o1', 'object 1 '.repeat(40)],
      ['__404__/none', ''],
      ['__404__/s.tar/nobody', ''],
      ['s.tgz/c.txt', 'hi'],
    ])
  })

  it.each([
    [
      'an object that is not there',
      { in: [{ objname: 'o1' }, { objname: 'none' }], strm: true },
      404,
    ],
    ['a bucket that is not there', { in: [{ objname: 'o1', bucket: 'nowhere' }], coer: true }, 404],
    [
      'a range behind the end',
      { in: [{ objname: 'o1', start: 9_999, length: 1 }], coer: true, strm: true },
      416,
    ],
    [
      'a range that is too long',
      { in: [{ objname: 'o1', start: 0, length: 9_999 }], coer: true, strm: true },
      416,
    ],
    ['a range without a length', { in: [{ objname: 'o1', start: 1 }] }, 400],
    ['nothing', { in: [] }, 400],
    ['an unknown format', { in: [{ objname: 'o1' }], mime: '.rar' }, 400],
    ['a path that leads out of the shard', { in: [{ objname: 's.tar', archpath: '../x' }] }, 400],
    [
      'a bucket that may not be read',
      { in: [{ objname: 'o1' }, { objname: 'o1', bucket: 'secret' }], coer: true },
      403,
    ],
  ])('refuses %s', async (_title, message, status) => {
    const answer = await batch(message)
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([
      status,
      expect.any(String),
    ])
  })

  it('needs the redirect of a gateway, and one whose tag holds', async () => {
    const body = JSON.stringify({ in: [{ objname: 'o1' }], strm: true })
    const { location } = await get(`${server.endpoint}/v1/ml/moss/b`, body)
    const url = new URL(location)
    url.search = ''
    expect((await get(url.href, body)).status).toBe(401)
    expect((await get(location.replace('/moss/b/', '/moss/c/'), body)).status).toBe(401)
    expect((await get(location, body)).status).toBe(200)
  })

  it('X07: 10,000 entries with gaps, repeats and ranges: names and order are exact', async () => {
    const entries = Array.from({ length: 10_000 }, (_, i) =>
      i % 10 < 3
        ? { objname: `gap${i}` }
        : i % 7 === 0
          ? { objname: 'o9', start: i % 50, length: 2 }
          : { objname: `o${i % 20}` },
    )
    const asked = { in: entries, coer: true, strm: true, onob: true }
    const refused = await batch(asked)
    expect([refused.status, Buffer.from(refused.body).toString()]).toEqual([
      404,
      expect.stringContaining('more than 8 soft errors (get_batch.max_soft_errs)'),
    ])
    await setSoftErrors(3_000)
    const answer = await batch(asked)
    await setSoftErrors(0)
    const found = await readAll(answer.body, '.tar')
    const nine = 'object 9 '.repeat(360)
    expect(found).toEqual(
      entries.map((entry, i) => {
        if (entry.objname.startsWith('gap')) return [`__404__/${entry.objname}`, '']
        if ('start' in entry) return [entry.objname, nine.slice(i % 50, (i % 50) + 2)]
        const n = i % 20
        return [entry.objname, `object ${n} `.repeat(n * 40)]
      }),
    )
    expect((await batch({ in: [...entries, { objname: 'o1' }], coer: true })).status).toBe(400)
  })

  it('goes on after objects that hold what may not be unpacked', async () => {
    const evil = await bytesOf(writeArchive(benchPlatform, '.tar', membersOf([['aa/bb', 'x']])))
    const text = Buffer.from(evil)
    text.write('../bb', 0, 'latin1')
    const sum = text
      .subarray(0, 512)
      .reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
    text.write(sum.toString(8).padStart(6, '0'), 148, 'latin1')
    await put('b/evil.tar', text)
    const answer = await batch({
      in: [{ objname: 'evil.tar', archpath: 'x' }, { objname: 'o1' }],
      coer: true,
      strm: true,
    })
    expect((await readAll(answer.body, '.tar')).map(([name]) => name)).toEqual([
      '__404__/b/evil.tar/x',
      'b/o1',
    ])
    // Only reading tells, and the answer has begun: it is cut.
    const strict = batch({ in: [{ objname: 'evil.tar', archpath: 'x' }], strm: true })
    await expect(strict).rejects.toThrow()
  })
})
