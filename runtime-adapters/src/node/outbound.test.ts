import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutbound } from './outbound.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ origin: string; server: Server }> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: originOf(server), server }
}

function originOf(server: Server | TcpServer): string {
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

function outbound(): ReturnType<typeof createOutbound> {
  const made = createOutbound()
  closers.push(() => made.close())
  return made
}

async function* chunks(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield new Uint8Array(size)
}

/** Answers with what arrived, as JSON. */
function mirror(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0
  request.on('data', (chunk) => {
    bytes += chunk.length
  })
  request.on('error', () => {})
  request.on('end', () => {
    const { method, url, rawHeaders } = request
    response.end(JSON.stringify({ method, url, rawHeaders, bytes }))
  })
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('outbound calls', () => {
  it('sends a body with GET, the target as it is and header lines apart in UTF-8', async () => {
    const { origin } = await serve(mirror)
    const answer = await outbound().call(
      origin,
      {
        method: 'GET',
        target: '/a/../%2e?q=%20',
        headers: [
          ['Ais-Custom-Md', 'a=ü€'],
          ['Ais-Custom-Md', 'b=2'],
        ],
        body: '{"x":1}',
      },
      5_000,
    )
    const seen = JSON.parse(text(await answer.bytes()))
    expect(seen).toMatchObject({ method: 'GET', url: '/a/../%2e?q=%20', bytes: 7 })
    const wire = Buffer.from('a=ü€').toString('latin1')
    expect(seen.rawHeaders.slice(2, 6)).toEqual(['Ais-Custom-Md', wire, 'Ais-Custom-Md', 'b=2'])
  })

  it('keeps the declared length of a stream and goes chunked without one', async () => {
    const { origin } = await serve(mirror)
    const calls = outbound()
    const put = { method: 'PUT', target: '/x' }
    const declared = await calls.call(
      origin,
      { ...put, body: chunks(1_000, 2_000), lengthBytes: 3_000 },
      5_000,
    )
    expect(text(await declared.bytes())).toContain('"Content-Length","3000"')
    const chunked = await calls.call(origin, { ...put, body: chunks(1_000, 2_000) }, 5_000)
    const seen = JSON.parse(text(await chunked.bytes()))
    expect(seen.bytes).toBe(3_000)
    expect(seen.rawHeaders).toContain('chunked')
  })

  it.each([
    ['shorter', [1_000]],
    ['longer', [3_000, 1]],
  ])('refuses a body %s than declared', async (_what, sizes) => {
    const { origin } = await serve(mirror)
    const body = chunks(...sizes)
    const call = { method: 'PUT', target: '/x', body, lengthBytes: 3_000 }
    await expect(outbound().call(origin, call, 5_000)).rejects.toMatchObject({
      code: 'ErrUnreachable',
    })
  })

  it('leaves a compressed body and a redirect as they are', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(307, { location: '/else', 'content-encoding': 'gzip' })
      response.end(Buffer.from([0x1f, 0x8b, 1, 2, 3]))
    })
    const answer = await outbound().call(origin, { method: 'GET', target: '/' }, 5_000)
    expect(answer.status).toBe(307)
    expect([...(await answer.bytes())]).toEqual([0x1f, 0x8b, 1, 2, 3])
  })

  it('reuses one connection', async () => {
    const ports = new Set<number | undefined>()
    const { origin } = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('ok')
    })
    const calls = outbound()
    for (let at = 0; at < 5; at += 1) {
      await (await calls.call(origin, { method: 'GET', target: '/' }, 5_000)).bytes()
    }
    expect(ports.size).toBe(1)
  })

  it('reports a refused connection as ErrUnreachable with its cause', async () => {
    const { origin, server } = await serve(mirror)
    server.close()
    const failed: unknown = await outbound()
      .call(origin, { method: 'GET', target: '/' }, 5_000)
      .catch((error: unknown) => error)
    expect(isAisError(failed, 'ErrUnreachable')).toBe(true)
    expect(failed).toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  it('gives up on a silent server, before and within the body', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url === '/half') {
        response.writeHead(200, { 'content-length': '10' })
        response.write('12345')
      }
    })
    const calls = outbound()
    await expect(calls.call(origin, { method: 'GET', target: '/' }, 50)).rejects.toMatchObject({
      code: 'ErrUnreachable',
    })
    const half = await calls.call(origin, { method: 'GET', target: '/half' }, 50)
    await expect(half.bytes()).rejects.toMatchObject({ code: 'ErrUnreachable' })
  })

  it('tells a body cut short from a whole one', async () => {
    const { origin } = await serve((request, response) => {
      response.writeHead(200, request.url === '/length' ? { 'content-length': '10' } : {})
      response.write('12345', () => request.socket.destroy())
    })
    const calls = outbound()
    for (const target of ['/length', '/chunked']) {
      const answer = await calls.call(origin, { method: 'GET', target }, 5_000)
      await expect(answer.bytes()).rejects.toMatchObject({ code: 'ErrUnreachable' })
    }
  })

  it('stops when its signal says so', async () => {
    const { origin } = await serve(() => controller.abort(new Error('enough')))
    const controller = new AbortController()
    const call = { method: 'GET', target: '/', signal: controller.signal }
    await expect(outbound().call(origin, call, 5_000)).rejects.toMatchObject({
      code: 'ErrUnreachable',
      cause: { message: 'enough' },
    })
    await expect(outbound().call(origin, call, 5_000)).rejects.toMatchObject({
      code: 'ErrUnreachable',
    })
  })

  it('refuses an answer larger than its reader allows', async () => {
    const { origin } = await serve((_request, response) => response.end('x'.repeat(1_000)))
    const answer = await outbound().call(origin, { method: 'GET', target: '/' }, 5_000)
    await expect(answer.bytes(999)).rejects.toMatchObject({ code: 'ErrTooLarge' })
  })

  it('reads no faster than its reader', async () => {
    let sentBytes = 0
    const { origin } = await serve((_request, response) => {
      const block = Buffer.alloc(1_000_000)
      const pump = (): void => {
        while (sentBytes < 100_000_000) {
          sentBytes += block.length
          if (!response.write(block)) {
            response.once('drain', pump)
            return
          }
        }
        response.end()
      }
      pump()
    })
    const answer = await outbound().call(origin, { method: 'GET', target: '/' }, 5_000)
    let readBytes = 0
    let aheadBytes = 0
    await answer.body.consume(async (chunk) => {
      readBytes += chunk.byteLength
      aheadBytes = Math.max(aheadBytes, sentBytes - readBytes)
      if (readBytes < 2_000_000) await new Promise((resolve) => setImmediate(resolve))
    })
    expect(readBytes).toBe(100_000_000)
    expect(aheadBytes).toBeLessThan(30_000_000)
  })

  it('sends a call once more when a kept connection turns out dead, but never a stream', async () => {
    let seen = 0
    const server = createTcpServer((socket) => {
      let calls = 0
      socket.on('error', () => {})
      socket.on('data', () => {
        seen += 1
        calls += 1
        // The first call on a connection is answered; the second finds it dead.
        if (calls === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        else socket.resetAndDestroy()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => server.close())
    const calls = outbound()
    const origin = originOf(server)
    const post = { method: 'POST', target: '/', body: 'x' }
    expect(text(await (await calls.call(origin, post, 5_000)).bytes())).toBe('ok')
    expect(text(await (await calls.call(origin, post, 5_000)).bytes())).toBe('ok')
    expect(seen).toBe(3)
    const stream = { method: 'POST', target: '/', body: chunks(1), lengthBytes: 1 }
    await expect(calls.call(origin, stream, 5_000)).rejects.toMatchObject({
      code: 'ErrUnreachable',
    })
  })

  it.each(['not a url', 'ftp://x'])('names the origin %s it cannot use', async (origin) => {
    await expect(
      outbound().call(origin, { method: 'GET', target: '/' }, 5_000),
    ).rejects.toMatchObject({ code: 'ErrBadRequest', message: expect.stringContaining(origin) })
  })
})
