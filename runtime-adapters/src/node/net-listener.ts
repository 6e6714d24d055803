import { createServer } from 'node:net'
import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import type { Connection } from '../http1/connection.ts'
import { listenError } from '../http1/listen-error.ts'
import { type ListeningSocket, serveConnections } from '../http1/serve-connections.ts'
import type { TcpSocket } from '../http1/tcp-socket.ts'
import { adoptSocket, createReadBuffer, type SocketReader } from './adopt-socket.ts'
import { createBodyBuffers } from './body-buffers.ts'
import { NetSocket } from './net-socket.ts'

/** Connections the kernel may hold before we accept them. */
const backlogMax = 1_024

/**
 * Serves HTTP/1.1 over `node:net`.
 * @throws AisError `ErrPortInUse` when the address is taken
 */
export function serveNet(handler: Handler, options: ServeOptions): Promise<Listener> {
  return serveConnections(handler, options, listen)
}

async function listen(
  options: ServeOptions,
  accept: (socket: TcpSocket) => Connection,
): Promise<ListeningSocket> {
  const common = createReadBuffer()
  const bodies = createBodyBuffers()
  // A client may say that it has sent all, and still wait for its reply.
  const server = createServer(
    { allowHalfOpen: true, noDelay: true, pauseOnConnect: true },
    (accepted) => {
      let connection: Connection | undefined
      const reader: SocketReader = {
        onBytes: (bytes, memory) => connection?.onData(bytes, memory) === true,
        get awaitsBody() {
          return connection?.awaitsBody === true
        },
      }
      const adopted = adoptSocket(accepted, common, bodies, reader)
      const socket = adopted ?? accepted
      const made = accept(new NetSocket(socket, () => made.onDrain()))
      connection = made
      if (adopted === undefined) socket.on('data', (chunk) => made.onData(chunk, 'given'))
      socket.on('end', () => made.onEnd())
      socket.on('close', () => made.onClose())
      // A client that left is told to the body's reader and to the reply's sender, by `close`.
      socket.on('error', () => {})
      socket.resume()
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenError(cause, options)))
    server.listen({ host: options.host, port: options.port, backlog: backlogMax }, resolve)
  })
  server.on('error', (error) => options.onError(error, undefined))
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : options.port,
    stop: () => void server.close(),
  }
}
