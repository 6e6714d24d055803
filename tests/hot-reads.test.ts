import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('an object that is read again and again', () => {
  let server: Server

  beforeAll(async () => {
    server = await startServer({ targets: 2, mountpaths: 2 })
  })

  afterAll(() => server.stop())

  const send = (method: string, path: string, body?: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return fetch(`${server.endpoint}/v1/${path}`, {
      method,
      ...(body === undefined ? {} : { body: text }),
    })
  }

  async function change(method: string, path: string, body?: unknown): Promise<void> {
    const answer = await send(method, path, body)
    expect([method, path, answer.status, await answer.text()]).toEqual([method, path, 200, ''])
  }

  /** Status, version and content. */
  async function read(path: string) {
    const answer = await send('GET', `objects/${path}`)
    const text = await answer.text()
    return [answer.status, answer.headers.get('ais-version'), answer.ok ? text : ''] as const
  }

  /** Read until it lies in the target's memory. */
  async function warm(path: string, text: string): Promise<void> {
    await change('PUT', `objects/${path}`, text)
    for (let count = 0; count < 4; count++) expect((await read(path))[2]).toBe(text)
  }

  const create = (bucket: string) => change('POST', `buckets/${bucket}`, { action: 'create-bck' })

  it('is the new one after an overwrite, and gone after a delete', async () => {
    await create('one')
    await warm('one/o', 'first')
    await change('PUT', 'objects/one/o', 'second')
    expect(await read('one/o')).toEqual([200, '2', 'second'])
    await warm('one/o', 'third')
    await change('DELETE', 'objects/one/o')
    expect((await read('one/o'))[0]).toBe(404)
    expect((await send('HEAD', 'objects/one/o')).status).toBe(404)
    await change('PUT', 'objects/one/o', 'fourth')
    expect(await read('one/o')).toEqual([200, '1', 'fourth'])
  })

  it('tells custom metadata as they were set last', async () => {
    await create('custom')
    await warm('custom/o', 'content')
    await change('PATCH', 'objects/custom/o', { action: '', value: { color: 'red' } })
    const answer = await send('GET', 'objects/custom/o')
    expect(answer.headers.get('ais-custom-md')).toBe('color=red')
    await answer.text()
  })

  it('is gone with its bucket, also when that is made again', async () => {
    await create('two')
    await warm('two/o', 'content')
    await change('DELETE', 'buckets/two', { action: 'destroy-bck' })
    expect((await read('two/o'))[0]).toBe(404)
    await create('two')
    expect((await read('two/o'))[0]).toBe(404)
    await warm('two/o', 'another')
  })

  it('is refused once the bucket forbids reads', async () => {
    await create('closed')
    await warm('closed/o', 'content')
    const props = (access: string) => ({ action: 'set-bprops', value: { access } })
    const [put, all] = ['4', '18446744073709551615']
    expect((await send('PATCH', 'buckets/closed', props(put))).status).toBe(200)
    expect((await read('closed/o'))[0]).toBe(403)
    expect((await send('PATCH', 'buckets/closed', props(all))).status).toBe(200)
    expect((await read('closed/o'))[2]).toBe('content')
  })

  it('is one version, whole, while others overwrite it, and never an older one than before', async () => {
    await create('busy')
    const contentOf = (version: number) => String.fromCharCode(97 + (version % 26)).repeat(5_000)
    await warm('busy/o', contentOf(1))
    let isOver = false
    const readers = Array.from({ length: 4 }, async () => {
      let last = 0
      while (!isOver) {
        const [status, version, text] = await read('busy/o')
        expect(status).toBe(200)
        expect(Number(version)).toBeGreaterThanOrEqual(last)
        last = Number(version)
        expect(text === contentOf(last)).toBe(true)
      }
    })
    for (let version = 2; version <= 30; version++) {
      await change('PUT', 'objects/busy/o', contentOf(version))
      expect(await read('busy/o')).toEqual([200, String(version), contentOf(version)])
      for (let count = 0; count < 3; count++) await read('busy/o')
    }
    isOver = true
    await Promise.all(readers)
  })
})
