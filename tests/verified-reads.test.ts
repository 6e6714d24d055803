import { readdir } from 'node:fs/promises'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { turnBit } from '@aistore-ts/storage-driver/testing/damage.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const mib = 1024 * 1024

/** Bytes of which no two blocks are equal. */
const content = Buffer.from(
  Uint32Array.from({ length: mib }, (_, at) => Math.imul(at, 2_654_435_761)).buffer,
)

describe('a bucket that validates what it gives', () => {
  let server: Server

  beforeAll(async () => {
    server = await startServer({ targets: 1 })
    await post('checked', { checksum: { validate_warm_get: true } })
    await post('none', { checksum: { type: 'none', validate_warm_get: true } })
  })

  afterAll(() => server.stop())

  async function post(bucket: string, props: unknown): Promise<void> {
    const made = await fetch(`${server.endpoint}/v1/buckets/${bucket}`, {
      method: 'POST',
      body: JSON.stringify({ action: 'create-bck', value: props }),
    })
    expect([made.status, await made.text()]).toEqual([200, ''])
  }

  async function put(path: string): Promise<void> {
    const url = `${server.endpoint}/v1/objects/${path}`
    expect((await fetch(url, { method: 'PUT', body: content })).status).toBe(200)
  }

  const get = (path: string, range?: string) =>
    fetch(`${server.endpoint}/v1/objects/${path}`, range ? { headers: { Range: range } } : {})

  /** Turns a bit of the only file that holds the object. */
  async function damage(path: string, at: number): Promise<void> {
    const [bucket, name] = path.split('/')
    const files = await readdir(server.dir, { recursive: true })
    const file = files.find((each) => each.endsWith(`/${bucket}/%ob/${name}`))
    turnBit(`${server.dir}/${file}`, at)
  }

  it('gives the ranges that are sound, and of one that is not, no byte', async () => {
    await put('checked/o')
    await damage('checked/o', 2 * mib + 5)
    const sound = [
      [`bytes=0-${2 * mib - 1}`, 0, 2 * mib],
      [`bytes=${3 * mib}-`, 3 * mib, mib],
      ['bytes=-1', 4 * mib - 1, 1],
    ] as const
    for (const [range, from, length] of sound) {
      const answer = await get('checked/o', range)
      expect(answer.status).toBe(206)
      expect(content.subarray(from, from + length).equals(await bodyOf(answer))).toBe(true)
    }
    for (const range of [`bytes=${2 * mib - 1}-${2 * mib}`, `bytes=${3 * mib - 1}-`, undefined]) {
      const answer = await get('checked/o', range)
      expect(answer.status).toBe(500)
      expect(answer.headers.get('content-range')).toBe(null)
      expect(await answer.text()).toContain('BAD DATA CHECKSUM')
    }
  })

  it('gives what it has when it keeps no checksums', async () => {
    await put('none/o')
    await damage('none/o', 0)
    expect((await get('none/o', 'bytes=0-9')).status).toBe(206)
    expect((await bodyOf(await get('none/o'))).byteLength).toBe(content.byteLength)
  })

  const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())
})
