import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { parseClusterMap } from '../placement/cluster-map.ts'
import { createHttpClient } from './client.ts'
import { sendAndFollow } from './follow-redirects.ts'
import { findAnswer } from './parse-answer.ts'
import { sendRaw } from './send-raw.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

const mapOf = (url: string) => {
  const node = { daemon_id: 'p', flags: 0, public_net: { direct_url: url } }
  return parseClusterMap({ pmap: { p: node }, tmap: {}, proxy_si: node })
}

const asked = { method: 'GET', url: 'http://h/' }
const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1')

test('an answer is read only when it is complete', () => {
  const whole = bytes('HTTP/1.1 200 OK', 'Content-Length: 5', 'A: 1', 'a: 2', '', 'hello')
  for (let length = 0; length < whole.length; length++) {
    expect(findAnswer(whole.subarray(0, length), asked, false)).toBeUndefined()
  }
  const answer = findAnswer(whole, asked, false)
  expect(answer?.status).toBe(200)
  expect(answer?.body.toString()).toBe('hello')
  expect(answer?.headers.filter(([name]) => name === 'a')).toEqual([
    ['a', '1'],
    ['a', '2'],
  ])
})

test('chunked bodies, bodies up to the close, and interim answers are understood', () => {
  const chunked = bytes(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: chunked',
    '',
    '3',
    'abc',
    '0',
    '',
    '',
  )
  expect(findAnswer(chunked, asked, false)?.body.toString()).toBe('abc')
  const open = bytes('HTTP/1.1 200 OK', '', 'abc')
  expect(findAnswer(open, asked, false)).toBeUndefined()
  expect(findAnswer(open, asked, true)?.body.toString()).toBe('abc')
  expect(findAnswer(bytes('HTTP/1.1 100 Continue', '', ''), asked, false)?.status).toBe(100)
})

test('a GET carries a body, headers are UTF-8 and repeated lines stay apart', async () => {
  const origin = await serve(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.setHeader('x-md', [Buffer.from('a=ö').toString('latin1'), 'b=2'])
    // A Buffer: with a string node:http writes the header block in the encoding of the body.
    response.end(Buffer.from(`${request.url} ${request.headers['content-length']} ${body}`))
  })
  const client = createHttpClient(5000, 2)
  const answer = await client.send({
    ...{ method: 'GET', origin, target: '/a/../b?x', headers: {} },
    body: Buffer.from('{}'),
  })
  client.close()
  expect(answer.body.toString()).toBe('/a/../b?x 2 {}')
  expect(answer.headers.filter(([name]) => name === 'x-md')).toEqual([
    ['x-md', 'a=ö'],
    ['x-md', 'b=2'],
  ])
})

test('307 keeps method and body, 301 drops the body of a GET', async () => {
  const origin = await serve(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.url?.startsWith('/from') === true) {
      const status = request.method === 'GET' ? 301 : 307
      response.writeHead(status, { location: `${origin}/to` }).end()
    } else response.end(`${request.method} ${body}`)
  })
  const client = createHttpClient(5000, 2)
  const send = (method: string) =>
    sendAndFollow(client, mapOf(origin), {
      ...{ method, origin, target: '/from', headers: {} },
      body: Buffer.from('body'),
    })
  expect((await send('PUT')).body.toString()).toBe('PUT body')
  expect((await send('GET')).body.toString()).toBe('GET ')
  client.close()
})

test('redirects away from the cluster, relative ones and endless ones are faults', async () => {
  let location = 'http://192.0.2.1:1/v1'
  const origin = await serve((_request, response) => {
    response.writeHead(307, { location }).end()
  })
  const client = createHttpClient(5000, 2)
  const send = () =>
    sendAndFollow(client, mapOf(origin), { method: 'PUT', origin, target: '/', headers: {} })
  await expect(send()).rejects.toThrow(/no node of the cluster map/)
  location = '/v1'
  await expect(send()).rejects.toThrow(/no absolute URL/)
  location = `${origin}/again`
  await expect(send()).rejects.toThrow(/redirects/)
  client.close()
})

test('a large body is not pushed before the server wants it', async () => {
  let received = 0
  const origin = await serve(() => undefined)
  servers[0]?.on('checkContinue', (request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    response.writeHead(307, { location: 'http://x/' }).end()
  })
  const client = createHttpClient(5000, 2)
  const body = Buffer.alloc(1_000_000)
  const answer = await client.send({ method: 'PUT', origin, target: '/', headers: {}, body })
  client.close()
  expect(answer.status).toBe(307)
  expect(received).toBe(0)
})

test('a raw request arrives as it is, and a close without an answer has status 0', async () => {
  const origin = await serve((request, response) => {
    if (request.url === '/close') request.socket.destroy()
    else response.end(request.rawHeaders.join(' '))
  })
  const raw = (path: string) => ({
    text: `GET ${path} HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\n\r\n`,
  })
  expect((await sendRaw(origin, raw('/'), 5000)).body.toString()).toBe('Host h X-A 1 x-a 2')
  expect((await sendRaw(origin, raw('/close'), 5000)).status).toBe(0)
})
