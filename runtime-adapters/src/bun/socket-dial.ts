import type { Dial, SocketEvents } from '../http1/outbound/dial.ts'
import { pausable } from './pausable-socket.ts'

/** Dials by `Bun.connect`: a third of the cost of Bun's `node:net`. */
export const dialByBun: Dial = (host, port, events) => {
  const connecting = Bun.connect<SocketEvents>({
    hostname: host,
    port,
    allowHalfOpen: true,
    data: events,
    socket: {
      open(socket) {
        socket.setNoDelay(true)
        socket.data.onOpen(pausable(socket))
      },
      data: (socket, chunk) => void socket.data.onData(chunk, 'given'),
      drain: (socket) => socket.data.onDrain(),
      end: (socket) => socket.data.onEnd(),
      close: (socket, error) => socket.data.onClose(error),
      error: (socket, error) => {
        socket.data.onClose(error)
        socket.terminate()
      },
      connectError: (socket, error) => socket.data.onClose(error),
    },
  })
  connecting.catch((error: unknown) => events.onClose(error))
}
