import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DownloadJob,
  type DownloadStatus,
  isDownloadOver,
} from '@aistore-ts/core/wire/download.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

/** What the source of all downloads does for a path; everything else is text that names it. */
const special = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
let requests: string[] = []
let source: HttpServer
let origin: string

beforeAll(async () => {
  source = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const answer = special.get(request.url ?? '')
    if (answer !== undefined) return answer(request, response)
    response.end(request.method === 'HEAD' ? '' : `content of ${request.url}`)
  }).listen(0, '127.0.0.1')
  await once(source, 'listening')
  origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`
})

afterAll(() => {
  source.closeAllConnections()
  source.close()
})

const open = { downloader: { allow_cidrs: ['127.0.0.0/8'] } }

async function post(endpoint: string, body: unknown): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${endpoint}/v1/download`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: answer.status, text: await answer.text() }
}

async function start(endpoint: string, body: Record<string, unknown>): Promise<string> {
  const { status, text } = await post(endpoint, { bucket: { name: 'd' }, ...body })
  expect(text).toMatch(/^\{"id":"dnl-[\w-]+"\}\n$/)
  expect(status).toBe(200)
  return (JSON.parse(text) as { id: string }).id
}

function ask(endpoint: string, query: Record<string, unknown>): Promise<Response> {
  return fetch(`${endpoint}/v1/download`, {
    method: 'POST',
    headers: { 'x-http-method-override': 'GET' },
    body: JSON.stringify(query),
  })
}

async function statusOf(endpoint: string, id: string): Promise<DownloadStatus> {
  return (await (await ask(endpoint, { id })).json()) as DownloadStatus
}

/** Asks until it is so. */
function until<T>(task: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(task, { timeout: 20_000, interval: 20 })
}

async function end(endpoint: string, id: string): Promise<DownloadStatus> {
  return until(async () => {
    const status = await statusOf(endpoint, id)
    expect(isDownloadOver(status)).toBe(true)
    return status
  })
}

function change(endpoint: string, verb: string, id: string): Promise<Response> {
  return fetch(`${endpoint}/v1/download/${verb}`, {
    method: 'DELETE',
    body: JSON.stringify({ id }),
  })
}

const textOf = async (endpoint: string, name: string) =>
  (await fetch(`${endpoint}/v1/objects/d/${name}`)).text()

