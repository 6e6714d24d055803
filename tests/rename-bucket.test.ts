import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'

let server: Server

beforeEach(async () => {
  server = await startServer({ proxies: 2, targets: 3, mountpaths: 2 })
  expect((await create('a')).status).toBe(200)
})

afterEach(() => server.stop())

const names = Array.from({ length: 150 }, (_, i) => `dir${i % 5}/o${i}`)
const contentOf = (name: string, version = 1) => `${name} version ${version} `.repeat(20)

async function follow(method: string, path: string, body?: string): Promise<Response> {
  const init = { method, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) }
  const first = await fetch(`${server.endpoint}${path}`, init)
  const location = first.headers.get('location')
  return location === null ? first : fetch(location, init)
}

const create = (bucket: string) =>
  fetch(`${server.endpoint}/v1/buckets/${bucket}`, {
    method: 'POST',
    body: JSON.stringify({ action: 'create-bck' }),
  })

function rename(from: string, to: string, at = server.endpoint): Promise<Response> {
  const query = new URLSearchParams({ bck_to: to })
  return fetch(`${at}/v1/buckets/${from}?${query}`, {
    method: 'POST',
    body: JSON.stringify({ action: 'move-bck', name: '', value: null }),
  })
}

async function list(bucket: string): Promise<string[]> {
  const reply = await fetch(`${server.endpoint}/v1/buckets/${bucket}`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ action: 'list', value: { props: 'name' } }),
  })
  expect(reply.status).toBe(200)
  return ((await reply.json()) as { entries: { name: string }[] }).entries.map(({ name }) => name)
}

/** Resolves when the job has ended, as a client waits for it: the kind beside the ID. */
async function ended(id: string): Promise<void> {
  for (;;) {
    const reply = await fetch(`${server.endpoint}/v1/cluster?what=status`, {
      method: 'POST',
      headers: { 'X-HTTP-Method-Override': 'GET' },
      body: JSON.stringify({ ID: id, Kind: 'move-bck' }),
    })
    expect(reply.status).toBe(200)
    const status = (await reply.json()) as { end_time: number; err: string }
    expect(status.err).toBe('')
    if (status.end_time !== 0) return
  }
}

it('all objects are there under the new name at once, and stay writable while they move', async () => {
  await Promise.all(
    names.map(async (name) => {
      const reply = await follow('PUT', `/v1/objects/a/${name}`, contentOf(name))
      expect(reply.status).toBe(200)
    }),
  )
  const [, other] = server.proxies
  const reply = await rename('a', 'ais/@#/b/', other?.snode.publicNet.url)
  expect(reply.status).toBe(200)
  const id = await reply.text()
  expect(id).toMatch(/^g\d+$/)

  // While they move: one that left a target and had not come to the other must not be missed.
  for (let round = 0; round < 10; round++) expect(await list('b')).toEqual(names.toSorted())
  await Promise.all(
    names.map(async (name, index) => {
      const path = `/v1/objects/b/${name}`
      expect(await (await follow('GET', path)).text()).toBe(contentOf(name))
      if (index % 3 === 0) await follow('PUT', path, contentOf(name, 2))
      if (index % 3 === 1) expect((await follow('DELETE', path)).status).toBe(200)
    }),
  )
  expect((await follow('GET', `/v1/objects/a/${names[0]}`)).status).toBe(404)
  await ended(id)

  const left = names.filter((_, index) => index % 3 !== 1)
  expect((await list('b')).sort()).toEqual([...left].sort())
  for (const [index, name] of names.entries()) {
    const got = await follow('GET', `/v1/objects/b/${name}`)
    if (index % 3 === 1) expect(got.status).toBe(404)
    else expect(await got.text()).toBe(contentOf(name, index % 3 === 0 ? 2 : 1))
  }
  // The old name is free for another bucket.
  expect((await create('a')).status).toBe(200)
  expect(await list('a')).toEqual([])
})

it.each([
  ['a bucket that is there already', 'ais/@#/taken/', 400, /already exists \(bck_to\)/],
  ['its own name', 'ais/@#/a/', 400, /to itself \(bck_to\)/],
  ['no name', '', 400, /\(bck_to\)/],
  ['a name that is none', 'ais/@#/a b/', 400, /bucket name/],
  ['a cloud bucket', 'aws/@#/c/', 400, /not an ais bucket \(bck_to\)/],
])('is refused to become %s, and nothing changes', async (_what, to, status, message) => {
  await create('taken')
  await follow('PUT', '/v1/objects/a/x', 'kept')
  const reply = await rename('a', to)
  expect(reply.status).toBe(status)
  expect(((await reply.json()) as { message: string }).message).toMatch(message)
  expect(await (await follow('GET', '/v1/objects/a/x')).text()).toBe('kept')
})

it('is refused for a bucket that is not there', async () => {
  expect((await rename('missing', 'ais/@#/b/')).status).toBe(404)
})
