import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEcho } from '../../runtime-adapters/testing/echo-process.ts'
import { startWorker } from '../../scripts/start-worker.ts'
import { framings } from '../parser-agreement/framings.ts'
import { freePort } from '../stock/free-port.ts'
import { type Front, frontPrograms, isInstalled, startFront } from './fronts.ts'

const smuggled = 'GET /v1/objects/b/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'
/** After this a server waits for more, and those who come next have to be served all the same, ms. */
const silenceMs = 30

/** Every odd framing, with a request behind its body, or in its place. */
const attacks = framings.flatMap(({ headers, body }) =>
  ['GET', 'PUT', 'POST'].flatMap((method) =>
    [...new Set([body + smuggled, `0\r\n\r\n${smuggled}`])].map((sent) =>
      [`${method} /v1/objects/b/first HTTP/1.1`, 'Host: localhost', ...headers, '', sent].join(
        '\r\n',
      ),
    ),
  ),
)

/** Status codes of what comes back until the other side closes or is silent; `after` is done before we close. */
function answersTo(port: number, bytes: string, after?: () => Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    let isOver = false
    const over = () => {
      if (isOver) return
      isOver = true
      const close = () => {
        socket.destroy()
        resolve(text)
      }
      if (after === undefined) close()
      else after().then(close, reject)
    }
    socket.setEncoding('latin1')
    socket.setTimeout(silenceMs, over)
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('error', over)
    socket.on('close', over)
    socket.write(bytes, 'latin1')
  })
}

/** A server that knows nothing of bodies: it takes one for the next request. */
async function startCareless(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((socket) => {
    let text = ''
    socket.setEncoding('latin1').on('error', () => {})
    socket.on('data', (chunk) => {
      text += String(chunk)
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const [method, target = '', version = ''] = text.slice(0, text.indexOf('\r\n')).split(' ')
        text = text.slice(end + 4)
        const isGood = method !== undefined && /^HTTP\/1\.1$/.test(version)
        const body = JSON.stringify({ target })
        socket.write(
          `HTTP/1.1 ${isGood ? 200 : 400} So\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        )
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    async stop() {
      server.close()
    },
  }
}

/** What a server made of the request of somebody who has done nothing wrong. */
async function targetOf(port: number, name: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/objects/b/${name}`)
  const text = await answer.text()
  return `${answer.status} ${/"target":"([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 80)}`
}

/** Those who were answered what another asked for, with what was sent before them. */
async function victimsOf(port: number, sent: readonly string[]): Promise<readonly unknown[]> {
  const wrong: unknown[] = []
  let victims = 0
  for (const attack of sent) {
    await answersTo(port, attack, async () => {
      for (let again = 0; again < 2; again++) {
        victims += 1
        const name = `victim-${victims}`
        const seen = await targetOf(port, name)
        if (seen !== `200 /v1/objects/b/${name}`) wrong.push({ attack, seen })
      }
    })
  }
  return wrong
}

describe('G01: where a request ends', () => {
  const servers = new Map<string, { readonly port: number; stop(): Promise<void> }>()

  beforeAll(async () => {
    for (const runtime of ['node', 'bun', 'deno'] as const) {
      servers.set(runtime, await startEcho({ runtime, read: [] }))
    }
    const worker = new URL('../parser-agreement/echo-worker.ts', import.meta.url)
    servers.set('workerd', await startWorker(worker))
  })
  afterAll(async () => {
    for (const server of servers.values()) await server.stop()
  })

  it('nothing that follows a refused request is answered', async () => {
    expect(new Set(attacks).size).toBeGreaterThan(400)
    const wrong: unknown[] = []
    const against = async ([name, { port }]: readonly [string, { readonly port: number }]) => {
      const queue = attacks.values()
      const one = async () => {
        for (const attack of queue) {
          const text = (await answersTo(port, attack)).replace(
            /HTTP\/1\.1 100 [\s\S]*?\r\n\r\n/g,
            '',
          )
          const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
          const refusedAt = statuses.findIndex((status) => status !== '200')
          const isLast = refusedAt < 0 || refusedAt === statuses.length - 1
          if (!isLast) wrong.push({ name, attack, statuses })
        }
      }
      await Promise.all(Array.from({ length: 8 }, one))
    }
    await Promise.all([...servers].map(against))
    expect(wrong).toEqual([])
  }, 120_000)

  describe.each(frontPrograms)('behind $name', (program) => {
    let front: Front | undefined

    afterAll(() => front?.stop())

    it.runIf(isInstalled(program))('a careless server is found out', async () => {
      const careless = await startCareless()
      const one = await startFront(program, [careless.port], await freePort([]))
      const [port = 0] = one.ports
      const body = `Content-Length: ${smuggled.length}`
      const attack = `PUT /v1/objects/b/first HTTP/1.1\r\nHost: localhost\r\n${body}\r\n\r\n${smuggled}`
      expect(await victimsOf(port, [attack, attack, attack])).not.toEqual([])
      await one.stop()
      await careless.stop()
    })

    it.runIf(isInstalled(program))(
      'nobody is answered what another asked for',
      async () => {
        const names = [...servers.keys()]
        const first = await freePort([1, 2, 3])
        front = await startFront(
          program,
          [...servers.values()].map(({ port }) => port),
          first,
        )
        const wrong = await Promise.all(front.ports.map((port) => victimsOf(port, attacks)))
        expect(new Map(wrong.map((of, at) => [names[at], of]))).toEqual(
          new Map(names.map((name) => [name, []])),
        )
      },
      300_000,
    )
  })
})
