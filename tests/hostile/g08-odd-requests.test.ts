import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, type Doors, head, openDoors, sendRaw } from './doors.ts'

let doors: Doors
/** Somebody whom no request may reach. */
let outside: Server
let outsidePort: number
let visits = 0

beforeAll(async () => {
  doors = await openDoors()
  outside = createServer((socket) => {
    visits++
    socket.destroy()
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  const address = outside.address()
  outsidePort = typeof address === 'object' && address !== null ? address.port : 0
  const url = `${doors.gateway.endpoint}/v1/objects/b/kept`
  expect((await fetch(url, { method: 'PUT', body: 'kept' })).status).toBe(200)
}, 60_000)
afterAll(async () => {
  outside.close()
  await doors.stop()
})

const everyDoor = (): readonly Door[] => [doors.gateway, ...doors.edges]

async function isKept(): Promise<void> {
  const answer = await fetch(`${doors.gateway.endpoint}/v1/objects/b/kept`)
  expect([answer.status, await answer.text()]).toEqual([200, 'kept'])
}

/** A request that would do harm, were it taken for one. */
function smuggled({ port }: Door): string {
  return `DELETE /v1/objects/b/kept HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
}

describe('G08: odd requests', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])(
    'the body of a %s is never the next request',
    async (method) => {
      for (const door of everyDoor()) {
        const body = smuggled(door)
        const lines = [`Content-Length: ${body.length}`]
        const text = head(door, `${method} /v1/objects/b/kept`, lines).replace(
          'Connection: close\r\n',
          '',
        )
        const answer = await sendRaw(door, `${text}${body}${head(door, 'GET /v1/nothing')}`)
        expect(answer.status, door.name).toBeLessThan(500)
        expect(answer.text.split('HTTP/1.1 ').length - 1, door.name).toBeLessThan(3)
      }
      await isKept()
    },
  )

  it('a client that asks whether to go on is told, and its object is stored', async () => {
    for (const door of everyDoor()) {
      const lines = ['Expect: 100-continue', 'Content-Length: 2']
      const asked = head(door, `PUT /v1/objects/b/asked-${door.name}`, lines)
      const { text } = await sendRaw(door, `${asked}ok`)
      expect(text, door.name).toMatch(/HTTP\/1\.1 (?:200|307) /)
      const other = head(door, 'PUT /v1/objects/b/x', ['Expect: a-miracle', 'Content-Length: 1'])
      const refused = await sendRaw(door, `${other}x`)
      expect(refused.status, `${door.name} ${refused.text}`).toBeGreaterThanOrEqual(200)
      expect(refused.status, door.name).toBeLessThan(500)
    }
  })

  it.each(['TRACE', 'CONNECT', 'TRACK', 'PROPFIND', 'BREW'])('%s is refused', async (method) => {
    for (const door of everyDoor()) {
      const target = method === 'CONNECT' ? `127.0.0.1:${outsidePort}` : '/v1/objects/b/kept'
      const { status, text } = await sendRaw(
        door,
        head(door, `${method} ${target}`, ['x-canary: 7']),
      )
      expect(status === 0 || (status >= 400 && status < 600), `${door.name}: ${status}`).toBe(true)
      expect(text, door.name).not.toContain('x-canary')
    }
    expect(visits).toBe(0)
  })

  it('a whole URL in the place of the target sends nobody anywhere', async () => {
    for (const door of everyDoor()) {
      for (const target of [
        `http://127.0.0.1:${outsidePort}/v1/objects/b/kept`,
        `//127.0.0.1:${outsidePort}/v1/objects/b/kept`,
        `http://127.0.0.1:${door.port}@127.0.0.1:${outsidePort}/`,
      ]) {
        const { status, text } = await sendRaw(door, head(door, `GET ${target}`))
        expect(status, `${door.name}: ${target}`).toBeLessThan(500)
        const location = /\r\nlocation: ([^\r]*)/i.exec(text)?.[1] ?? ''
        expect(location, door.name).not.toContain(String(outsidePort))
      }
    }
    expect(visits).toBe(0)
  })

  it.each(['attacker.example', '127.0.0.1.attacker.example', 'a@b', '127.0.0.1:8x', ''])(
    'the host "%s" is none of ours',
    async (host) => {
      for (const door of everyDoor()) {
        for (const path of ['/v1/objects/b/kept', '/s3/b/kept']) {
          const { status } = await sendRaw(door, head(door, `GET ${path}`, [`Host: ${host}`]))
          // Nobody rebinds a name to nothing.
          const may = host === '' ? [0, 200, 301, 307, 400, 403] : [0, 400, 403]
          expect(may, `${door.name} ${path}: ${status}`).toContain(status)
        }
      }
    },
  )
})
