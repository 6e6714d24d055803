import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import { listenError } from '../node/listener.ts'
import { createRateGuard } from '../node/rate-guard.ts'
import { Connection, type ConnectionHost } from './connection.ts'
import { ReplyBuffers } from './reply-buffers.ts'
import { createDates } from './reply-head.ts'
import { shrinkSendBuffer } from './send-buffer.ts'
import { loadSendFile } from './send-file.ts'
import type { TcpSocket } from './tcp-socket.ts'

/** A header block must be complete within this time, ms. @see AIStore ReadHeaderTimeout */
const headersMsMax = 16_000

/** How often connections that wait for their client are looked at, ms. */
const sweepMs = 1_000

/**
 * Serves HTTP/1.1 over `Bun.listen`, losing nothing of what arrived: raw target, every header line, bodies on any
 * method, `Expect`. Three times as quick as Bun's `node:http`, and quicker than `Bun.serve`.
 * @throws AisError `ErrPortInUse` when the address is taken
 */
export async function serveSockets(handler: Handler, options: ServeOptions): Promise<Listener> {
  const connections = new Set<Connection>()
  const guard = createRateGuard(options.minRateBytes, options.stallMs)
  let closing = false
  let emptied: () => void = () => {}
  const host: ConnectionHost = {
    handler,
    network: options.network,
    headerBytesMax: options.headerBytesMax,
    guard,
    buffers: new ReplyBuffers(),
    sendFile: await loadSendFile(),
    get closing() {
      return closing
    },
    date: createDates(),
    onError: options.onError,
    forget(connection) {
      connections.delete(connection)
      if (connections.size === 0) emptied()
    },
  }
  const server = listen(options, (socket) => {
    const connection = new Connection(socket, host)
    connections.add(connection)
    return connection
  })
  const { port } = server
  if (options.sendBufferBytes > 0) await shrinkSendBuffer(port, options.sendBufferBytes)

  const betweenMax = Math.ceil(options.keepAliveMs / sweepMs)
  const sweeper = setInterval(() => {
    for (const connection of connections) connection.sweep(betweenMax, headersMsMax / sweepMs)
  }, sweepMs)
  sweeper.unref()

  return {
    port,
    host: options.host,
    async close(graceMs) {
      closing = true
      server.stop(false)
      for (const connection of connections) if (connection.idle) connection.close()
      if (connections.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, graceMs)
          emptied = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      for (const connection of connections) connection.resetAndDestroy()
      clearInterval(sweeper)
      guard.close()
    },
  }
}

/** What `Bun.listen` keeps with each socket. */
interface SocketData {
  connection: Connection | undefined
}

function listen(
  options: ServeOptions,
  accept: (socket: TcpSocket) => Connection,
): { readonly port: number; stop(cut: boolean): void } {
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
        data: (socket, chunk) => socket.data.connection?.onData(chunk),
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

/** Bun's sockets can pause, and know their descriptor; its types do not say so. */
function pausable(socket: Bun.Socket<SocketData>): TcpSocket {
  if (!('pause' in socket && 'resume' in socket && 'fd' in socket)) {
    throw new Error('the sockets of this Bun lack pause() or fd')
  }
  return socket as Bun.Socket<SocketData> & Pick<TcpSocket, 'pause' | 'resume' | 'fd'>
}
