import { connect } from 'node:net'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: Server
beforeAll(async () => {
  server = await startServer({ targets: 1 })
})
afterAll(() => server.stop())

function exchange(endpoint: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(new URL(endpoint).port), host: '127.0.0.1' })
    let arrived = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      arrived += chunk
    })
    socket.on('close', () => resolve(arrived))
    socket.write(text, 'latin1')
  })
}

it.each([
  ['a fragment in the target', '/bucket/a#b', '', 400, 'BadRequest'],
  ['a second Host', '/bucket/a', 'Host: other\r\n', 400, 'BadRequest'],
  ['an unknown coding', '/bucket/a', 'Transfer-Encoding: gzip\r\n', 501, 'NotImplemented'],
])(
  '%s is refused in the words of the API that is called',
  async (_, target, line, status, code) => {
    const text = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${line}\r\n`
    for (const [endpoint, path] of [
      [server.s3Endpoint, target],
      [server.endpoint, `/s3${target}`],
    ] as const) {
      const answer = await exchange(endpoint, text(path))
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(answer).toMatch(/\r\nx-amz-request-id: [0-9A-F]{16}\r\n/i)
      expect(answer).toContain(`<Code>${code}</Code>`)
    }
    const native = await exchange(server.endpoint, text(`/v1/objects${target}`))
    expect(native).toMatch(new RegExp(`"status":${status}\\}\n$`))
  },
)
