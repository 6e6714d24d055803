import type { Handler, Reply } from '@aistore-ts/core/ports/call.ts'
import { afterEach, expect, it } from 'vitest'
import type { Connection } from './connection.ts'
import { serveConnections } from './serve-connections.ts'
import type { TcpSocket } from './tcp-socket.ts'

/** A client in memory, which takes all it is given. */
class MemorySocket implements TcpSocket {
  text = ''
  ended = false
  write(bytes: Uint8Array, from: number, length: number): number {
    this.text += Buffer.from(bytes.subarray(from, from + length)).toString('latin1')
    return length
  }
  shutdown(): void {}
  end(): void {
    this.ended = true
  }
  terminate(): void {
    this.ended = true
  }
  pause(): void {}
  resume(): void {}
}

let stop: (() => Promise<void>) | undefined

afterEach(() => stop?.())

async function serve(handler: Handler): Promise<(socket: TcpSocket) => Connection> {
  let accept: ((socket: TcpSocket) => Connection) | undefined
  const listener = await serveConnections(
    handler,
    {
      host: '',
      port: 0,
      network: 'public',
      headerBytesMax: 65_536,
      keepAliveMs: 1_000,
      minRateBytes: 1,
      stallMs: 1_000,
      sendBufferBytes: 0,
      refuse: ({ status }) => ({ status, headers: [] }),
      onError: () => {},
    },
    (_options, given) => {
      accept = given
      return { port: 0, stop: () => {} }
    },
  )
  stop = () => listener.close(0)
  if (accept === undefined) throw new Error('nobody listens')
  return accept
}

const ask = (name: string) => Buffer.from(`GET /${name} HTTP/1.1\r\nHost: a\r\n\r\n`)
const turn = () => new Promise((resolve) => setImmediate(resolve))
const bodyOf = (text: string) => text.split('\r\n\r\n')[1]

const echo: Handler = ({ target }) => ({
  status: 200,
  headers: [],
  body: { kind: 'bytes', bytes: target },
})

it('writes the replies of a turn at its end, each to its client', async () => {
  const accept = await serve(echo)
  const clients = Array.from({ length: 20 }, () => new MemorySocket())
  const connections = clients.map((client) => accept(client))
  connections.forEach((connection, index) => {
    connection.onData(ask(`o${index}`), 'given')
  })
  expect(clients.map(({ text }) => text).join('')).toBe('')
  await turn()
  expect(clients.map(({ text }) => bodyOf(text))).toEqual(clients.map((_, index) => `/o${index}`))
})

it('lets a client that is alone wait for the end of a turn seldom', async () => {
  const accept = await serve(echo)
  const client = new MemorySocket()
  const connection = accept(client)
  const waits: boolean[] = []
  for (let request = 0; request < 34; request++) {
    client.text = ''
    connection.onData(ask('o'), 'given')
    waits.push(client.text === '')
    if (client.text === '') await turn()
    expect(bodyOf(client.text)).toBe('/o')
  }
  expect(waits.filter(Boolean)).toHaveLength(3)
})

it('answers requests sent ahead in their order, without a turn for each', async () => {
  const accept = await serve(echo)
  const client = new MemorySocket()
  accept(client).onData(Buffer.concat([ask('a'), ask('b'), ask('c')]), 'given')
  await turn()
  expect(client.text.match(/\/[abc]/g)).toEqual(['/a', '/b', '/c'])
})

it('frees the reply of a client that left before the end of the turn, and writes the others', async () => {
  const ends: (string | boolean)[] = []
  const accept = await serve(({ target }): Reply => {
    return {
      status: 200,
      headers: [],
      body: { kind: 'bytes', bytes: target },
      onEnd: (complete) => void ends.push(target, complete),
    }
  })
  const [gone, stays] = [new MemorySocket(), new MemorySocket()]
  const [first, second] = [accept(gone), accept(stays)]
  first.onData(ask('gone'), 'given')
  second.onData(ask('stays'), 'given')
  first.onClose()
  expect(ends).toEqual(['/gone', false])
  await turn()
  expect(gone.text).toBe('')
  expect(bodyOf(stays.text)).toBe('/stays')
  expect(ends).toEqual(['/gone', false, '/stays', true])
})

it('answers 500 when what was put off cannot be read', async () => {
  const accept = await serve(({ target }) => ({
    status: 200,
    headers: [],
    body:
      target === '/lost'
        ? { kind: 'files', slices: [{ file: { fd: -1, close: () => {} }, offset: 0, length: 9 }] }
        : { kind: 'bytes', bytes: target },
  }))
  const [lost, other] = [new MemorySocket(), new MemorySocket()]
  accept(lost).onData(ask('lost'), 'given')
  accept(other).onData(ask('other'), 'given')
  await turn()
  expect(lost.text).toMatch(/^HTTP\/1.1 500 /)
  expect(bodyOf(other.text)).toBe('/other')
})
