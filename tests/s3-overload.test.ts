import { once } from 'node:events'
import { type ClientRequest, request } from 'node:http'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'

const callsMax = 3
let server: Server

beforeAll(async () => {
  server = await startServer({ targets: 2, config: { s3: { calls_max: callsMax } } })
  expect((await fetch(`${server.s3Endpoint}/busy`, { method: 'PUT' })).status).toBe(200)
})
afterAll(() => server.stop())

/** An upload of three bytes whose first one alone is sent; it is under way when this resolves. */
async function beginPut(key: string): Promise<ClientRequest> {
  const put = request(`${server.s3Endpoint}/busy/${key}`, {
    method: 'PUT',
    headers: { 'content-length': '3', expect: '100-continue' },
  })
  put.flushHeaders()
  await once(put, 'continue')
  put.write('a')
  return put
}

async function endPut(put: ClientRequest): Promise<number | undefined> {
  const answered = once(put, 'response')
  put.end('bc')
  const [answer] = await answered
  answer.resume()
  await once(answer, 'end')
  return answer.statusCode
}

it('a gateway with as many calls as it takes says SlowDown before a body is read, and when to come back', async () => {
  const begun = await Promise.all(['a', 'b', 'c'].map(beginPut))
  for (const method of ['GET', 'PUT', 'HEAD']) {
    const body = method === 'PUT' ? { body: 'x'.repeat(100_000) } : {}
    const answer = await fetch(`${server.s3Endpoint}/busy/other`, { method, ...body })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    const text = await answer.text()
    if (method !== 'HEAD') expect(text).toContain('<Code>SlowDown</Code>')
  }
  const refused = request(`${server.s3Endpoint}/busy/other`, {
    method: 'PUT',
    headers: { 'content-length': '100000', expect: '100-continue' },
  })
  refused.flushHeaders()
  let isAskedFor = false
  refused.once('continue', () => {
    isAskedFor = true
  })
  const [answer] = await once(refused, 'response')
  expect([answer.statusCode, isAskedFor]).toEqual([503, false])
  refused.destroy()

  expect(await Promise.all(begun.map(endPut))).toEqual([200, 200, 200])
  const listed = await fetch(`${server.s3Endpoint}/busy?list-type=2`)
  expect(listed.status).toBe(200)
  expect((await listed.text()).match(/<Key>\w<\/Key>/g)).toHaveLength(3)
})

it('whoever goes away in the middle makes room', async () => {
  const begun = await Promise.all(['d', 'e', 'f'].map(beginPut))
  for (const put of begun) {
    put.once('error', () => {})
    put.destroy()
  }
  const get = async () => (await fetch(`${server.s3Endpoint}/busy/a`)).status
  await expect.poll(get, { timeout: 10_000 }).toBe(200)
  // As many readers as may, each to its end, and once more: nothing is counted twice.
  for (let round = 0; round < 2; round++) {
    const statuses = await Promise.all(Array.from({ length: callsMax }, get))
    expect(statuses).toEqual([200, 200, 200])
  }
})
