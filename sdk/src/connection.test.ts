import { afterEach, describe, expect, it } from 'vitest'
import { Client } from './client.ts'
import { AisClientError } from './errors/ais-client-error.ts'
import { NetworkError } from './errors/network-error.ts'
import type { ClientOptions } from './options.ts'
import { type Act, cut, redirect, reply, reset, scriptedServer } from './testing/scripted-server.ts'

const toClose: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of toClose.splice(0)) await each.close()
})

const notFound = JSON.stringify({
  tcode: 'ErrBckNotFound',
  message: 'bucket "ais://b" does not exist',
  node: 'p[x]',
  status: 404,
})

/** A client of a server that plays `acts`; pauses are noted instead of waited for. */
async function play(acts: readonly Act[], options: ClientOptions = {}) {
  const server = await scriptedServer(...acts)
  const pauses: number[] = []
  const client = new Client(server.origin, {
    seams: {
      random: () => 0.5,
      sleep: (delayMs) => {
        pauses.push(delayMs)
        return Promise.resolve()
      },
    },
    ...options,
  })
  toClose.push(client, server)
  return { server, client, pauses, object: client.bucket('ais://b').object('a/ö b') }
}

describe('errors', () => {
  it('come from the envelope', async () => {
    const { client } = await play([reply(404, notFound)])
    const error = await client
      .bucket('ais://b')
      .delete()
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(AisClientError)
    expect(error).toMatchObject({
      status: 404,
      tcode: 'ErrBckNotFound',
      message: 'bucket "ais://b" does not exist',
      node: 'p[x]',
    })
  })

  it('come from a header on HEAD', async () => {
    const { object } = await play([reply(404, '', { 'Hdr-Error': notFound })])
    await expect(object.head()).rejects.toMatchObject({ status: 404, tcode: 'ErrBckNotFound' })
    expect(await object.exists()).toBe(false)
  })

  it('keep plain text, and say something when there is none', async () => {
    const plain = await play([reply(405, 'Method Not Allowed\n')])
    await expect(plain.object.delete()).rejects.toThrow('Method Not Allowed')
    const silent = await play([reply(403)])
    await expect(silent.object.delete()).rejects.toThrow('HTTP status 403')
  })

  it('refuse a bad endpoint and bad names before anything is sent', async () => {
    expect(() => new Client('localhost:8080')).toThrow(/invalid endpoint/)
    const { client, server } = await play([reply(200)])
    for (const name of ['', 'a/../b', '.', '\ud800']) {
      await expect(client.bucket('ais://b').object(name).get()).rejects.toThrow(/object name/)
    }
    expect(() => client.bucket('ais://a..b')).toThrow(/invalid/)
    expect(server.seen).toEqual([])
  })
})

describe('redirects', () => {
  it('repeat method, headers and body at the target, without the token', async () => {
    const target = await scriptedServer(reply(200, '', { 'Ais-Version': '3' }))
    toClose.push(target)
    const { object, server } = await play([redirect(307, () => target.origin)], { token: 'secret' })
    const stored = await object.put('hello', { custom: { k: 'ö=1', l: '2' } })
    expect(stored.version).toBe('3')
    expect(server.seen[0]?.headers.authorization).toBe('Bearer secret')
    expect(target.seen).toHaveLength(1)
    expect(target.seen[0]).toMatchObject({
      method: 'PUT',
      url: '/v1/objects/b/a/%C3%B6%20b?provider=ais',
      body: 'hello',
    })
    expect(target.seen[0]?.headers.authorization).toBeUndefined()
    const custom = Buffer.from(
      String(target.seen[0]?.headers['ais-custom-md']),
      'latin1',
    ).toString()
    expect(custom).toBe('k=ö=1, l=2')
  })

  it('read a stream once: the gateway is asked before the body is sent', async () => {
    const target = await scriptedServer(reply(200))
    toClose.push(target)
    const { object, server } = await play([redirect(307, () => target.origin)])
    async function* chunks() {
      for (let i = 0; i < 4; i++) yield new TextEncoder().encode('x'.repeat(50_000))
    }
    await object.put(chunks())
    expect(server.seen.map((seen) => seen.body)).toEqual(['(unread)'])
    expect(target.seen.map((seen) => seen.body.length)).toEqual([200_000])
  })

  it('end somewhere', async () => {
    const { object, server } = await play([redirect(301, () => '')])
    await expect(object.get()).rejects.toThrow(/redirects/)
    expect(server.seen.length).toBeLessThan(20)
  })
})

