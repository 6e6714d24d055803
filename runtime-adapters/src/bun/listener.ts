import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import type { Connection } from '../http1/connection.ts'
import { listenError } from '../http1/listen-error.ts'
import { type Listen, serveConnections } from '../http1/serve-connections.ts'
import type { TcpSocket } from '../http1/tcp-socket.ts'
import { serveNet } from '../node/net-listener.ts'
import { pausable } from './pausable-socket.ts'
import { shrinkSendBuffer } from './send-buffer.ts'
import { loadSendFile } from './send-file.ts'

/**
 * Serves HTTP/1.1 over `Bun.listen`, losing nothing of what arrived: raw target, every header line, bodies on any
 * method, `Expect`. Three times as quick as Bun's `node:http`, and quicker than `Bun.serve`.
 * @throws AisError `ErrPortInUse` when the address is taken
 */
export async function serveSockets(handler: Handler, options: ServeOptions): Promise<Listener> {
  // Bun cannot replace the certificate of a listener of its own.
  if (options.tls !== undefined) return serveNet(handler, options)
  const sendFile = await loadSendFile()
  const listenOnBun: Listen = async (_options, accept) => {
    const server = listen(options, accept)
    // Bun's types do not know of the descriptor.
    const fd = 'fd' in server ? Number(server.fd) : -1
    if (options.sendBufferBytes > 0) await shrinkSendBuffer(fd, options.sendBufferBytes)
    return { port: server.port, stop: () => server.stop(false) }
  }
  return serveConnections(handler, options, listenOnBun, sendFile)
}

/** What `Bun.listen` keeps with each socket. */
interface SocketData {
  connection: Connection | undefined
}

function listen(
  options: ServeOptions,
  accept: (socket: TcpSocket) => Connection,
): Bun.TCPSocketListener<SocketData> {
  try {
    return Bun.listen<SocketData>({
      hostname: options.host,
      port: options.port,
      // Else a second process could listen on the same port, and take every other connection.
      exclusive: true,
      // A client may say that it has sent all, and still wait for its reply.
      allowHalfOpen: true,
      socket: {
        open(socket) {
          socket.setNoDelay(true)
          socket.data = { connection: accept(pausable(socket)) }
        },
        data: (socket, chunk) => void socket.data.connection?.onData(chunk, 'given'),
        drain: (socket) => socket.data.connection?.onDrain(),
        end: (socket) => socket.data.connection?.onEnd(),
        close: (socket) => socket.data.connection?.onClose(),
        error(socket, error) {
          options.onError(error, undefined)
          socket.terminate()
        },
      },
    })
  } catch (cause) {
    throw listenError(cause, options)
  }
}
