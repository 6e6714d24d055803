import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import { createRateGuard } from '../node/rate-guard.ts'
import { Connection } from './connection.ts'
import type { ConnectionHost } from './connection-host.ts'
import { ReplyBuffers } from './reply-buffers.ts'
import { createDates, ReplyHeads } from './reply-head.ts'
import { ReplyTurn } from './reply-turn.ts'
import type { SendFile, TcpSocket } from './tcp-socket.ts'

/** A header block must be complete within this time, ms. @see AIStore ReadHeaderTimeout */
const headersMsMax = 16_000

/** How often connections that wait for their client are looked at, ms. */
const sweepMs = 1_000

/** A runtime's listening socket. */
export interface ListeningSocket {
  readonly port: number
  /** Stops accepting; connections live on. */
  stop(): void
}

/** Opens a listening socket that gives each connection to `accept`, and tells what it returned what happens. */
export type Listen = (
  options: ServeOptions,
  accept: (socket: TcpSocket) => Connection,
) => ListeningSocket | Promise<ListeningSocket>

/**
 * Serves HTTP/1.1 over a runtime's sockets, losing nothing of what arrived: raw target, every header line, bodies on
 * any method, `Expect`. `sendFile` where the kernel can send files by itself.
 * @throws what `listen` throws
 */
export async function serveConnections(
  handler: Handler,
  options: ServeOptions,
  listen: Listen,
  sendFile?: SendFile,
): Promise<Listener> {
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
    turn: new ReplyTurn(),
    sendFile,
    get closing() {
      return closing
    },
    heads: new ReplyHeads(),
    date: createDates(),
    refuse: options.refuse,
    onError: options.onError,
    forget(connection) {
      connections.delete(connection)
      if (connections.size === 0) emptied()
    },
  }
  const server = await listen(options, (socket) => {
    const connection = new Connection(socket, host)
    connections.add(connection)
    return connection
  })

  const betweenMax = Math.ceil(options.keepAliveMs / sweepMs)
  const sweeper = setInterval(() => {
    for (const connection of connections) connection.sweep(betweenMax, headersMsMax / sweepMs)
  }, sweepMs)
  sweeper.unref()

  return {
    port: server.port,
    host: options.host,
    async close(graceMs) {
      closing = true
      server.stop()
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