describe('retry, layer 1: statuses', () => {
  it('pauses 0, 2f, 4f... and gives up after five', async () => {
    const { object, server, pauses } = await play([reply(503)])
    await expect(object.get()).rejects.toMatchObject({ status: 503 })
    expect(server.seen).toHaveLength(6)
    expect(pauses).toEqual([0, 6000, 12_000, 24_000, 48_000])
  })

  it('honours Retry-After and takes the first good answer', async () => {
    const acts = [reply(429, '', { 'Retry-After': '7' }), reply(200, 'ok')]
    const { object, pauses } = await play(acts)
    expect(await (await object.get()).text()).toBe('ok')
    expect(pauses).toEqual([7000])
  })

  it.each([
    ['POST', 500],
    ['GET', 404],
    ['GET', 501],
  ])('asks once: %s %d', async (method, status) => {
    const { object, server } = await play([reply(status)])
    const call = method === 'POST' ? object.rename('new') : object.get()
    await expect(call).rejects.toMatchObject({ status })
    expect(server.seen).toHaveLength(1)
  })

  it('asks once when the checksum was wrong', async () => {
    const { object, server } = await play([reply(500, '{"tcode":"ErrBadCksum","message":"bad"}')])
    await expect(object.put('x')).rejects.toMatchObject({ tcode: 'ErrBadCksum' })
    expect(server.seen).toHaveLength(1)
  })

  it('asks once when the body cannot be sent again', async () => {
    const { object, server } = await play([reply(503)])
    async function* chunks() {
      yield new Uint8Array(1)
    }
    await expect(object.put(chunks())).rejects.toMatchObject({ status: 503 })
    expect(server.seen).toHaveLength(1)
  })
})

describe('retry, layer 2: the network', () => {
  it('starts again at the gateway', async () => {
    const { object, server, pauses } = await play([reset, reset, reply(200, 'ok')])
    expect(await (await object.get()).text()).toBe('ok')
    expect(server.seen).toHaveLength(3)
    // Half-way between the least pause and 2, then 4 times as much.
    expect(pauses).toEqual([1500, 2500])
  })

  it('gives up after seven attempts', async () => {
    const { object, server } = await play([reset])
    await expect(object.get()).rejects.toBeInstanceOf(NetworkError)
    expect(server.seen).toHaveLength(7)
  })

  it('does not repeat what could happen twice', async () => {
    const { object, server } = await play([reset])
    await expect(object.rename('new')).rejects.toBeInstanceOf(NetworkError)
    await expect(object.appendWriter().append('x')).rejects.toBeInstanceOf(NetworkError)
    expect(server.seen).toHaveLength(2)
  })

  it('tries a refused connection again, whatever the call', async () => {
    const { object, server, pauses } = await play([reply(200)])
    await server.close()
    await expect(object.rename('new')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      phase: 'connect',
    })
    expect(pauses).toHaveLength(6)
  })

  it('tells a body that is cut short', async () => {
    const { object } = await play([cut])
    const reader = await object.get()
    await expect(reader.bytes()).rejects.toMatchObject({ name: 'NetworkError', phase: 'receive' })
  })

  it('ends with the caller\u2019s reason when aborted', async () => {
    const reason = new Error('enough')
    const { object, server } = await play([() => undefined])
    const controller = new AbortController()
    const call = object.get({ signal: controller.signal })
    call.catch(() => undefined)
    await expect.poll(() => server.seen.length).toBe(1)
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  it('gives up on a silent server', async () => {
    const options = { retry: { networkAttemptsMax: 1 }, timeouts: { idleMs: 50 } }
    const { object } = await play([() => undefined], options)
    await expect(object.get()).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })
})

it('frees a connection whose answer nobody reads', async () => {
  const { object, server } = await play([reply(200, 'x'.repeat(1000))], { connectionsMax: 1 })
  for (let i = 0; i < 5; i++) await object.delete()
  expect(server.seen).toHaveLength(5)
})

describe('listing', () => {
  const page = (token: string, ...names: string[]) =>
    reply(
      200,
      JSON.stringify({
        uuid: 'u',
        continuation_token: token,
        flags: 0,
        entries: names.map((name) => ({ name, size: '9007199254740', flags: 64 })),
      }),
      { 'Content-Type': 'application/json' },
    )

  it('follows the token and asks for no page before it is needed', async () => {
    const { client, server } = await play([page('b', 'a', 'b'), page('', 'c')])
    const names: string[] = []
    for await (const entry of client.bucket('ais://b').list()) {
      names.push(entry.name)
      if (names.length === 1) expect(server.seen).toHaveLength(1)
    }
    expect(names).toEqual(['a', 'b', 'c'])
    expect(server.seen[0]?.method).toBe('GET')
    expect(JSON.parse(server.seen[1]?.body ?? '')).toMatchObject({
      action: 'list',
      value: { uuid: 'u', continuation_token: 'b', flags: '0' },
    })
  })

  it('goes as POST with an override over fetch', async () => {
    const { client, server } = await play([page('', 'a')], {
      fetch: (url, init) => fetch(url, init),
    })
    for await (const entry of client.bucket('ais://b').list()) expect(entry.name).toBe('a')
    expect(server.seen[0]).toMatchObject({ method: 'POST' })
    expect(server.seen[0]?.headers['x-http-method-override']).toBe('GET')
  })
})

it('keeps 64-bit integers of the cluster map', async () => {
  const { client } = await play([reply(200, '{"version":"1","id_digest":12656949924523221103}')])
  expect((await client.cluster.smap()).id_digest).toBe(12656949924523221103n)
})
