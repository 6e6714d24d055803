import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** Control calls that are lost on the way: by the path they begin with and the address they go to. */
const lost: { readonly path: string; readonly origin: string }[] = []

let server: Server

beforeEach(async () => {
  lost.length = 0
  const own = await createPlatform()
  const platform: Platform = {
    ...own,
    call(origin, call, timeoutMs) {
      const isLost = lost.some((one) => one.origin === origin && call.target.startsWith(one.path))
      if (isLost) return Promise.reject(new AisError('ErrUnreachable', `${origin} is cut off`))
      return own.call(origin, call, timeoutMs)
    },
  }
  // Nobody hears by a keepalive, within the time of a test, what metasync did not bring.
  const keepalive = { interval: '1m', factor: 1 }
  server = await startServer({
    platform,
    proxies: 2,
    targets: 1,
    config: { keepalivetracker: { proxy: keepalive, target: keepalive } },
  })
})

afterEach(() => server.stop())

function nodeOf(nodes: readonly RunningNode[], at: number): RunningNode {
  const node = nodes[at]
  if (node === undefined) throw new Error(`assert: node ${at} was started`)
  return node
}

const act = (action: string, method = 'POST') =>
  fetch(`${server.endpoint}/v1/buckets/b`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action }),
  })

async function createAgain(): Promise<void> {
  expect((await act('destroy-bck', 'DELETE')).status).toBe(200)
  expect((await act('create-bck')).status).toBe(200)
}

const object = (name: string, endpoint = server.endpoint) => `${endpoint}/v1/objects/b/${name}`

const put = (url: string) => fetch(url, { method: 'PUT', body: 'new' })

async function names(): Promise<string[]> {
  const response = await fetch(`${server.endpoint}/v1/buckets/b`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-http-method-override': 'GET' },
    body: JSON.stringify({ action: 'list', value: {} }),
  })
  expect(response.status).toBe(200)
  const page: unknown = await response.json()
  const entries = Object.entries(page ?? {}).find(([name]) => name === 'entries')?.[1]
  return Array.isArray(entries) ? entries.map((entry) => entry.name) : []
}

/** No metasync reaches the node any more. */
function holdBack(node: RunningNode): void {
  lost.push({ path: '/v1/metasync', origin: node.snode.controlNet.url })
}

describe('a bucket destroyed and made again under its name', () => {
  beforeEach(async () => {
    expect((await act('create-bck')).status).toBe(200)
    expect((await put(object('old'))).status).toBe(200)
  })

  it('takes a PUT that a target with an old BMD receives', async () => {
    const target = nodeOf(server.targets, 0)
    holdBack(target)
    const before = target.metadata.bmd().version
    await createAgain()
    expect(target.metadata.bmd().version).toBe(before)
    expect((await put(object('new'))).status).toBe(200)
    expect(target.metadata.bmd().version).toBe(before + 2)
    expect(await names()).toEqual(['new'])
    expect(await (await fetch(object('new'))).text()).toBe('new')
    expect((await fetch(object('old'))).status).toBe(404)
  })

  it('shows nothing of the old one, whatever asks the target first', async () => {
    holdBack(nodeOf(server.targets, 0))
    await createAgain()
    expect(await names()).toEqual([])
    await createAgain()
    expect((await fetch(object('old'))).status).toBe(404)
    await createAgain()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('piped'))
        controller.close()
      },
    })
    const init: RequestInit & { duplex: 'half' } = { method: 'PUT', body, duplex: 'half' }
    expect((await fetch(object('piped'), init)).status).toBe(200)
    expect(await names()).toEqual(['piped'])
  })

  it('refuses for now when the target cannot ask what it missed', async () => {
    const target = nodeOf(server.targets, 0)
    holdBack(target)
    await createAgain()
    const gateways = server.proxies.flatMap(({ snode }) => [
      snode.controlNet.url,
      snode.publicNet.url,
    ])
    lost.push(...gateways.map((origin) => ({ path: '/v1/cluster/keepalive', origin })))
    const refused = await put(object('new'))
    expect(refused.status).toBe(503)
    expect(await refused.text()).toContain('this target is behind')
    lost.length = 0
    expect((await put(object('new'))).status).toBe(200)
    expect(await names()).toEqual(['new'])
  })

  it('takes a PUT through a gateway with an old BMD', async () => {
    const gateway = nodeOf(server.proxies, 1)
    holdBack(gateway)
    const before = gateway.metadata.bmd().version
    await createAgain()
    expect((await put(object('new', gateway.snode.publicNet.url))).status).toBe(200)
    expect(gateway.metadata.bmd().version).toBe(before)
    expect(await names()).toEqual(['new'])
  })
})
