import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { JobClient } from './client.ts'

let server: Server
let client: JobClient

beforeAll(async () => {
  server = await startServer({ targets: 2 })
  client = new JobClient(server.endpoint)
  await client.createBucket('b')
  await Promise.all(['x', 'y', 'z'].map((name) => client.put('b', name, name)))
})

afterAll(() => server.stop())

it('a batch is an idle job when it is over, and may be stopped', async () => {
  const entries = ['x', 'y', 'z'].map((objname) => ({ objname }))
  const reply = await fetch(`${server.endpoint}/v1/ml/moss/b`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ in: entries, strm: true }),
  })
  expect(reply.status).toBe(200)
  await reply.arrayBuffer()
  const [job] = await client.running()
  const id = /^get-batch\[(gbt-.+)\]$/.exec(job ?? '')?.[1] ?? ''
  expect(await client.settled(id)).toMatchObject({ is_idle: true, aborted: false, err: '' })
  expect(await client.objects(id)).toBe(3)
  await client.stop({ ID: id })
  expect(await client.settled(id)).toMatchObject({ aborted: true })
})
