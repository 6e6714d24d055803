import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createNodePlatform } from './platform.ts'

it('a body is over only when its last chunk is with the sink', async () => {
  const platform = await createNodePlatform()
  const size = 300_000
  let taken = 0
  const listener = await platform.serve(
    async (call) => {
      await call.body.consume(async (chunk) => {
        // Slower than the network: the stream has ended before the last chunk is taken.
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
        taken += chunk.length
      })
      return { status: 200, headers: [], body: { kind: 'bytes', bytes: String(taken) } }
    },
    {
      host: '127.0.0.1',
      port: 0,
      network: 'public',
      headerBytesMax: 65_536,
      keepAliveMs: 1_000,
      minRateBytes: 0,
      stallMs: 60_000,
      sendBufferBytes: 0,
      refuse: () => expect.unreachable('nothing is refused'),
      onError: (error) => expect.unreachable(String(error)),
    },
  )
  const socket = connect(listener.port, '127.0.0.1')
  socket.write(
    `PUT / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`,
  )
  socket.write(Buffer.alloc(size))
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString()
  })
  await once(socket, 'close')
  expect(answer.endsWith(`\r\n\r\n${size}`)).toBe(true)
  await listener.close(0)
})
