import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: Server
let url: (name: string) => string

async function call(method: string, at: string, body?: string, headers = {}) {
  const send = (to: string) =>
    fetch(to, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined || method === 'GET' ? {} : { body }),
    })
  const first = await send(at)
  const location = first.headers.get('location')
  if (location === null) return first
  await first.arrayBuffer()
  return send(location)
}

beforeAll(async () => {
  server = await startServer({ targets: 3, mountpaths: 2 })
  url = (name) => `${server.endpoint}/v1/objects/b/${name}`
  const create = JSON.stringify({ action: 'create-bck', value: { checksum: { type: 'md5' } } })
  expect((await call('POST', `${server.endpoint}/v1/buckets/b`, create)).status).toBe(200)
})

afterAll(() => server.stop())

async function fileOf(name: string): Promise<string> {
  const all = await readdir(server.dir, { recursive: true })
  const path = all.find((item) => item.endsWith(`%ob/${name}`))
  if (path === undefined) throw new Error(`no file of ${name}`)
  return join(server.dir, path)
}

describe('a PUT of what is there already', () => {
  const text = 'the very same content'
  const headers = {
    'ais-checksum-type': 'md5',
    'ais-checksum-value': createHash('md5').update(text).digest('hex'),
  }

  it('changes nothing when it is there in good order', async () => {
    await call('PUT', url('same'), text, headers)
    const again = await call('PUT', url('same'), text, headers)
    expect(again.status).toBe(200)
    expect(again.headers.get('ais-version')).toBeNull()
  })

  it.each([
    ['gone', (path: string) => rm(path)],
    ['cut', (path: string) => truncate(path, 3)],
    ['other', (path: string) => writeFile(path, 'x'.repeat(text.length))],
  ])('repairs a copy that is %s', async (name, damage) => {
    await call('PUT', url(name), text, headers)
    await damage(await fileOf(name))
    expect((await call('PUT', url(name), text, headers)).status).toBe(200)
    const get = await call('GET', url(name))
    expect(await get.text()).toBe(text)
  })
})

describe('appends', () => {
  const append = (name: string, handle: string, body: string) =>
    call('PUT', `${url(name)}?append_type=append&append_handle=${encodeURIComponent(handle)}`, body)
  const flush = (name: string, handle: string, headers = {}) =>
    call(
      'PUT',
      `${url(name)}?append_type=flush&append_handle=${encodeURIComponent(handle)}`,
      '',
      headers,
    )

  it('at once on one handle lose nothing and do not mix', async () => {
    const first = await append('parallel', '', 'start')
    const handle = first.headers.get('ais-append-handle') ?? ''
    const letters = ['a', 'b', 'c', 'd', 'e', 'f']
    const done = await Promise.all(
      letters.map((x) => append('parallel', handle, x.repeat(300_000))),
    )
    expect(done.map((reply) => reply.status)).toEqual(letters.map(() => 200))
    expect((await flush('parallel', handle)).status).toBe(200)
    const content = await (await call('GET', url('parallel'))).text()
    expect(content.length).toBe(5 + 6 * 300_000)
    expect(content.slice(5).replace(/(.)\1*/g, '$1').length).toBe(6)
  })

  it('survive a flush whose checksum does not hold', async () => {
    const first = await append('kept', '', 'one')
    const handle = first.headers.get('ais-append-handle') ?? ''
    const wrong = { 'ais-checksum-type': 'md5', 'ais-checksum-value': '0'.repeat(32) }
    expect((await flush('kept', handle, wrong)).status).toBe(500)
    expect((await append('kept', handle, 'two')).status).toBe(200)
    expect((await flush('kept', handle)).status).toBe(200)
    expect(await (await call('GET', url('kept'))).text()).toBe('onetwo')
    expect((await flush('kept', handle)).status).toBe(404)
  })
})

it('a rename takes the metadata of its source, wherever the names lie', async () => {
  for (let i = 0; i < 8; i++) {
    await call('PUT', url(`from${i}`), 'new', { 'ais-custom-md': 's=1' })
    await call('PUT', url(`to${i}`), 'old', { 'ais-custom-md': 'old=1' })
    const rename = JSON.stringify({ action: 'rename-obj', name: `to${i}` })
    expect((await call('POST', url(`from${i}`), rename)).status).toBe(200)
    const get = await call('GET', url(`to${i}`))
    expect(get.headers.get('ais-custom-md')).toBe('s=1')
    expect(await get.text()).toBe('new')
    expect((await call('GET', url(`from${i}`))).status).toBe(404)
  }
})

it('a provider is none of the words every object knows', async () => {
  for (const provider of ['constructor', '__proto__', 'toString']) {
    const reply = await call('GET', `${url('x')}?provider=${provider}`)
    expect(reply.status).toBe(400)
    expect(await reply.text()).toContain('ErrInvalidBackendProvider')
  }
})

it('the TypeScript of the README runs as it stands there', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const snippet = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  await call('POST', `${server.endpoint}/v1/buckets/demo`, JSON.stringify({ action: 'create-bck' }))
  const folder = await mkdtemp(fileURLToPath(new URL('.readme-', import.meta.url)))
  const file = join(folder, 'snippet.ts')
  await writeFile(file, snippet.replace('http://127.0.0.1:8080', server.endpoint))
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const code = await new Promise((resolve) => child.once('exit', resolve))
  await rm(folder, { recursive: true })
  expect(output).toBe('hello 5\n')
  expect(code).toBe(0)
})

describe('jobs of kinds that nothing here starts', () => {
  it.each(['download', 'sort?regex='])('GET /v1/%s is an empty list', async (path) => {
    const reply = await call('GET', `${server.endpoint}/v1/${path}`)
    expect(reply.status).toBe(200)
    expect(await reply.json()).toEqual([])
  })

  it('knows no distributed sort by any ID', async () => {
    const reply = await call('GET', `${server.endpoint}/v1/sort?uuid=srt-1`)
    expect(reply.status).toBe(404)
    expect(await reply.text()).toContain('srt-1')
  })
})
