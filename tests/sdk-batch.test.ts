import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { Client } from '@aistore-ts/sdk/client.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('batches of the TypeScript SDK', () => {
  let server: Server
  let client: Client
  let web: Client

  beforeAll(async () => {
    server = await startServer({ targets: 2 })
    client = new Client(server.endpoint)
    // As in a browser: a GET cannot have a body there.
    web = new Client(server.endpoint, { fetch })
    const bucket = client.bucket('b')
    await bucket.create()
    for (let i = 0; i < 10; i++) await bucket.object(`o${i}`).put(`object ${i} `.repeat(i * 9_000))
  })

  afterAll(async () => {
    client.close()
    web.close()
    await server.stop()
  })

  it('come in order, with what is missing told', async () => {
    const { bck } = client.bucket('b')
    const entries = [
      { name: 'o9' },
      { name: 'none' },
      { name: 'o0' },
      { name: 'o3', start: 2, length: 5 },
    ]
    for (const from of [client, web]) {
      const found: [string, boolean, string][] = []
      for await (const item of from.batch(entries, { bck, continueOnError: true })) {
        found.push([item.name, item.isMissing, new TextDecoder().decode(await item.bytes())])
      }
      expect(found).toEqual([
        ['b/o9', false, 'object 9 '.repeat(81_000)],
        ['b/none', true, ''],
        ['b/o0', false, ''],
        ['b/o3', false, 'ject '],
      ])
    }
  })

  it('content that nobody reads is passed over, and a loop may be left', async () => {
    const { bck } = client.bucket('b')
    const names: string[] = []
    const entries = Array.from({ length: 10 }, (_, i) => ({ name: `o${i}`, bck }))
    for await (const { name } of client.batch(entries, { onlyObjectName: true })) {
      names.push(name)
      if (names.length === 5) break
    }
    expect(names).toEqual(['o0', 'o1', 'o2', 'o3', 'o4'])
  })

  it('fails when something is missing', async () => {
    const { bck } = client.bucket('b')
    const all = async () => {
      for await (const item of client.batch([{ name: 'o1' }, { name: 'none' }], { bck }))
        await item.bytes()
    }
    await expect(all()).rejects.toMatchObject({ status: 404 })
  })
})
