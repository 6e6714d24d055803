import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { findRuntime, runtimeNames } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EdgeProcess, enrolEdge, startEdge } from '../../scripts/edge-process.ts'

const manual = { redirect: 'manual' } as const
const names = Array.from({ length: 60 }, (_unused, at) => `o${at}`)

let server: Server
const edges: { readonly name: string; readonly edge: EdgeProcess }[] = []

const at = (path: string, init?: RequestInit) => fetch(`${server.endpoint}${path}`, init)

async function serve(action: string, target: number): Promise<void> {
  const sid = server.targets[target]?.snode.daemonId
  const body = JSON.stringify({ action, value: { sid } })
  const answer = await at('/v1/cluster', { method: 'PUT', body })
  expect(answer.status, `${action}: ${await answer.text()}`).toBe(200)
  await moved()
}

/** Resolves when no object is on the move. */
async function moved(): Promise<void> {
  const query = '/v1/cluster?what=running_all'
  for (;;) {
    const answer = await at(query, {
      method: 'POST',
      headers: { 'x-http-method-override': 'GET' },
      body: '{}',
    })
    const text = await answer.text()
    if (answer.status === 200 && !text.includes('rebalance')) return
  }
}

beforeAll(async () => {
  server = await startServer({ targets: 4 })
  const body = JSON.stringify({ action: 'create-bck' })
  await at('/v1/buckets/b', { method: 'POST', body })
  // One that is to join later.
  await serve('start-maintenance', 3)
  for (const name of names) {
    expect(
      (await at(`/v1/objects/b/${name}`, { method: 'PUT', body: `first ${name}` })).status,
    ).toBe(200)
  }
  for (const runtime of runtimeNames.filter((one) => findRuntime(one).found)) {
    const edge = await startEdge(runtime, await enrolEdge(server.endpoint, `frozen-${runtime}`))
    edges.push({ name: runtime, edge })
    expect((await fetch(`${edge.endpoint}/v1/objects/b/o0`, manual)).status).toBe(301)
    expect((await fetch(`${edge.endpoint}/s3/b/o0`)).status).toBe(200)
    process.kill(edge.pid, 'SIGSTOP')
  }
  await serve('start-maintenance', 0)
  await serve('start-maintenance', 1)
  await serve('stop-maintenance', 3)
}, 120_000)
afterAll(async () => {
  for (const { edge } of edges) {
    process.kill(edge.pid, 'SIGCONT')
    await edge.stop()
  }
  await server.stop()
})

describe.each(runtimeNames.filter((name) => findRuntime(name).found))(
  'A10: an edge on %s that slept while targets left and joined',
  (runtime) => {
    it('sends nobody to where an object is no more, and no write gets lost', async () => {
      const edge = edges.find(({ name }) => name === runtime)?.edge
      if (edge === undefined) throw new Error('assert: it was started')
      process.kill(edge.pid, 'SIGCONT')
      const through = { 'ais-reach': 'edge' }
      for (const [index, name] of names.entries()) {
        const url = `${edge.endpoint}/v1/objects/b/${name}`
        const relayed = index % 2 === 0
        const headers: HeadersInit = relayed ? through : {}
        const redirect = relayed ? 'manual' : 'follow'
        const get = await fetch(url, { headers, redirect })
        expect([get.status, (await get.text()).split(' ')[1]], `GET ${name}`).toEqual([200, name])
        const s3 = await fetch(`${edge.endpoint}/s3/b/${name}`, manual)
        expect([s3.status, (await s3.text()).split(' ')[1]], `S3 ${name}`).toEqual([200, name])
        const body = `${runtime} ${name}`
        const put = await fetch(url, { method: 'PUT', body, headers, redirect })
        expect(put.status, `PUT ${name}: ${await put.text()}`).toBe(200)
        expect(await (await at(`/v1/objects/b/${name}`)).text()).toBe(body)
      }
    })
  },
)
