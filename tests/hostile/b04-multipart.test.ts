import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const partBytes = 5 * 1024 * 1024
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes)

let dir: string
let server: Server

const start = () => startServer({ dir, proxies: 2, targets: 2, mountpaths: 2 })

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aistore-b04-'))
  server = await start()
  expect((await fetch(at(''), { method: 'PUT' })).status).toBe(200)
})
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

/** URL at one of the gateways. */
function at(path: string, gateway = 0): string {
  return `${server.proxies[gateway]?.snode.publicNet.url}/s3/b04-multipart${path}`
}

const element = (xml: string, name: string) =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''

/** Two parts and a tail, told apart by `letter`. */
const partsOf = (letter: string) =>
  [partBytes, partBytes, 9].map((size) => Buffer.alloc(size, letter))

function etagOf(parts: readonly Uint8Array[]): string {
  return `${md5(Buffer.concat(parts.map((part) => md5(part).digest()))).digest('hex')}-${parts.length}`
}

async function begin(key: string): Promise<string> {
  const answer = await fetch(at(`/${key}?uploads`), { method: 'POST' })
  return element(await answer.text(), 'UploadId')
}

/** Sends a part; once more when the node is too busy for it, as every client does. */
async function send(
  key: string,
  id: string,
  number: number,
  body: Uint8Array<ArrayBuffer>,
  attemptsLeft = 10,
): Promise<Response> {
  const url = at(`/${key}?uploadId=${id}&partNumber=${number}`, number % 2)
  const answer = await fetch(url, { method: 'PUT', body })
  if (answer.status !== 503 || attemptsLeft === 0) return answer
  expect(element(await answer.text(), 'Code')).toMatch(/^(SlowDown|ServiceUnavailable)$/)
  return send(key, id, number, body, attemptsLeft - 1)
}

async function sendAll(key: string, id: string, parts: readonly Buffer<ArrayBuffer>[]) {
  const sent = await Promise.all(parts.map((part, i) => send(key, id, i + 1, part)))
  expect(sent.map(({ status }) => status)).toEqual(parts.map(() => 200))
}

async function complete(key: string, id: string, parts: readonly Uint8Array[], gateway = 0) {
  const body = parts
    .map(
      (part, i) =>
        `<Part><PartNumber>${i + 1}</PartNumber><ETag>${md5(part).digest('hex')}</ETag></Part>`,
    )
    .join('')
  const answer = await fetch(at(`/${key}?uploadId=${id}`, gateway), {
    method: 'POST',
    body: `<CompleteMultipartUpload>${body}</CompleteMultipartUpload>`,
  })
  const text = await answer.text()
  return { status: answer.status, code: element(text, 'Code'), etag: element(text, 'ETag') }
}

const abort = (key: string, id: string) =>
  fetch(at(`/${key}?uploadId=${id}`, 1), { method: 'DELETE' })

async function read(key: string) {
  const answer = await fetch(at(`/${key}`))
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, etag: answer.headers.get('etag')?.replaceAll('"', ''), bytes }
}

