import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Seen } from '../../testing/echo-handler.ts'
import { type EchoProcess, startEcho } from '../../testing/echo-process.ts'
import { exchangeRaw, isWhole, openRaw, parseReply } from '../../testing/raw-exchange.ts'
import { findRuntime } from '../runtimes.ts'

const folder = mkdtempSync(join(tmpdir(), 'fast-'))
const path = join(folder, 'content')

/** Content of one generation: every byte tells its place and its generation. */
function contentOf(generation: number): Buffer {
  const bytes = Buffer.alloc(2_000_003)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 31 + (at >> 8) + generation) & 255
  return bytes
}

describe.skipIf(!findRuntime('bun').found)('fast listener on bun', () => {
  let server: EchoProcess
  beforeAll(async () => {
    writeFileSync(path, contentOf(0))
    server = await startEcho({ runtime: 'bun', profile: 'fast', read: [folder] })
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  const send = (text: string) => exchangeRaw(server.port, text)

  it('echoes a PUT with its headers in UTF-8', async () => {
    const wire = Buffer.from('grüße=€').toString('latin1')
    const { body } = await send(
      `PUT /x?a=%20 HTTP/1.1\r\nHost: h:80\r\nAis-Custom-Md: ${wire}\r\nContent-Length: 5\r\n\r\nhello`,
    )
    const seen: Seen = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'))
    expect(seen).toMatchObject({ method: 'PUT', target: '/x?a=%20', bodyBytes: 5, body: 'hello' })
    expect(seen.headers).toContainEqual(['ais-custom-md', 'grüße=€'])
  })

  it('takes a chunked body', async () => {
    const { body } = await send(
      'PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    )
    expect(JSON.parse(body)).toMatchObject({ bodyBytes: 5, body: 'hello' })
  })

  it.each(['a/b?c', 'a@b', 'a, b'])(
    'refuses the Host %s, which could pass for a path',
    async (host) => {
      expect((await send(`GET /x HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).status).toBe(400)
    },
  )

  it('sends the file as the handler describes it', async () => {
    const { head, body, status } = await send(
      `GET /file?path=${path}&slices=10-20 HTTP/1.1\r\nHost: h\r\n\r\n`,
    )
    expect(status).toBe(200)
    expect(head).toMatch(/^content-type: application\/x-slices$/im)
    expect(head).toMatch(/^content-length: 20$/im)
    expect(head).not.toMatch(/filename/i)
    expect(Buffer.from(body, 'latin1')).toEqual(contentOf(0).subarray(10, 30))
  })

  it('sends the bytes asked for in 400 mixed ranges while the file is replaced', async () => {
    let generation = 0
    const wrong: string[] = []
    const ranges = Array.from({ length: 400 }, (_unused, at) => {
      const offset = (at * 48_611) % 1_900_000
      const length = [1, 100, 4_096, 65_536, 65_537, 1_000_000][at % 6] ?? 1
      return { offset, length: Math.min(length, 2_000_003 - offset) }
    })
    const worker = async (): Promise<void> => {
      for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
        const { offset, length } = range
        const { body } = await send(
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

  it('keeps no descriptor of clients that leave in the middle', async () => {
    const large = join(folder, 'large')
    writeFileSync(large, Buffer.alloc(50_000_000))
    for (let at = 0; at < 20; at += 1) {
      const raw = await openRaw(server.port)
      raw.write(`GET /file?path=${large}&slices=0-50000000 HTTP/1.1\r\nHost: h\r\n\r\n`)
      await raw.until((text) => text.length > 100_000)
      raw.end()
    }
    await expect.poll(() => server.descriptorsTo(large)).toBe(0)
  })

  it('sends several slices in order: short ones with a length, long ones chunked', async () => {
    const whole = contentOf(7)
    const other = join(folder, 'other')
    writeFileSync(other, whole)
    const short = await send(`GET /file?path=${other}&slices=9-5,0-3 HTTP/1.1\r\nHost: h\r\n\r\n`)
    expect(short.head).toMatch(/^content-length: 8$/im)
    expect(Buffer.from(short.body, 'latin1')).toEqual(
      Buffer.concat([whole.subarray(9, 14), whole.subarray(0, 3)]),
    )
    const response = await fetch(
      `http://127.0.0.1:${server.port}/file?path=${other}&slices=5-1900000,0-1000000`,
    )
    expect(response.headers.get('content-length')).toBeNull()
    expect(Buffer.from(await response.arrayBuffer())).toEqual(
      Buffer.concat([whole.subarray(5, 1_900_005), whole.subarray(0, 1_000_000)]),
    )
  })

  it('cuts a stream that does not add up', async () => {
    for (const length of [14, 16]) {
      const url = `http://127.0.0.1:${server.port}/stream?length=${length}&size=5`
      const read = fetch(url).then((response) => response.arrayBuffer())
      await expect(read).rejects.toThrow()
    }
  })

  it('keeps the length a HEAD reply states and answers 500 when the handler throws', async () => {
    const head = await send('HEAD /head HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(head.head).toMatch(/^content-length: 12345$/im)
    const failed = await send('GET /throw HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(failed).toMatchObject({ status: 500, body: '' })
  })

  it('tells a body cut short from a whole one', async () => {
    const before = (await server.facts()).errors.length
    const raw = await openRaw(server.port)
    raw.write('PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhello')
    await server.facts()
    raw.end()
    await expect
      .poll(async () => (await server.facts()).errors.slice(before))
      .toContain('ErrClientGone')
  })

  it('aborts the signal when the client goes', async () => {
    const before = (await server.facts()).aborted
    const raw = await openRaw(server.port)
    raw.write('GET /hang HTTP/1.1\r\nHost: h\r\n\r\n')
    await server.facts()
    raw.end()
    await expect.poll(async () => (await server.facts()).aborted).toBe(before + 1)
  })

  it('takes 600 MiB without holding them', async () => {
    const raw = await openRaw(server.port)
    const sizeBytes = 629_145_600
    raw.write(`PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
    const block = Buffer.alloc(1_048_576)
    for (let sent = 0; sent < sizeBytes; sent += block.byteLength) {
      if (!raw.socket.write(block)) {
        await new Promise((resolve) => raw.socket.once('drain', resolve))
      }
    }
    const reply = parseReply(await raw.until((text) => isWhole(text)))
    raw.end()
    const { bodyBytes, peakBytes } = JSON.parse(reply.body)
    expect(bodyBytes).toBe(sizeBytes)
    expect(peakBytes).toBeLessThan(400_000_000)
  })
})

describe.skipIf(!findRuntime('bun').found)('minimum rate of the fast listener', () => {
  it('cuts a client that stops sending', async () => {
    const limits = { stallMs: 250, minRateBytes: 1_024 }
    const server = await startEcho({ runtime: 'bun', profile: 'fast', read: [], ...limits })
    const raw = await openRaw(server.port)
    raw.write('PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhello')
    expect((await raw.closed()).startsWith('HTTP/1.1 200')).toBe(false)
    expect((await server.facts()).errors).toContain('ErrClientGone')
    await server.stop()
  })
})
