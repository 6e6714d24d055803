import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import type { Tls } from '@aistore-ts/core/ports/tls.ts'
import type { Connection } from '../http1/connection.ts'
import { listenError } from '../http1/listen-error.ts'
import { type ListeningSocket, serveConnections } from '../http1/serve-connections.ts'
import type { TcpSocket } from '../http1/tcp-socket.ts'
import { adoptSocket, createReadBuffer, type SocketReader } from './adopt-socket.ts'
import { createBodyBuffers } from './body-buffers.ts'
import { NetSocket } from './net-socket.ts'
import { isWelcome, serverContext } from './tls-context.ts'
import { TlsSocket } from './tls-socket.ts'

/** Connections the kernel may hold before we accept them. */
const backlogMax = 1_024
/** A TLS handshake must be over within this time, ms. */
const handshakeMsMax = 16_000

/**
 * Serves HTTP/1.1 over `node:net`, or over `node:tls`.
 * @throws AisError `ErrPortInUse` when the address is taken
 */
export function serveNet(handler: Handler, options: ServeOptions): Promise<Listener> {
  return serveConnections(handler, options, listen)
}

async function listen(
  options: ServeOptions,
  accept: (socket: TcpSocket) => Connection,
): Promise<ListeningSocket> {
  const server = options.tls === undefined ? plainServer(accept) : tlsServer(options.tls, accept)
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

type Accept = (socket: TcpSocket) => Connection

// A client may say that it has sent all, and still wait for its reply.
const socketOptions = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true } as const

function plainServer(accept: Accept): Server {
  const common = createReadBuffer()
  const bodies = createBodyBuffers()
  return createServer(socketOptions, (accepted) => {
    let connection: Connection | undefined
    const reader: SocketReader = {
      onBytes: (bytes, memory) => connection?.onData(bytes, memory) === true,
      get awaitsBody() {
        return connection?.awaitsBody === true
      },
    }
    const adopted = adoptSocket(accepted, common, bodies, reader)
    const socket = adopted ?? accepted
    connection = connect(socket, (onDrain) => accept(new NetSocket(socket, onDrain)))
    if (adopted === undefined) feed(socket, connection)
    socket.resume()
  })
}

function tlsServer(tls: Tls, accept: Accept): Server {
  const server = createTlsServer(
    {
      ...socketOptions,
      ...serverContext(tls),
      pauseOnConnect: false,
      handshakeTimeout: handshakeMsMax,
      ALPNProtocols: ['http/1.1'],
      requestCert: tls.clientAuth > 0,
      rejectUnauthorized: tls.clientAuth === 4,
    },
    (socket) => {
      if (isWelcome(socket, tls))
        feed(
          socket,
          connect(socket, (onDrain) => accept(new TlsSocket(socket, onDrain))),
        )
      else socket.destroy()
    },
  )
  // A client that speaks no TLS, or shows no good certificate, is gone already.
  server.on('tlsClientError', () => {})
  const forget = tls.onChange(() => server.setSecureContext(serverContext(tls)))
  server.on('close', forget)
  return server
}

function connect(socket: Socket, accept: (onDrain: () => void) => Connection): Connection {
  const connection = accept(() => connection.onDrain())
  socket.on('end', () => connection.onEnd())
  socket.on('close', () => connection.onClose())
  // A client that left is told to the body's reader and to the reply's sender, by `close`.
  socket.on('error', () => {})
  return connection
}

function feed(socket: Socket, connection: Connection): void {
  socket.on('data', (chunk) => connection.onData(chunk, 'given'))
}
