import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { Client } from '@aistore-ts/sdk/client.ts'
import { AisClientError } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { downloadParts } from '@aistore-ts/sdk/node/download-parts.ts'
import { noRetry } from '@aistore-ts/sdk/options.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Bytes that differ from place to place, so that a wrong offset is noticed. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let state = 1
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** The bytes in pieces, as a web stream without known length. */
function streamOf(bytes: Uint8Array<ArrayBuffer>, piece = 50_000): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + piece))
      at += piece
    },
  })
}

async function failure(work: Promise<unknown>): Promise<AisClientError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AisClientError) return error
  throw new Error(`expected an AisClientError, have ${String(error)}`)
}

describe('the SDK and a cluster', () => {
  let server: Server
  let client: Client

  beforeAll(async () => {
    server = await startServer({ targets: 3, mountpaths: 2 })
    client = new Client(server.endpoint, { retry: noRetry })
  })

  afterAll(async () => {
    client.close()
    await server.stop()
  })

  async function freshBucket(name: string) {
    const bucket = client.bucket(`ais://${name}`)
    await bucket.create()
    return bucket
  }

  it('creates, describes, configures, lists and destroys buckets', async () => {
    const bucket = client.bucket('ais://life')
    expect(await bucket.exists()).toBe(false)
    await bucket.create({ props: { checksum: { type: 'md5' } } })
    expect(await bucket.exists()).toBe(true)
    expect(await bucket.head()).toMatchObject({ provider: 'ais', checksum: { type: 'md5' } })
    await bucket.setProps({ versioning: { enabled: false } })
    expect(await bucket.head()).toMatchObject({ versioning: { enabled: false } })
    await bucket.resetProps()
    expect(await bucket.head()).toMatchObject({ versioning: { enabled: true } })
    expect((await client.listBuckets({ provider: 'ais' })).map((bck) => bck.name)).toContain('life')
    expect(await failure(bucket.create())).toMatchObject({ status: 409 })
    await bucket.delete()
    expect(await failure(bucket.head())).toMatchObject({ status: 404 })
    expect(await failure(bucket.delete())).toMatchObject({ status: 404, tcode: 'ErrBckNotFound' })
  })

  it('keeps streams of any length byte for byte', async () => {
    const bucket = await freshBucket('streams')
    for (const length of [0, 1, 65_536, 3_000_001]) {
      const bytes = pattern(length)
      const object = bucket.object(`of ${length}/é%.bin`)
      const put = await object.put(streamOf(bytes))
      expect(put.version).toBe('1')
      const reader = await object.get()
      expect(reader.attributes.sizeBytes).toBe(length)
      const back = new Uint8Array(await new Response(reader.stream()).arrayBuffer())
      expect(Buffer.compare(back, bytes)).toBe(0)
      expect(await object.head(['size', 'checksum'])).toMatchObject({
        sizeBytes: length,
        checksum: put.checksum ?? reader.attributes.checksum,
      })
    }
  })

  it('reads ranges', async () => {
    const bytes = pattern(200_000)
    const object = (await freshBucket('ranges')).object('o')
    await object.put(bytes)
    const cases = [
      { range: { start: 0, length: 1 }, want: bytes.subarray(0, 1) },
      { range: { start: 131_000, length: 2_000 }, want: bytes.subarray(131_000, 133_000) },
      { range: { start: 199_999 }, want: bytes.subarray(199_999) },
      { range: { suffix: 7 }, want: bytes.subarray(-7) },
    ]
    for (const { range, want } of cases) {
      const reader = await object.get({ range })
      expect(reader.status).toBe(206)
      expect(Buffer.compare(await reader.bytes(), want)).toBe(0)
    }
    expect(await failure(object.get({ range: { start: 200_000, length: 1 } }))).toMatchObject({
      status: 416,
    })
  })

  it('downloads a file by several ranges at a time, of one version only', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aistore-sdk-'))
    try {
      const bytes = pattern(1_000_003)
      const object = (await freshBucket('parts')).object('big')
      await object.put(bytes)
      const file = join(dir, 'big')
      const options = { chunkBytes: 70_000, workersMax: 4 }
      expect(await downloadParts(object, file, options)).toBe(bytes.length)
      expect(Buffer.compare(await readFile(file), bytes)).toBe(0)

      let again: Promise<unknown> | undefined
      const changed = downloadParts(object, file, {
        chunkBytes: 70_000,
        workersMax: 1,
        // The reader goes on with ranges of the next version.
        onBytes: () => {
          again ??= object.put(pattern(999_999).reverse())
        },
      }).then(
        () => 'done',
        (error: unknown) => error,
      )
      const outcome = await changed
      await again
      // Either every range came before the overwrite, or the download was refused; never a mixture.
      if (outcome !== 'done') expect(String(outcome)).toContain('changed while it was read')
      expect(Buffer.compare(await readFile(file), bytes)).toBe(0)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })

  it('lists every name once, in byte order, however small the pages', async () => {
    const bucket = await freshBucket('many')
    const names = ['a', 'a/b', 'a/c/d', 'a0', 'b', 'é', '\u{ffff}', '\u{1f600}']
    names.push(...Array.from({ length: 40 }, (_, i) => `n/${String(i).padStart(3, '0')}`))
    await Promise.all(names.map((name) => bucket.object(name).put(name)))
    const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    for (const pageSize of [1, 7, 0]) {
      const found: string[] = []
      for await (const entry of bucket.list({ pageSize, props: ['name', 'size'] })) {
        expect(entry.sizeBytes).toBe(Buffer.byteLength(entry.name))
        found.push(entry.name)
      }
      expect(found).toEqual(sorted)
    }
    const below: string[] = []
    for await (const entry of bucket.list({ prefix: 'a/', pageSize: 1 })) below.push(entry.name)
    expect(below).toEqual(['a/b', 'a/c/d'])
    const after: string[] = []
    for await (const entry of bucket.list({ prefix: 'n/', startAfter: 'n/037' })) {
      after.push(entry.name)
    }
    expect(after).toEqual(['n/038', 'n/039'])
  })

  it('uploads in parts, in any order, and shows nothing before the end', async () => {
    const bucket = await freshBucket('multipart')
    const object = bucket.object('made/of parts')
    const upload = await object.createMultipartUpload()
    const parts = [pattern(400_000), pattern(300_000).reverse(), pattern(5)]
    for (const number of [3, 1, 2]) {
      await upload.putPart(number, parts[number - 1] ?? new Uint8Array())
    }
    expect(await object.exists()).toBe(false)
    await client
      .bucket('ais://multipart')
      .object('made/of parts')
      .multipartUpload(upload.id)
      .complete([1, 2, 3])
    expect(Buffer.compare(await (await object.get()).bytes(), Buffer.concat(parts))).toBe(0)

    const dropped = await bucket.object('dropped').createMultipartUpload()
    await dropped.putPart(1, pattern(10))
    await dropped.abort()
    expect(await failure(dropped.complete([1]))).toMatchObject({ status: 404 })
    expect(await bucket.object('dropped').exists()).toBe(false)
  })

  it('appends, renames, copies, marks and deletes objects', async () => {
    const bucket = await freshBucket('objects')
    const object = bucket.object('log')
    const writer = object.appendWriter()
    await writer.append('one,')
    await writer.append('two')
    expect(await object.exists()).toBe(false)
    await writer.flush()
    expect(await (await object.get()).text()).toBe('one,two')

    await object.setCustomProps({ colour: 'red', size: 'big' })
    await object.setCustomProps({ colour: 'blue' })
    const { custom } = await object.head(['custom'])
    expect(custom).toEqual(
      new Map([
        ['colour', 'blue'],
        ['size', 'big'],
      ]),
    )

    await object.rename('renamed')
    expect(await object.exists()).toBe(false)
    await bucket.object('renamed').copyTo({ bck: bucket.bck, name: 'copy' })
    await bucket.object('renamed').delete()
    expect(await failure(bucket.object('renamed').delete())).toMatchObject({ status: 404 })
    expect(await (await bucket.object('copy').get()).text()).toBe('one,two')
  })

  it('refuses content that is not what its checksum says, and keeps the old', async () => {
    const object = (await freshBucket('checked')).object('o')
    await object.put('old')
    const wrong = object.put('new', { checksum: { type: 'md5', value: '0'.repeat(32) } })
    expect(await failure(wrong)).toMatchObject({ tcode: 'ErrBadCksum' })
    const odd = object.put('new', { checksum: { type: 'crc32c', value: 'nonsense' } })
    expect((await failure(odd)).message).toMatch(/crc32c\(nonsense != [0-9a-f]{8}\)/)
    const md5 = '22af645d1859cb5ca6da0c484f1f37ea'
    expect(await (await object.get()).text()).toBe('old')
    await object.put('new', { checksum: { type: 'md5', value: md5 } })
    expect(await (await object.get()).text()).toBe('new')
  })

  it('stops at an AbortSignal, in the middle of a body as well', async () => {
    const bucket = await freshBucket('aborted')
    const gone = AbortSignal.abort(new Error('not wanted'))
    await expect(bucket.object('o').put('x', { signal: gone })).rejects.toThrow('not wanted')

    const abort = new AbortController()
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536))
        abort.abort(new Error('enough'))
      },
    })
    await expect(bucket.object('o').put(endless, { signal: abort.signal })).rejects.toThrow(
      'enough',
    )
    expect(await bucket.object('o').exists()).toBe(false)

    const bytes = pattern(4_000_000)
    await bucket.object('big').put(bytes)
    const reading = new AbortController()
    const reader = await bucket.object('big').get({ signal: reading.signal })
    const read = async () => {
      for await (const _ of reader.chunks()) reading.abort(new Error('seen enough'))
    }
    await expect(read()).rejects.toThrow('seen enough')
    expect((await (await bucket.object('big').get()).bytes()).length).toBe(bytes.length)
  })

  it('names what is wrong', async () => {
    const bucket = await freshBucket('errors')
    expect(await failure(bucket.object('none').get())).toMatchObject({ status: 404 })
    expect(await failure(client.bucket('ais://nowhere').object('o').put('x'))).toMatchObject({
      status: 404,
      tcode: 'ErrBckNotFound',
    })
    expect(() => client.bucket('ais://no good')).toThrow(AisClientError)
    expect(() => client.bucket('ftp://b')).toThrow(/backend provider/)
    expect(await failure(bucket.setProps({ checksum: { type: 'bad' } }))).toMatchObject({
      status: 400,
    })
    const sums = await bucket.summary()
    expect(sums).toHaveLength(1)
  })
})

