import { connect } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import type { RawRequest } from '../model/case.ts'
import type { Answer } from './answer.ts'
import { findAnswer } from './parse-answer.ts'

/**
 * Writes a request byte for byte to a connection of its own and reads the first answer. A connection
 * closed without one gives status 0, as does one that we cut ourselves. `authority` (PEM) is trusted over TLS.
 * @throws Error when the peer stays silent for `timeoutMs`
 */
export function sendRaw(
  origin: string,
  raw: RawRequest,
  timeoutMs: number,
  authority?: string,
): Promise<Answer> {
  const { protocol, hostname, port } = new URL(origin)
  const secure = protocol === 'https:'
  const at = { host: hostname, port: Number(port) }
  const [method = '', target = ''] = raw.text.split(' ')
  const asked = { method, url: origin + target }
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const socket = secure
      ? connectTls({ ...at, ...(authority !== undefined && { ca: authority }) })
      : connect(at)
    const finish = (ended: boolean): void => {
      const answer = findAnswer(received, asked, ended)
      if (answer === undefined && !ended) return
      socket.destroy()
      resolve(answer ?? { ...asked, status: 0, headers: [], body: received })
    }
    socket.setTimeout(timeoutMs, () => {
      socket.destroy()
      reject(new Error(`silent for ${timeoutMs} ms`))
    })
    socket.on(secure ? 'secureConnect' : 'connect', () => {
      const written = (): void => {
        if (raw.ending === 'half-close') socket.end()
        if (raw.ending !== 'cut') return
        if (socket instanceof TLSSocket) socket.destroy()
        else socket.resetAndDestroy()
      }
      socket.write(Buffer.from(raw.text, 'latin1'), written)
    })
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      finish(false)
    })
    // A reset after the answer, or instead of one, is a close like any other; `close` follows.
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') reject(error)
    })
    socket.on('close', () => finish(true))
  })
}