describe('downloads', () => {
  let server: Server
  let endpoint: string

  beforeAll(async () => {
    server = await startServer({ targets: 2, config: open })
    endpoint = server.endpoint
  })

  afterAll(() => server.stop())

  it('brings one object into a bucket that was not there', async () => {
    const id = await start(endpoint, { type: 'single', link: `${origin}/a/one.txt?token=x` })
    const status = await end(endpoint, id)
    expect(status).toMatchObject({
      id,
      description: `${origin}/a/one.txt?token=x -> ais://d/one.txt?token=x`,
      finished_cnt: 1,
      scheduled_cnt: 1,
      skipped_cnt: 0,
      error_cnt: 0,
      total: 1,
      all_dispatched: true,
      aborted: false,
      finished_tasks: [{ name: 'one.txt', downloaded: '29', total: '29' }],
    })
    expect(status.download_errors).toBeUndefined()
    expect(await textOf(endpoint, 'one.txt')).toBe('content of /a/one.txt?token=x')
  })

  it('brings a range under a folder, and what has a name of its own', async () => {
    const range = await start(endpoint, {
      type: 'range',
      template: `${origin}/r/s-{01..20}.bin`,
      subdir: 'in/',
    })
    expect(await end(endpoint, range)).toMatchObject({ total: 20, finished_cnt: 20, error_cnt: 0 })
    expect(await textOf(endpoint, 'in/s-07.bin')).toBe('content of /r/s-07.bin')
    const multi = await start(endpoint, {
      type: 'multi',
      objects: { 'x/first': `${origin}/m/1`, second: `${origin.slice('http://'.length)}/m/2` },
    })
    expect(await end(endpoint, multi)).toMatchObject({ total: 2, finished_cnt: 2 })
    expect(await textOf(endpoint, 'x/first')).toBe('content of /m/1')
    expect(await textOf(endpoint, 'second')).toBe('content of /m/2')
    const list = await start(endpoint, { type: 'multi', objects: [`${origin}/l/a%20b`] })
    expect(await end(endpoint, list)).toMatchObject({ total: 1, finished_cnt: 1 })
    expect(await textOf(endpoint, 'a%20b')).toBe('content of /l/a%20b')
  })

  it('says which object failed and why, and brings the others', async () => {
    special.set('/f/2', (_, response) => response.writeHead(404).end())
    const id = await start(endpoint, { type: 'range', template: `${origin}/f/{1..3}` })
    const status = await end(endpoint, id)
    expect(status).toMatchObject({ finished_cnt: 2, error_cnt: 1, aborted: false })
    expect(status.download_errors).toEqual([
      { name: '2', error: `"${origin}/f/2" does not exist (404)` },
    ])
  })

  it('tries again what may come later, and what broke off in the middle', async () => {
    let tries = 0
    special.set('/again', (_, response) => {
      tries += 1
      if (tries === 1) response.writeHead(503).end()
      else if (tries === 2)
        response.writeHead(200, { 'content-length': 10 }).write('01234', () => response.destroy())
      else response.end('0123456789')
    })
    const id = await start(endpoint, { type: 'single', link: `${origin}/again` })
    expect(await end(endpoint, id)).toMatchObject({ finished_cnt: 1, error_cnt: 0 })
    expect(await textOf(endpoint, 'again')).toBe('0123456789')
    expect(tries).toBe(3)
  })

  it('sends the headers it is given', async () => {
    let seen: IncomingMessage['headers'] = {}
    special.set('/h', (request, response) => {
      seen = request.headers
      response.end('h')
    })
    const headers = { Authorization: ['Bearer t'], 'X-Two': ['a', 'b'] }
    await end(endpoint, await start(endpoint, { type: 'single', link: `${origin}/h`, headers }))
    expect(seen).toMatchObject({ authorization: 'Bearer t', 'x-two': 'a, b' })
  })

  it('shows progress, and ends when it is aborted; what came stays whole', async () => {
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    special.set('/slow', (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x'.repeat(40))
      asked()
    })
    const quick = Array.from({ length: 16 }, (_, i) => [`quick-${i}`, `${origin}/quick-${i}`])
    const id = await start(endpoint, {
      type: 'multi',
      description: 'a slow one',
      objects: { slow: `${origin}/slow`, ...Object.fromEntries(quick) },
    })
    await isAsked
    await until(async () => {
      const { current_tasks, finished_cnt } = await statusOf(endpoint, id)
      expect(current_tasks).toMatchObject([{ name: 'slow', downloaded: '40', total: '100' }])
      expect(finished_cnt).toBe(quick.length)
    })
    // Some target owns no more than quick ones, and its part has ended: it must not forget that.
    expect((await change(endpoint, 'remove', id)).status).toBe(400)
    expect((await change(endpoint, 'abort', id)).status).toBe(200)
    expect(await end(endpoint, id)).toMatchObject({
      aborted: true,
      finished_cnt: quick.length,
    })
    expect((await fetch(`${endpoint}/v1/objects/d/slow`)).status).toBe(404)
    expect(await textOf(endpoint, 'quick-7')).toBe('content of /quick-7')

    const listed = (await (await ask(endpoint, { regex: 'a s.ow' })).json()) as DownloadJob[]
    expect(listed.map((job) => job.id)).toEqual([id])
    expect(await (await ask(endpoint, { regex: '^none$' })).json()).toEqual([])
    expect((await change(endpoint, 'remove', id)).status).toBe(200)
    expect((await ask(endpoint, { id })).status).toBe(404)
    expect((await change(endpoint, 'abort', id)).status).toBe(404)
  })

  it('passes over what is here already, as far as its source can tell', async () => {
    const link = `${origin}/same`
    await end(endpoint, await start(endpoint, { type: 'single', link }))
    requests = []
    await end(endpoint, await start(endpoint, { type: 'single', link }))
    // The world at large tells nothing but a size, and that is not enough.
    expect(requests).toEqual(['HEAD /same', 'GET /same'])
  })

  it('ends an object that takes longer than it may', async () => {
    special.set('/mute', () => {})
    const id = await start(endpoint, { type: 'single', link: `${origin}/mute`, timeout: '10ms' })
    await until(() => expect(requests.filter((r) => r === 'GET /mute').length).toBeGreaterThan(1))
    await change(endpoint, 'abort', id)
    expect(await end(endpoint, id)).toMatchObject({ aborted: true })
  })

  it.each([
    [{ type: 'single' }, /missing 'link'/],
    [{ type: 'single', link: 'http://h/..' }, /path components are not allowed/],
    [{ type: 'range', template: 'http://h/x' }, /invalid template/],
    [{ type: 'range', template: 'http://h/{0..2000000}' }, /too many names/],
    [{ type: 'multi', objects: { a: 5 } }, /objects/],
    [{ type: 'backend' }, /requires a remote bucket/],
    [{ type: 'other' }, /supported formats/],
    [{}, /'type' field is empty/],
    [{ type: 'single', link: 'http://h/o', timeout: 'long' }, /timeout.*expected a duration/],
    [{ type: 'single', link: 'http://h/o', limits: { connections: -1 } }, /limits\.connections/],
    [{ type: 'single', link: 'http://h/o', bucket: { name: '' } }, /bucket\.name/],
  ])('refuses %j', async (body, message) => {
    const { status, text } = await post(endpoint, { bucket: { name: 'd' }, ...body })
    expect(text).toMatch(message)
    expect(status).toBe(400)
  })

  it('refuses questions that cannot be answered', async () => {
    expect((await ask(endpoint, { id: 'x', regex: 'y' })).status).toBe(400)
    expect((await ask(endpoint, { regex: '(' })).status).toBe(400)
    expect((await ask(endpoint, { id: 'dnl-none' })).status).toBe(404)
    expect((await change(endpoint, 'abort', '')).status).toBe(400)
    expect((await change(endpoint, 'start', 'dnl-none')).status).toBe(400)
  })
})

