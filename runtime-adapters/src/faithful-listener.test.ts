import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Seen } from '../testing/echo-handler.ts'
import { type EchoProcess, startEcho } from '../testing/echo-process.ts'
import { exchangeRaw, isWhole, openRaw, parseReply } from '../testing/raw-exchange.ts'
import { findRuntime } from './runtimes.ts'

const folder = mkdtempSync(join(tmpdir(), 'listener-'))
const path = join(folder, 'content')
const content = Buffer.alloc(3_000_000, 'abcdefghijklmnopqrstuvwxyz0123456789')

beforeAll(() => writeFileSync(path, content))
afterAll(() => rmSync(folder, { recursive: true }))

for (const runtime of ['node', 'bun', 'deno'] as const) {
  describe.skipIf(!findRuntime(runtime).found)(`faithful listener on ${runtime}`, () => {
    let server: EchoProcess
    beforeAll(async () => {
      server = await startEcho({ runtime, read: [folder] })
    })
    afterAll(() => server.stop())

    const send = (text: string) => exchangeRaw(server.port, text)
    const see = async (text: string): Promise<Seen> =>
      JSON.parse(Buffer.from((await send(text)).body, 'latin1').toString('utf8'))

    it('keeps the body of a GET', async () => {
      const seen = await see('GET /x HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\n{"q":1}')
      expect(seen).toMatchObject({ method: 'GET', body: '{"q":1}', bodyBytes: 7 })
    })

    it.each([
      '/v1/../../etc/passwd',
      '/a/%2e%2E/b',
      '/a\\..\\b',
      '//a//b/./c',
      '/a%00%2F?x=%zz&y=+',
      'http://evil/x',
    ])('keeps the raw target %s', async (target) => {
      expect((await see(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`)).target).toBe(target)
    })

    it('keeps repeated header lines apart and in order, in UTF-8', async () => {
      const wire = Buffer.from('grüße=€').toString('latin1')
      const seen = await see(
        `GET /x HTTP/1.1\r\nHost: h\r\nAis-Custom-Md: ${wire}\r\nX: 1\r\nAis-Custom-Md: b, c=2\r\n\r\n`,
      )
      expect(seen.headers).toEqual([
        ['host', 'h'],
        ['ais-custom-md', 'grüße=€'],
        ['x', '1'],
        ['ais-custom-md', 'b, c=2'],
      ])
    })

    it('sends repeated header lines apart, in UTF-8', async () => {
      const { head } = await send('GET /repeated HTTP/1.1\r\nHost: h\r\n\r\n')
      const lines = head.split('\r\n').filter((line) => line.startsWith('X-Md'))
      expect(lines).toEqual(['X-Md: a=1', `X-Md: b=${Buffer.from('ü€').toString('latin1')}`])
    })

    it('says 100 only when the handler reads', async () => {
      const raw = await openRaw(server.port)
      raw.write('PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n')
      expect(await raw.until((text) => text.endsWith('\r\n\r\n'))).toBe(
        'HTTP/1.1 100 Continue\r\n\r\n',
      )
      raw.write('hello')
      const all = await raw.until((text) => isWhole(text.replace(/^.*?\r\n\r\n/s, '')))
      raw.end()
      expect(parseReply(all.replace(/^.*?\r\n\r\n/s, '')).body).toContain('"body":"hello"')
    })

    it('says 100 where there is no body to wait for, and goes on with the connection', async () => {
      const raw = await openRaw(server.port)
      const head = 'PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n'
      for (let round = 1; round <= 2; round++) {
        raw.write(head)
        const all = await raw.until((text) => text.split('"body":""').length > round)
        expect(all.split('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200').length - 1).toBe(round)
      }
      raw.end()
    })

    it('answers Expect with the redirect, never with 100, and closes', async () => {
      const raw = await openRaw(server.port)
      raw.write(
        'PUT /unread HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n',
      )
      const reply = parseReply(await raw.closed())
      expect(reply).toMatchObject({ status: 307, body: 'elsewhere' })
      expect(reply.head).toMatch(/^connection: close$/im)
      expect(reply.head).toMatch(/^cache-control: no-store$/im)
    })

    it('refuses an expectation it does not know', async () => {
      const { status } = await send(
        'PUT /x HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n',
      )
      expect(status).toBe(417)
    })

    it.each([
      ['two Host lines', 'GET /x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'],
      ['no Host line', 'GET /x HTTP/1.1\r\nX: 1\r\n\r\n'],
      [
        'a chunked body in HTTP/1.0',
        'PUT /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      [
        'two lengths',
        'PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      ],
      [
        'length and chunks',
        'PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      ['a broken header line', 'GET /x HTTP/1.1\r\nHost: a\r\nno colon here\r\n\r\n'],
    ])('refuses %s', async (_what, text) => {
      const raw = await openRaw(server.port)
      raw.write(text)
      const reply = parseReply(await raw.closed())
      expect(reply.status).toBe(400)
    })

    it('takes a header block of 60 KiB and refuses one of 80 KiB', async () => {
      const large = await see(`GET /x HTTP/1.1\r\nHost: h\r\nX: ${'a'.repeat(61_000)}\r\n\r\n`)
      expect(large.headers[1]?.[1].length).toBe(61_000)
      const raw = await openRaw(server.port)
      raw.write(`GET /x HTTP/1.1\r\nHost: h\r\nX: ${'a'.repeat(81_920)}\r\n\r\n`)
      expect(parseReply(await raw.closed()).status).toBe(431)
    })

    it('drains a short unread body and keeps the connection', async () => {
      const raw = await openRaw(server.port)
      raw.write(
        `PUT /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n${'b'.repeat(1_000)}`,
      )
      await raw.until((text) => isWhole(text))
      raw.write('GET /close HTTP/1.1\r\nHost: h\r\n\r\n')
      expect((await raw.closed()).endsWith('bye')).toBe(true)
    })

    it.each([
      ['of a length', 'Content-Length: 1000\r\n\r\n', 'b'.repeat(1_000)],
      [
        'in chunks',
        'Transfer-Encoding: chunked\r\n\r\n',
        `3e8\r\n${'b'.repeat(1_000)}\r\n0\r\n\r\n`,
      ],
    ])(
      'answers when a short unread body %s is here, or was waited for',
      async (_what, head, body) => {
        const [sends, stops] = [await openRaw(server.port), await openRaw(server.port)]
        for (const raw of [sends, stops]) {
          raw.write(`PUT /unread HTTP/1.1\r\nHost: h\r\n${head}${body.slice(0, 400)}`)
        }
        // What was sent first would be answered first.
        await send('GET /x HTTP/1.1\r\nHost: h\r\n\r\n')
        expect(await sends.until(() => true)).toBe('')
        sends.write(body.slice(400))
        await sends.until((text) => isWhole(text))
        expect(parseReply(await stops.until((text) => isWhole(text))).status).toBe(307)
      },
    )

    it('keeps the connection when a chunked body came with its head, unread', async () => {
      const call = 'PUT /unread HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n'
      const reply = await send(`${call}3\r\nabc\r\n0\r\n\r\n`)
      expect(reply.head).not.toMatch(/^connection: close$/im)
    })

    it('answers while a long body is under way, then closes', async () => {
      const raw = await openRaw(server.port)
      raw.write('PUT /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n')
      raw.write('b'.repeat(1_000_000))
      const reply = parseReply(await raw.closed())
      expect(reply).toMatchObject({ status: 307, body: 'elsewhere' })
      expect(reply.head).toMatch(/^connection: close$/im)
    })

    it('tells a body cut short from a whole one', async () => {
      const before = (await server.facts()).errors.length
      for (const head of ['Content-Length: 50', 'Transfer-Encoding: chunked']) {
        const raw = await openRaw(server.port)
        raw.write(`PUT /x HTTP/1.1\r\nHost: h\r\n${head}\r\n\r\n5\r\nhello\r\n`)
        raw.socket.end()
        await raw.closed()
      }
      const { errors } = await server.facts()
      expect(
        errors.slice(before).filter((code) => code === 'ErrClientGone').length,
      ).toBeGreaterThanOrEqual(2)
    })

    it('keeps the length a HEAD reply states and sends no body', async () => {
      const head = await send('HEAD /head HTTP/1.1\r\nHost: h\r\n\r\n')
      expect(head.head).toMatch(/^content-length: 12345$/im)
      const text = await send('HEAD /close HTTP/1.1\r\nHost: h\r\n\r\n')
      expect(text.head).toMatch(/^content-length: 3$/im)
      expect(text.body).toBe('')
    })

    it('answers 500 and says no more when the handler throws', async () => {
      expect(await send('GET /throw HTTP/1.1\r\nHost: h\r\n\r\n')).toMatchObject({
        status: 500,
        body: 'internal error',
      })
    })

    it('sends streams with and without a length and cuts one that does not add up', async () => {
      const chunked = await send('GET /stream HTTP/1.1\r\nHost: h\r\n\r\n')
      expect(chunked.head).toMatch(/^transfer-encoding: chunked$/im)
      const exact = await send('GET /stream?length=15 HTTP/1.1\r\nHost: h\r\n\r\n')
      expect(exact.body).toBe('AAAAABBBBBCCCCC')
      for (const length of [14, 16]) {
        const raw = await openRaw(server.port)
        raw.write(`GET /stream?length=${length} HTTP/1.1\r\nHost: h\r\n\r\n`)
        const { head, body } = parseReply(await raw.closed())
        expect(head).toMatch(new RegExp(`^content-length: ${length}$`, 'im'))
        expect(body.length === length).toBe(false)
      }
    })

    it.each([
      ['one short slice', [[7, 100]]],
      [
        'short slices in order',
        [
          [500, 10],
          [0, 10],
          [2_999_990, 10],
        ],
      ],
      ['one long slice', [[1, 2_999_999]]],
      [
        'long slices in order',
        [
          [1_000_000, 1_500_000],
          [0, 1_200_000],
          [5, 5],
        ],
      ],
      ['nothing', [[0, 0]]],
    ])('sends %s of a file and closes it', async (_what, slices) => {
      const list = slices.map(([offset, length]) => `${offset}-${length}`).join(',')
      const { head, body } = await send(
        `GET /file?path=${path}&slices=${list} HTTP/1.1\r\nHost: h\r\n\r\n`,
      )
      const expected = Buffer.concat(
        slices.map(([offset = 0, length = 0]) => content.subarray(offset, offset + length)),
      )
      expect(head).toMatch(/^content-type: application\/x-slices$/im)
      expect(Buffer.from(body, 'latin1').equals(expected)).toBe(true)
      await server.facts()
      expect(server.descriptorsTo(path)).toBe(0)
    })

    it('aborts the signal when the client goes', async () => {
      const before = (await server.facts()).aborted
      const raw = await openRaw(server.port)
      raw.write('GET /hang HTTP/1.1\r\nHost: h\r\n\r\n')
      // The next reply on another connection proves that the first call is in.
      await server.facts()
      raw.end()
      await expect.poll(async () => (await server.facts()).aborted).toBe(before + 1)
    })

    it('closes the file of a client that leaves in the middle, and says so once', async () => {
      const before = await server.facts()
      for (let at = 0; at < 10; at += 1) {
        const raw = await openRaw(server.port)
        const slices = Array.from({ length: 40 }, () => '0-3000000').join(',')
        raw.write(`GET /file?path=${path}&slices=${slices} HTTP/1.1\r\nHost: h\r\n\r\n`)
        await raw.until((text) => text.length > 100_000)
        raw.end()
      }
      await expect.poll(() => server.descriptorsTo(path)).toBe(0)
      await expect.poll(async () => (await server.facts()).cut).toBe(before.cut + 10)
    })

    it('answers pipelined calls in order', async () => {
      const raw = await openRaw(server.port)
      raw.write('GET /repeated HTTP/1.1\r\nHost: h\r\n\r\nGET /close HTTP/1.1\r\nHost: h\r\n\r\n')
      const all = await raw.closed()
      expect(all.indexOf('ok')).toBeLessThan(all.indexOf('bye'))
      expect(all.endsWith('bye')).toBe(true)
    })

    it('takes 600 MiB without holding them', async () => {
      const raw = await openRaw(server.port)
      const sizeBytes = 629_145_600
      raw.write(`PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
      const block = Buffer.alloc(1_048_576)
      for (let sent = 0; sent < sizeBytes; sent += block.byteLength) {
        if (!raw.socket.write(block))
          await new Promise((resolve) => raw.socket.once('drain', resolve))
      }
      const reply = parseReply(await raw.until((text) => isWhole(text)))
      raw.end()
      const { bodyBytes, peakBytes } = JSON.parse(reply.body)
      expect(bodyBytes).toBe(sizeBytes)
      expect(peakBytes).toBeLessThan(400_000_000)
    })
  })

  describe.skipIf(!findRuntime(runtime).found)(`minimum rate on ${runtime}`, () => {
    let server: EchoProcess
    beforeAll(async () => {
      const read = [folder]
      const limits = { stallMs: 250, minRateBytes: 2_000_000 }
      server = await startEcho({ runtime, read, ...limits })
    })
    afterAll(() => server.stop())

    it('cuts a client that stops sending', async () => {
      const raw = await openRaw(server.port)
      raw.write('PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhello')
      expect(await raw.closed()).toBe('')
      await expect.poll(async () => (await server.facts()).errors).toContain('ErrClientGone')
    })

    it.each([
      ['a stream', '/stream?size=1000000&count=1000'],
      ['one piece', '/stream?size=50000000&count=1'],
      ['a file', `/file?path=${path}&slices=${Array(99).fill('0-3000000').join(',')}`],
    ])('cuts a client that stops reading %s', async (_what, target) => {
      const before = (await server.facts()).cut
      const raw = await openRaw(server.port)
      raw.socket.pause()
      raw.write(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`)
      await expect
        .poll(async () => (await server.facts()).cut, { timeout: 10_000 })
        .toBe(before + 1)
      expect(server.descriptorsTo(path)).toBe(0)
      raw.end()
    })
  })
}