/** Bytes of all files that hold content, on all disks; manifests only say what is made of them. */
async function contentBytes(): Promise<number> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  const sizes = files
    .filter(
      (file) => file.isFile() && file.name !== '%manifest' && /%(ob|ch|wk)/.test(file.parentPath),
    )
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Bytes of all objects there are. */
async function objectBytes(): Promise<number> {
  const listed = await (await fetch(at('?list-type=2'))).text()
  const sizes = [...listed.matchAll(/<Size>(\d+)<\/Size>/g)].map(([, size]) => Number(size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The disks come to hold the objects and nothing else: what was overwritten goes once its last reader is done. */
async function nothingIsLeft(): Promise<void> {
  const bytes = await objectBytes()
  await expect.poll(contentBytes, { timeout: 20_000 }).toBe(bytes)
}

describe('B04: a multipart upload', () => {
  it('becomes its object at once: who reads meanwhile gets the old one or the new one, whole', async () => {
    const [old, next] = [partsOf('o'), partsOf('n')]
    const wholes = [Buffer.concat(old), Buffer.concat(next)]
    const first = await begin('atomic')
    await sendAll('atomic', first, old)
    await complete('atomic', first, old)
    const id = await begin('atomic')
    await sendAll('atomic', id, next)
    expect((await read('atomic')).etag, 'a part alone changes nothing').toBe(etagOf(old))
    let isDone = false
    const completing = complete('atomic', id, next).finally(() => {
      isDone = true
    })
    const reads: Awaited<ReturnType<typeof read>>[] = []
    while (!isDone) reads.push(await read('atomic'))
    expect((await completing).status).toBe(200)
    reads.push(await read('atomic'))
    for (const { etag, bytes } of reads) {
      const which = etag === etagOf(old) ? 0 : 1
      expect(etag).toBe(etagOf(which === 0 ? old : next))
      expect(bytes.equals(wholes[which] ?? Buffer.alloc(0))).toBe(true)
    }
    expect(reads.at(-1)?.etag).toBe(etagOf(next))
  }, 60_000)

  it('has of each part what was sent last, and names no part by a former tag', async () => {
    const parts = partsOf('a')
    const id = await begin('again')
    await sendAll('again', id, partsOf('x'))
    await sendAll('again', id, parts)
    expect((await complete('again', id, partsOf('x'))).code).toBe('InvalidPart')
    expect((await complete('again', id, parts)).status).toBe(200)
    expect((await read('again')).bytes.equals(Buffer.concat(parts))).toBe(true)
  }, 60_000)

  it('completed by eight callers at once is one object, and all are told the same', async () => {
    const parts = partsOf('c')
    const id = await begin('many')
    await sendAll('many', id, parts)
    const told = await Promise.all(
      Array.from({ length: 8 }, (_, i) => complete('many', id, parts, i % 2)),
    )
    expect(told).toEqual(
      told.map(() => ({ status: 200, code: '', etag: `&quot;${etagOf(parts)}&quot;` })),
    )
    expect((await read('many')).bytes.equals(Buffer.concat(parts))).toBe(true)
  }, 60_000)

  it('completed and aborted at once is an object or none, and never a part of one', async () => {
    for (let round = 0; round < 6; round++) {
      const parts = partsOf('r').slice(1)
      const key = `race-${round}`
      const id = await begin(key)
      await sendAll(key, id, parts)
      const [told] = await Promise.all([complete(key, id, parts), abort(key, id)])
      const { status, bytes } = await read(key)
      expect(status).toBe(told.status === 200 ? 200 : 404)
      if (status === 200) expect(bytes.equals(Buffer.concat(parts))).toBe(true)
      else expect(told.code).toBe('NoSuchUpload')
    }
  }, 60_000)

  it('that is aborted, also while parts come in, leaves no byte', async () => {
    await nothingIsLeft()
    const before = await contentBytes()
    const id = await begin('gone')
    await sendAll('gone', id, partsOf('g'))
    expect(await contentBytes()).toBeGreaterThan(before + 2 * partBytes)
    const late = [4, 5, 6].map((number) => send('gone', id, number, Buffer.alloc(partBytes, 'l')))
    expect((await abort('gone', id)).status).toBe(204)
    for (const answer of await Promise.all(late)) expect([200, 404]).toContain(answer.status)
    expect((await send('gone', id, 7, Buffer.alloc(9))).status).toBe(404)
    expect((await abort('gone', id)).status).toBe(404)
    expect((await read('gone')).status).toBe(404)
    await nothingIsLeft()
    expect(await contentBytes()).toBe(before)
  }, 60_000)

  it('and its object keep parts and tag over a restart; nothing of overwritten ones is left', async () => {
    const parts = partsOf('s')
    const id = await begin('stays')
    await sendAll('stays', id, parts.slice(0, 2))
    const tags = await Promise.all(
      ['atomic', 'again', 'many'].map(async (key) => (await read(key)).etag),
    )
    await server.stop()
    server = await start()
    await Promise.all(
      ['atomic', 'again', 'many'].map(async (key, i) =>
        expect((await read(key)).etag).toBe(tags[i]),
      ),
    )
    expect((await send('stays', id, 3, parts[2] ?? Buffer.alloc(0))).status).toBe(200)
    const { status, etag } = await complete('stays', id, parts)
    expect([status, etag]).toEqual([200, `&quot;${etagOf(parts)}&quot;`])
    expect((await read('stays')).bytes.equals(Buffer.concat(parts))).toBe(true)

    await nothingIsLeft()
  }, 60_000)
})
