import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('bodies of unknown length', () => {
  let server: Server
  let port: number

  beforeAll(async () => {
    server = await startServer({ targets: 2 })
    port = Number(new URL(server.endpoint).port)
    const made = await fetch(`${server.endpoint}/v1/buckets/b`, {
      method: 'POST',
      body: JSON.stringify({ action: 'create-bck' }),
    })
    expect(made.status).toBe(200)
  })

  afterAll(() => server.stop())

  it('a chunked PUT that cannot be sent twice is relayed, and read back whole', async () => {
    const outgoing = request({
      port,
      host: '127.0.0.1',
      method: 'PUT',
      path: '/v1/objects/b/piped',
    })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    const chunk = Buffer.alloc(100_000, 'x')
    for (let i = 0; i < 30; i++) {
      if (!outgoing.write(chunk)) await once(outgoing, 'drain')
    }
    outgoing.end()
    const [answer] = await answered
    answer.resume()
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['ais-version']).toBe('1')
    const get = await fetch(`${server.endpoint}/v1/objects/b/piped`)
    expect((await get.arrayBuffer()).byteLength).toBe(3_000_000)
  })

  it('one that breaks off leaves no object and no work file', async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      'PUT /v1/objects/b/broken HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n',
    )
    socket.write(Buffer.alloc(200_000))
    const workFiles = async () =>
      (await readdir(server.dir, { recursive: true })).filter((path) => /%wk\/./.test(path))
    // The target has begun to write before the client goes.
    while ((await workFiles()).length === 0) await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
    while ((await workFiles()).length > 0) await new Promise((resolve) => setImmediate(resolve))
    expect((await fetch(`${server.endpoint}/v1/objects/b/broken`)).status).toBe(404)
  })
})

describe('parameters of object calls that are not offered', () => {
  let server: Server

  beforeAll(async () => {
    server = await startServer({ targets: 1 })
    const made = await fetch(`${server.endpoint}/v1/buckets/b`, {
      method: 'POST',
      body: JSON.stringify({ action: 'create-bck' }),
    })
    expect(made.status).toBe(200)
    const put = await fetch(`${server.endpoint}/v1/objects/b/shard.tar`, {
      method: 'PUT',
      body: 'the shard',
    })
    expect(put.status).toBe(200)
  })

  afterAll(() => server.stop())

  it.each(['etl_name=f', 'etl_pipeline=f'])(
    '%s is refused for reading and writing, and changes nothing',
    async (query) => {
      const url = `${server.endpoint}/v1/objects/b/shard.tar`
      for (const method of ['GET', 'HEAD', 'PUT']) {
        const answer = await fetch(`${url}?${query}`, {
          method,
          ...(method === 'PUT' ? { body: 'one file' } : {}),
        })
        expect(answer.status, method).toBe(501)
        if (method === 'HEAD') continue
        const envelope = await answer.json()
        expect(envelope).toMatchObject({ tcode: 'ErrNotImpl', status: 501 })
      }
      expect(await (await fetch(url)).text()).toBe('the shard')
    },
  )

  it('without a value they ask for nothing', async () => {
    const url = `${server.endpoint}/v1/objects/b/shard.tar?archpath=&archregx=&etl_name=`
    expect(await (await fetch(url)).text()).toBe('the shard')
  })
})

describe('names at a target that knows them already', () => {
  let server: Server
  /** Of the target, with `NAME` for the name. */
  let owner: string

  beforeAll(async () => {
    server = await startServer({ targets: 1 })
    const { endpoint } = server
    const send = (method: string, path: string, body: unknown) =>
      fetch(`${endpoint}/v1/${path}`, { method, body: JSON.stringify(body) })
    await send('POST', 'buckets/b', { action: 'create-bck' })
    const auth = { intra_cluster: { request_auth: false } }
    await send('PUT', 'cluster', { action: 'set-config', value: { auth } })
    const redirect = await fetch(`${endpoint}/v1/objects/b/NAME`, { redirect: 'manual' })
    owner = redirect.headers.get('location') ?? ''
  })

  afterAll(() => server.stop())

  const call = async (method: string, name: string, body?: string) => {
    const reply = await fetch(owner.replace('NAME', name), { method, ...(body && { body }) })
    return { status: reply.status, text: await reply.text() }
  }

  it('one that ends with "/" may be asked for, and still not be written', async () => {
    expect((await call('GET', 'folder/')).status).toBe(404)
    const refused = await call('PUT', 'folder/', 'x')
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('must not end with')
  })

  it('a write finds the object that an earlier one made, and a read the newest', async () => {
    for (const body of ['one', 'two', 'three']) {
      expect((await call('PUT', 'again', body)).status).toBe(200)
      expect(await call('GET', 'again')).toEqual({ status: 200, text: body })
    }
    expect((await call('DELETE', 'again')).status).toBe(200)
    expect((await call('GET', 'again')).status).toBe(404)
  })
})
