import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EchoProcess, startEcho } from '../testing/echo-process.ts'
import { exchangeRaw, openRaw, parseReply } from '../testing/raw-exchange.ts'
import { findRuntime } from './runtimes.ts'

const folder = mkdtempSync(join(tmpdir(), 'listener-'))
const path = join(folder, 'content')

/** Content of one generation: every byte tells its place and its generation. */
function contentOf(generation: number): Buffer {
  const bytes = Buffer.alloc(2_000_003)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 31 + (at >> 8) + generation) & 255
  return bytes
}

afterAll(() => rmSync(folder, { recursive: true }))

const runtimes = (['node', 'bun', 'deno'] as const).filter((name) => findRuntime(name).found)

describe.each(runtimes)('HTTP/1.1 on %s', (runtime) => {
  let server: EchoProcess
  beforeAll(async () => {
    writeFileSync(path, contentOf(0))
    server = await startEcho({ runtime, read: [folder] })
  })
  afterAll(() => server.stop())

  const refusal = async (text: string) => {
    const raw = await openRaw(server.port)
    raw.write(text)
    return parseReply(await raw.closed())
  }

  it.each([
    ['a line that ends with LF', 400, 'GET /x HTTP/1.1\nHost: a\n\n\r\n\r\n'],
    ['LF within a value', 400, 'GET /x HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n'],
    ['CR within a value', 400, 'GET /x HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n'],
    ['NUL in a value', 400, 'GET /x HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n'],
    ['a folded line', 400, 'GET /x HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n'],
    ['space before a colon', 400, 'GET /x HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n'],
    ['a line without a name', 400, 'GET /x HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n'],
    ['a space in the target', 400, 'GET /x y HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a tab in the request line', 400, 'GET\t/x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['no version', 400, 'GET /x\r\nHost: a\r\n\r\n'],
    ['another version', 505, 'GET /x HTTP/2.0\r\nHost: a\r\n\r\n'],
    ['a method that is none', 400, 'G(T /x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a length with a sign', 400, 'PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello'],
    ['a list of lengths', 400, 'PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello'],
    ['no length', 400, 'PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello'],
    [
      'the same length twice',
      400,
      'PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello',
    ],
    [
      'a foreign coding',
      501,
      'PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'chunked twice',
      400,
      'PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('refuses %s', async (_what, status, text) => {
    const reply = await refusal(text)
    expect(reply.status).toBe(status)
    expect(reply.body).toMatch(/malformed|unsupported/)
    expect(reply.head).toMatch(/^connection: close$/im)
  })

  it.each([
    ['a size that is no number', 'x\r\nhello\r\n0\r\n\r\n'],
    ['a size with a sign', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a size in C spelling', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a size line that ends with LF', '5\nhello\r\n0\r\n\r\n'],
    ['a chunk longer than its size', '4\r\nhello\r\n0\r\n\r\n'],
    ['a trailer that is no line', '5\r\nhello\r\n0\r\nno colon\r\n\r\n'],
    ['an extension without end', `5;${'x'.repeat(1_000)}\r\nhello\r\n0\r\n\r\n`],
  ])('tells the reader of a body of chunks with %s, answers and closes', async (_what, body) => {
    const reply = await refusal(
      `PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
    )
    expect(reply.status).toBe(400)
    expect(reply.body).toMatch(/^malformed body: /)
    expect(reply.head).toMatch(/^connection: close$/im)
  })

  it('takes chunks, extensions, trailers and the next request byte by byte', async () => {
    const raw = await openRaw(server.port)
    raw.socket.setNoDelay(true)
    const text =
      '\r\nPUT /x HTTP/1.1\r\nhOST:  a \t\r\ntransfer-encoding: Chunked\r\n\r\n' +
      '3;a="b"\r\nhel\r\n02\r\nlo\r\n000\r\nX: y\r\n\r\nGET /close HTTP/1.1\r\nHost: a\r\n\r\n'
    for (const byte of text) {
      raw.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const all = await raw.closed()
    expect(all).toContain('"body":"hello"')
    expect(all.endsWith('bye')).toBe(true)
  })

  it('answers a hundred requests that arrive in one piece, bodies among them', async () => {
    const raw = await openRaw(server.port)
    const one = 'PUT /count HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n1234567'
    raw.write(`${one.repeat(100)}GET /close HTTP/1.1\r\nHost: a\r\n\r\n`)
    const all = await raw.closed()
    expect(all.match(/"bodyBytes":7/g)?.length).toBe(100)
    expect(all.endsWith('bye')).toBe(true)
  })

  it('answers a client that says at once that it has sent all', async () => {
    const raw = await openRaw(server.port)
    raw.write('GET /close HTTP/1.0\r\n\r\n')
    expect(await raw.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: close.*bye$/s)
  })

  it('answers a client that says too early that it has sent all', async () => {
    const raw = await openRaw(server.port)
    raw.write('PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    raw.socket.end()
    const { status, body } = parseReply(await raw.closed())
    expect({ status, body }).toEqual({ status: 400, body: 'client left after 3 bytes of 10 bytes' })
  })

  it('keeps the connection of an old client only when asked to, and sends it no chunks', async () => {
    const kept = await exchangeRaw(
      server.port,
      'GET /repeated HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n',
    )
    expect(kept.head).toMatch(/^connection: keep-alive$/im)
    const raw = await openRaw(server.port)
    raw.write('GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    const { head, body } = parseReply(await raw.closed())
    expect(head).not.toMatch(/transfer-encoding/i)
    expect(head).toMatch(/^connection: close$/im)
    expect(body).toBe('AAAAABBBBBCCCCC')
  })

  it('dates its replies', async () => {
    const { head } = await exchangeRaw(server.port, 'GET /head HTTP/1.1\r\nHost: a\r\n\r\n')
    const date = /^date: (.+ GMT)$/im.exec(head)?.[1] ?? ''
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(5_000)
  })

  it('sends the bytes asked for in 400 mixed ranges while the file is replaced', async () => {
    let generation = 0
    const wrong: string[] = []
    const ranges = Array.from({ length: 400 }, (_unused, at) => {
      const offset = (at * 48_611) % 1_900_000
      const length = [1, 100, 4_096, 65_536, 262_144, 1_000_000][at % 6] ?? 1
      return { offset, length: Math.min(length, 2_000_003 - offset) }
    })
    const worker = async (): Promise<void> => {
      for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
        const { offset, length } = range
        const { body } = await exchangeRaw(
          server.port,
          `GET /file?path=${path}&slices=${offset}-${length} HTTP/1.1\r\nHost: h\r\n\r\n`,
        )
        const bytes = Buffer.from(body, 'latin1')
        const first = (bytes[0] ?? 0) - (offset * 31 + (offset >> 8))
        const expected = contentOf(first & 255).subarray(offset, offset + length)
        if (!bytes.equals(expected)) wrong.push(`${offset}-${length}`)
        generation += 1
        if (generation % 8 === 0) {
          writeFileSync(`${path}.${generation}`, contentOf(generation))
          renameSync(`${path}.${generation}`, path)
        }
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(wrong).toEqual([])
    await expect.poll(() => server.descriptorsTo(folder)).toBe(0)
  }, 120_000)

  it('gives readers that stop their own bytes when they go on, and others theirs meanwhile', async () => {
    const large = join(folder, 'large')
    const sizeBytes = 12_000_000
    const bytes = Buffer.alloc(sizeBytes)
    for (let at = 0; at < sizeBytes; at += 4) bytes.writeUInt32LE(at, at)
    writeFileSync(large, bytes)
    const ask = async (offset: number, length: number) => {
      const raw = await openRaw(server.port)
      raw.socket.pause()
      raw.write(`GET /file?path=${large}&slices=${offset}-${length} HTTP/1.0\r\n\r\n`)
      return raw
    }
    const offsets = Array.from({ length: 8 }, (_unused, at) => at * 4)
    const stopped = await Promise.all(offsets.map((offset) => ask(offset, sizeBytes - offset)))
    const quick = await ask(400, 4_000)
    quick.socket.resume()
    const quickBody = Buffer.from(parseReply(await quick.closed()).body, 'latin1')
    expect(quickBody.equals(bytes.subarray(400, 4_400))).toBe(true)
    for (const raw of stopped) raw.socket.resume()
    const bodies = await Promise.all(
      stopped.map(async (raw) => parseReply(await raw.closed()).body),
    )
    const wrong = bodies.filter(
      (body, at) => !Buffer.from(body, 'latin1').equals(bytes.subarray(at * 4)),
    )
    expect(wrong.length).toBe(0)
    await expect.poll(() => server.descriptorsTo(large)).toBe(0)
  }, 60_000)
})