describe('downloads from where nobody may send us', () => {
  it('end in an error that says so, without a connection', async () => {
    const server = await startServer({ targets: 1 })
    try {
      requests = []
      const id = await start(server.endpoint, { type: 'single', link: `${origin}/secret` })
      const { download_errors, error_cnt } = await end(server.endpoint, id)
      expect(error_cnt).toBe(1)
      expect(download_errors?.[0]?.error).toMatch(/egress to 127\.0\.0\.1 is refused: loopback/)
      expect(requests).toEqual([])
    } finally {
      await server.stop()
    }
  })
})

describe('a restart', () => {
  it('goes on with what was under way, and remembers what was over', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'downloads-'))
    let isHeld = true
    special.set('/held', (request, response) => {
      if (request.method === 'GET' && !isHeld) response.end('at last')
    })
    try {
      const before = await startServer({ targets: 1, dir, config: open })
      special.set('/gone', (_, response) => response.writeHead(410).end())
      const over = await start(before.endpoint, { type: 'single', link: `${origin}/gone` })
      await end(before.endpoint, over)
      const held = await start(before.endpoint, { type: 'single', link: `${origin}/held` })
      await until(async () =>
        expect((await statusOf(before.endpoint, held)).current_tasks).toHaveLength(1),
      )
      await before.stop()
      isHeld = false
      const after = await startServer({ targets: 1, dir })
      try {
        expect(await end(after.endpoint, held)).toMatchObject({ finished_cnt: 1, aborted: false })
        expect(await textOf(after.endpoint, 'held')).toBe('at last')
        expect(await statusOf(after.endpoint, over)).toMatchObject({
          error_cnt: 1,
          download_errors: [{ name: 'gone' }],
        })
      } finally {
        await after.stop()
      }
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
})
