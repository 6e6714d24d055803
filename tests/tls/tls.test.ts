import { readFileSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const certificates = fileURLToPath(new URL('./certificates/', import.meta.url))
const pem = (name: string): string => readFileSync(join(certificates, name), 'utf8')
const ca = pem('ca.crt')

interface Got {
  readonly status: number
  readonly body: string
  readonly location: string
}

/** One call over TLS, redirects followed to wherever they lead. */
async function call(
  method: string,
  url: string,
  body?: string,
  tls: ConnectionOptions = {},
): Promise<Got> {
  const got = await new Promise<Got>((resolve, reject) => {
    const outgoing = request(
      url,
      { method, ca, ...tls, agent: false },
      (reply: IncomingMessage) => {
        let text = ''
        reply.setEncoding('utf8')
        reply.on('data', (chunk) => {
          text += chunk
        })
        reply.on('end', () =>
          resolve({
            status: reply.statusCode ?? 0,
            body: text,
            location: reply.headers.location ?? '',
          }),
        )
        reply.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
  if (got.status !== 301 && got.status !== 307) return got
  expect(got.location).toMatch(/^https:/)
  return call(method, got.location, body, tls)
}

/** A handshake; the connection, or why there is none. */
function handshake(port: number, options: ConnectionOptions): Promise<TLSSocket | Error> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ca, ...options })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', resolve)
  })
}

const http = (folder: string, more: object = {}) => ({
  net: {
    http: {
      use_https: true,
      server_crt: join(folder, 'server.crt'),
      server_key: join(folder, 'server.key'),
      client_ca_tls: join(certificates, 'ca.crt'),
      ...more,
    },
  },
})

async function place(folder: string, name: string): Promise<void> {
  await copyFile(join(certificates, `${name}.key`), join(folder, 'server.key'))
  await copyFile(join(certificates, `${name}.crt`), join(folder, 'server.crt'))
}

describe('a cluster over TLS', () => {
  let folder: string
  let server: Server

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aistore-tls-'))
    await place(folder, 'node')
    server = await startServer({ proxies: 2, targets: 2, config: http(folder) })
  })

  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  const portOf = () => Number(new URL(server.endpoint).port)

  it('says https of every address of the map, and is reached there', async () => {
    const { body } = await call('GET', `${server.endpoint}/v1/cluster?what=smap`)
    const urls = [...body.matchAll(/"direct_url":"([^"]+)"/g)].map(([, url]) => url)
    expect(urls.length).toBeGreaterThan(11)
    for (const url of urls) expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  })

  it('keeps objects as it does over plain HTTP', async () => {
    const made = await call(
      'POST',
      `${server.endpoint}/v1/buckets/b`,
      JSON.stringify({ action: 'create-bck' }),
    )
    expect(made.status).toBe(200)
    const text = 'x'.repeat(3_000_000)
    for (let i = 0; i < 8; i++) {
      const url = `${server.endpoint}/v1/objects/b/${i}`
      expect((await call('PUT', url, `${i}${text}`)).status).toBe(200)
    }
    const other = server.proxies[1]?.snode.publicNet.url
    for (let i = 0; i < 8; i++) {
      expect((await call('GET', `${other}/v1/objects/b/${i}`)).body).toBe(`${i}${text}`)
    }
  })

  it('calls for a body that the client announces', async () => {
    const put = (url: string): Promise<string | number> =>
      new Promise((resolve, reject) => {
        const headers = { expect: '100-continue', 'content-length': '200000' }
        const outgoing = request(url, { method: 'PUT', ca, headers, agent: false })
        outgoing.on('continue', () => outgoing.end(Buffer.alloc(200_000, 'a')))
        outgoing.on('response', ({ statusCode = 0, headers: { location } }) => {
          outgoing.destroy()
          resolve(location ?? statusCode)
        })
        outgoing.on('error', reject)
        outgoing.flushHeaders()
      })
    const location = await put(`${server.endpoint}/v1/objects/b/announced`)
    expect(location).toMatch(/^https:/)
    expect(await put(String(location))).toBe(200)
  })

  it('speaks neither plain HTTP nor a version of TLS before 1.2', async () => {
    const plain = await new Promise((resolve) => {
      const outgoing = requestPlain({ port: portOf(), host: '127.0.0.1', path: '/v1/health' })
      outgoing.on('error', resolve)
      outgoing.on('response', ({ statusCode }) => resolve(statusCode))
      outgoing.end()
    })
    expect(plain).toBeInstanceOf(Error)
    const old = {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const
    expect(await handshake(portOf(), old)).toBeInstanceOf(Error)
    const known = await handshake(portOf(), { maxVersion: 'TLSv1.2' })
    if (known instanceof Error) throw known
    expect(known.getProtocol()).toBe('TLSv1.2')
    known.destroy()
  })

  it('takes a new certificate while connections stand, and keeps the old when it is told of a wrong one', async () => {
    const serial = async (): Promise<string> => {
      const socket = await handshake(portOf(), {})
      if (socket instanceof Error) throw socket
      const { serialNumber } = socket.getPeerCertificate()
      socket.destroy()
      return serialNumber
    }
    expect(await serial()).toBe('03E9')
    const standing = await handshake(portOf(), {})
    if (standing instanceof Error) throw standing
    await place(folder, 'next')
    const loaded = await call('PUT', `${server.endpoint}/v1/cluster/load-x509`)
    expect(loaded.status).toBe(200)
    expect(await serial()).toBe('03EA')
    standing.write('GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    const answer = await new Promise((resolve) => standing.once('data', resolve))
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /)
    await copyFile(join(certificates, 'foreign.key'), join(folder, 'server.key'))
    const refused = await call('PUT', `${server.endpoint}/v1/cluster/load-x509`)
    expect(refused.status).toBe(400)
    expect(refused.body).toContain('net.http.server_crt')
    expect(await serial()).toBe('03EA')
    const shown = await call('GET', `${server.endpoint}/v1/daemon?what=tls_certificate`)
    expect(JSON.parse(shown.body)).toMatchObject({
      'serial-number': '1002',
      'issued-by (CN)': 'AIStore test authority',
    })
  })
})

describe('a cluster that asks clients for a certificate', () => {
  it('lets in whom its authority knows, and nobody else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aistore-tls-'))
    await place(folder, 'node')
    const server = await startServer({ targets: 1, config: http(folder, { client_auth_tls: 4 }) })
    try {
      const url = `${server.endpoint}/v1/health`
      const known = { cert: pem('client.crt'), key: pem('client.key') }
      expect((await call('GET', url, undefined, known)).status).toBe(200)
      await expect(call('GET', url)).rejects.toThrow()
      const foreign = { cert: pem('foreign.crt'), key: pem('foreign.key') }
      await expect(call('GET', url, undefined, foreign)).rejects.toThrow()
    } finally {
      await server.stop()
      await rm(folder, { recursive: true })
    }
  })

  it('does not start with a key of another certificate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aistore-tls-'))
    await place(folder, 'node')
    await copyFile(join(certificates, 'next.key'), join(folder, 'server.key'))
    await expect(startServer({ config: http(folder) })).rejects.toThrow(/net\.http\.server_crt/)
    await rm(folder, { recursive: true })
  })
})