describe('a restart', () => {
  it('is bridged by retrying from the gateway', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aistore-sdk-'))
    let server = await startServer({ dir, targets: 2 })
    const port = Number(new URL(server.endpoint).port)
    let pauses = 0
    const client = new Client(server.endpoint, {
      retry: { networkPauseMinMs: 1, networkPauseMaxMs: 1 },
      seams: {
        random: () => 0.5,
        // The cluster comes back while the client waits for its second try.
        async sleep() {
          if (++pauses === 1) server = await startServer({ dir, targets: 2, port })
        },
      },
    })
    try {
      const bucket = client.bucket('ais://b')
      await bucket.create()
      await bucket.object('o').put('kept')
      await server.stop()
      expect(await (await bucket.object('o').get()).text()).toBe('kept')
      expect(pauses).toBeGreaterThan(0)
    } finally {
      client.close()
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    }
  })

  it('is given up when nobody comes back', async () => {
    const taken: HttpServer = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    await new Promise((resolve) => taken.close(resolve))
    const client = new Client(`http://127.0.0.1:${port}`, {
      retry: { networkAttemptsMax: 3, networkPauseMinMs: 1, networkPauseMaxMs: 1 },
    })
    await expect(client.listBuckets()).rejects.toThrow(/ECONNREFUSED|reached|refused/i)
    client.close()
  })
})
