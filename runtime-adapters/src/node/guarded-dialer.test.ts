import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { OutsideCall } from '@aistore-ts/core/ports/outside-call.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { findRuntime, runtimeCommand } from '../runtimes.ts'
import { createGuardedDialer, type DialerParts } from './guarded-dialer.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('./testing/dial-forbidden.ts', import.meta.url))

describe('X01: URLs from outside lead to no forbidden address', () => {
  it.each(['node', 'bun', 'deno'] as const)('on %s', { timeout: 60_000 }, async (name) => {
    if (!findRuntime(name).found) return
    const { command, args, environment } = runtimeCommand(name, program)
    const { stdout } = await run(command, [...args], { env: { ...process.env, ...environment } })
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      passed: [],
      canary: 0,
      allowed: '200 hello good.test, 1 served, 1 look-up',
    })
    expect(report.tried).toBeGreaterThan(300)
  })
})

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Answering = (request: IncomingMessage, response: ServerResponse) => void

async function serve(answer: Answering): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const rules = { allowCidrs: ['127.0.0.0/8'], allowPrivate: false }

function dial(url: string, more: Partial<OutsideCall> = {}, parts: DialerParts = {}) {
  return createGuardedDialer(parts)({ method: 'GET', url, rules, timeoutMs: 5_000, ...more })
}

const textOf = async (answer: { bytes(): Promise<Uint8Array> }): Promise<string> =>
  new TextDecoder().decode(await answer.bytes())

/** Answers with the header lines that arrived. */
const mirror: Answering = (request, response) => response.end(JSON.stringify(request.headers))

describe('the guarded dialer', () => {
  it('sends the headers it is given, but none that belong to the message itself', async () => {
    const url = await serve(mirror)
    const headers = [
      ['X-Token', 'a'],
      ['Host', 'elsewhere'],
      ['Content-Length', '5'],
      ['Connection', 'keep-alive'],
    ] as const
    expect(JSON.parse(await textOf(await dial(url, { headers })))).toEqual({
      host: url.slice('http://'.length),
      'x-token': 'a',
      connection: 'close',
    })
  })

  it('sends a user and password of the URL, unless there is authorization already', async () => {
    const url = (await serve(mirror)).replace('//', '//ada:l%20c@')
    const named = JSON.parse(await textOf(await dial(url)))
    expect(named.authorization).toBe(`Basic ${btoa('ada:l c')}`)
    const headers = [['Authorization', 'Bearer x']] as const
    const borne = JSON.parse(await textOf(await dial(url, { headers })))
    expect(borne.authorization).toBe('Bearer x')
    await expect(dial(url.replace('ada', '%ff'))).rejects.toMatchObject({ code: 'ErrBadRequest' })
  })

  it('takes headers along on a redirect of the same origin, and to no other', async () => {
    const other = await serve(mirror)
    const url = await serve((request, response) => {
      if (request.url === '/end') mirror(request, response)
      else response.writeHead(307, { location: request.url === '/a' ? '/end' : other }).end()
    })
    const headers = [['Authorization', 'Bearer x']] as const
    expect(await textOf(await dial(`${url}/a`, { headers }))).toContain('Bearer x')
    expect(await textOf(await dial(`${url}/b`, { headers }))).not.toContain('Bearer x')
  })

  it('gives up on redirects without an end', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    await expect(dial(url)).rejects.toMatchObject({
      code: 'ErrUnreachable',
      message: expect.stringContaining('more than 10 times'),
    })
  })

  it('ends on silence, before the answer and in its body', async () => {
    const mute = await serve(() => {})
    await expect(dial(mute, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'ErrUnreachable' })
    const slow = await serve((_, response) => response.write('x'))
    const answer = await dial(slow, { timeoutMs: 50 })
    await expect(answer.bytes()).rejects.toMatchObject({ code: 'ErrUnreachable' })
  })

  it('ends when its caller gives up', async () => {
    const abort = new AbortController()
    const url = await serve(() => abort.abort())
    await expect(dial(url, { signal: abort.signal })).rejects.toThrow()
  })

  it('takes no more bytes than it may, declared or not', async () => {
    const declared = await serve((_, response) => response.end('0123456789'))
    await expect(dial(declared, { bytesMax: 9 })).rejects.toMatchObject({ code: 'ErrTooLarge' })
    expect(await textOf(await dial(declared, { bytesMax: 10 }))).toBe('0123456789')
    const endless = await serve((_, response) => {
      const more = () => response.write('x'.repeat(1_000), more)
      more()
    })
    const answer = await dial(endless, { bytesMax: 5_000 })
    await expect(answer.body.consume(() => {})).rejects.toMatchObject({ code: 'ErrTooLarge' })
  })

  it('knows a name by its certificate, wherever it is', async () => {
    const file = (name: string) =>
      readFile(new URL(`../../../tests/tls/certificates/${name}`, import.meta.url), 'utf8')
    const [cert, key, ca] = await Promise.all([file('node.crt'), file('node.key'), file('ca.crt')])
    const server = createTlsServer({ cert, key }, mirror).listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const parts: DialerParts = {
      ca,
      resolve: (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    }
    expect((await dial(`https://localhost:${port}/`, {}, parts)).status).toBe(200)
    const foreign = dial(`https://other.test:${port}/`, {}, parts)
    await expect(foreign).rejects.toMatchObject({ code: 'ErrUnreachable' })
    const untrusted = dial(`https://localhost:${port}/`, {}, { resolve: parts.resolve })
    await expect(untrusted).rejects.toMatchObject({ code: 'ErrUnreachable' })
  })
})
