import { closeSync, openSync } from 'node:fs'
import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { isWhole, openRaw, parseReply } from '../../testing/raw-exchange.ts'
import { serveNet } from './net-listener.ts'

const listeners: Listener[] = []
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close(0)))
})

async function serve(handler: Handler, options: Partial<ServeOptions> = {}): Promise<Listener> {
  const listener = await serveNet(handler, {
    host: '127.0.0.1',
    port: 0,
    network: 'public',
    headerBytesMax: 65_536,
    keepAliveMs: 30_000,
    minRateBytes: 1_024,
    stallMs: 250,
    sendBufferBytes: 0,
    refuse: ({ status }) => ({ status, headers: [] }),
    onError: () => {},
    ...options,
  })
  listeners.push(listener)
  return listener
}

/** A rate no stopped reader can live on, however much the kernel took for it. */
const atOnce = { minRateBytes: 2_000_000 }

const counting: Handler = async (call) => {
  let bytes = 0
  for await (const chunk of call.body) bytes += chunk.byteLength
  return { status: 200, headers: [], body: { kind: 'bytes', bytes: String(bytes) } }
}

/** Writes `text` in small parts, evenly, well above the minimum rate: 4 KiB a second. */
function trickle(write: (part: string) => void, text: string): Promise<void> {
  return new Promise((resolve) => {
    let at = 0
    const timer = setInterval(() => {
      write(text.slice(at, at + 102))
      at += 102
      if (at < text.length) return
      clearInterval(timer)
      resolve()
    }, 25)
  })
}

describe('listener on node:net', () => {
  it('says when its port is taken', async () => {
    const { port } = await serve(counting)
    await expect(serve(counting, { port })).rejects.toMatchObject({ code: 'ErrPortInUse' })
  })

  it.each(['Content-Length: 5000', 'Transfer-Encoding: chunked'])(
    'cuts a client that stops sending (%s)',
    async (head) => {
      const errors: unknown[] = []
      let failed: unknown
      const { port } = await serve(
        async (call) => {
          try {
            return await counting(call)
          } catch (error) {
            failed = error
            throw error
          }
        },
        { onError: (error) => errors.push(error) },
      )
      const raw = await openRaw(port)
      raw.write(`PUT / HTTP/1.1\r\nHost: h\r\n${head}\r\n\r\n3\r\nabc\r\n`)
      expect(await raw.closed()).toBe('')
      await expect.poll(() => failed).toMatchObject({ code: 'ErrClientGone' })
    },
  )

  it('lets a slow client that keeps moving finish', async () => {
    const { port } = await serve(counting)
    const raw = await openRaw(port)
    raw.write('PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4080\r\n\r\n')
    await trickle(raw.write, 'x'.repeat(4_080))
    expect(parseReply(await raw.until((text) => isWhole(text))).body).toBe('4080')
    raw.end()
  })

  it('does not blame the client for a slow handler', async () => {
    let release: () => void = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const { port } = await serve(async (call) => {
      await call.body.consume(() => slow)
      return { status: 204, headers: [] }
    })
    const raw = await openRaw(port)
    raw.write('PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234')
    // Four times the allowance goes by while the sink holds the first half.
    await trickle(() => {}, 'x'.repeat(4_080))
    release()
    raw.write('56789')
    expect(parseReply(await raw.until((text) => text.endsWith('\r\n\r\n'))).status).toBe(204)
    raw.end()
  })

  it.each([
    ['a sink that waits with the bytes in hand', true],
    ['a sink that uses them up', false],
  ])('gives everyone their own bytes in order, whoever else is read: %s', async (_, waits) => {
    const { port } = await serve(async (call) => {
      let text = ''
      await call.body.consume((chunk) => {
        const look = () => {
          text += Buffer.from(chunk).toString('latin1')
        }
        if (!waits) return look()
        // This connection and others are read meanwhile.
        return new Promise<void>((resolve) => setTimeout(resolve, 1)).then(look)
      })
      return { status: 200, headers: [], body: { kind: 'bytes', bytes: text } }
    })
    const clients = await Promise.all(
      Array.from('abcdefgh', async (letter) => {
        const numbers = Array.from({ length: 60_000 }, (_, index) => `${letter}${index}`)
        return { text: numbers.join(), raw: await openRaw(port) }
      }),
    )
    for (const { text, raw } of clients) {
      raw.write(`PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: ${text.length}\r\n\r\n`)
    }
    const partChars = 10_000
    for (let at = 0; at < (clients[0]?.text.length ?? 0); at += partChars) {
      for (const { text, raw } of clients) raw.write(text.slice(at, at + partChars))
    }
    for (const { text, raw } of clients) {
      const reply = parseReply(await raw.until((got) => got.length > text.length && isWhole(got)))
      expect(reply.body === text).toBe(true)
      raw.end()
    }
  })

  it('cuts a client that stops reading and tells the handler', async () => {
    let ended: (complete: boolean) => void = () => {}
    const outcome = new Promise<boolean>((resolve) => {
      ended = resolve
    })
    const { port } = await serve(
      () => ({
        status: 200,
        headers: [],
        body: { kind: 'bytes', bytes: new Uint8Array(50_000_000) },
        onEnd: ended,
      }),
      atOnce,
    )
    const raw = await openRaw(port)
    raw.socket.pause()
    raw.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(await outcome).toBe(false)
    raw.end()
  })

  it('does not pull chunks faster than the client takes them', async () => {
    let made = 0
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (; made < 1_000; made += 1) yield new Uint8Array(1_000_000)
    }
    let ended: (complete: boolean) => void = () => {}
    const outcome = new Promise<boolean>((resolve) => {
      ended = resolve
    })
    const { port } = await serve(
      () => ({
        status: 200,
        headers: [],
        body: { kind: 'stream', chunks: chunks() },
        onEnd: ended,
      }),
      atOnce,
    )
    const raw = await openRaw(port)
    raw.socket.pause()
    raw.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(await outcome).toBe(false)
    expect(made).toBeLessThan(30)
    raw.end()
  })

  it('lets what runs finish when it closes, and cuts it after the grace', async () => {
    let release: () => void = () => {}
    const { port, close } = await serve(
      () =>
        new Promise((resolve) => {
          release = () =>
            resolve({ status: 200, headers: [], body: { kind: 'bytes', bytes: 'late' } })
        }),
    )
    const raw = await openRaw(port)
    raw.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    await expect.poll(() => release.toString()).toContain('late')
    const closed = close(10_000)
    release()
    const reply = parseReply(await raw.closed())
    expect(reply.body).toBe('late')
    expect(reply.head).toMatch(/^connection: close$/im)
    await closed

    const stuck = await serve(() => new Promise(() => {}))
    const other = await openRaw(stuck.port)
    other.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    await stuck.close(20)
    expect(await other.closed()).toBe('')
  })

  it('reports an error that left the handler, and one in the middle of a reply', async () => {
    const errors: string[] = []
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(3)
      throw new Error('in the middle')
    }
    const { port } = await serve(
      (call) => {
        if (call.target === '/throw') throw new Error('at once')
        return { status: 200, headers: [], body: { kind: 'stream', chunks: broken() } }
      },
      { onError: (error) => errors.push(error instanceof Error ? error.message : '') },
    )
    for (const target of ['/throw', '/stream']) {
      const raw = await openRaw(port)
      raw.write(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`)
      const arrived = await raw.closed()
      expect(isWhole(arrived) && parseReply(arrived).status === 200).toBe(false)
    }
    expect(errors).toEqual(['at once', 'in the middle'])
  })

  it('does not let header text split the header block', async () => {
    const { port } = await serve(() => ({
      status: 200,
      headers: [['X', 'a\r\nSet-Cookie: b']],
      body: { kind: 'bytes', bytes: 'x' },
      close: true,
    }))
    const raw = await openRaw(port)
    raw.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    const { head } = parseReply(await raw.closed())
    expect(head).toContain('X: a  Set-Cookie: b\r\n')
    expect(head).not.toMatch(/^set-cookie/im)
  })

  it('answers 500 when a header name would split the header block', async () => {
    const { port } = await serve(() => ({
      status: 200,
      headers: [['X: 1\r\nSet-Cookie', 'b']],
      body: { kind: 'bytes', bytes: 'x' },
    }))
    const raw = await openRaw(port)
    raw.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(parseReply(await raw.closed())).toMatchObject({ status: 500, body: '' })
  })

  it('sends text and long headers beyond ASCII as UTF-8', async () => {
    const { port } = await serve(() => ({
      status: 200,
      headers: [['X', 'ü']],
      body: { kind: 'bytes', bytes: 'grüße' },
      close: true,
    }))
    const raw = await openRaw(port)
    raw.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    const arrived = Buffer.from(await raw.closed(), 'latin1').toString('utf8')
    expect(arrived).toContain('X: ü\r\n')
    expect(arrived).toContain('Content-Length: 7\r\n')
    expect(arrived.endsWith('\r\n\r\ngrüße')).toBe(true)
  })
})

describe('files of a reply', () => {
  const attempts = [
    ['sent', 0, 10, 200],
    ['missing', 5_000_000_000, 10, 500],
  ] as const

  it.each(attempts)('are closed once each when %s', async (_what, offset, length, status) => {
    const closed: string[] = []
    const open = (name: string): { fd: number; close(): void } => {
      const fd = openSync(process.execPath, 'r')
      return {
        fd,
        close: () => {
          closed.push(name)
          closeSync(fd)
        },
      }
    }
    const { port } = await serve(() => {
      const [one, two] = [open('one'), open('two')]
      const slices = [one, two, one].map((file) => ({ file, offset, length }))
      return { status: 200, headers: [], body: { kind: 'files', slices }, close: true }
    })
    const raw = await openRaw(port)
    raw.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(parseReply(await raw.closed()).status).toBe(status)
    expect(closed).toEqual(['one', 'two'])
  })
})
