import { connect, type OnReadOpts, type Socket } from 'node:net'
import type { Dial, DialedSocket, SocketEvents } from '../http1/outbound/dial.ts'
import { createReadBuffer, readInto } from './adopt-socket.ts'
import { type BodyBuffers, createBodyBuffers } from './body-buffers.ts'
import { NetSocket } from './net-socket.ts'

class DialedNetSocket extends NetSocket implements DialedSocket {
  readonly #socket: Socket
  readonly #bodies: BodyBuffers | undefined

  constructor(socket: Socket, onDrain: () => void, bodies: BodyBuffers | undefined) {
    super(socket, onDrain)
    this.#socket = socket
    this.#bodies = bodies
  }

  recycle(memory: ArrayBufferLike): void {
    this.#bodies?.recycle(memory)
  }

  ref(): void {
    this.#socket.ref()
  }

  unref(): void {
    this.#socket.unref()
  }
}

/** Dials by `node:net`, and reads into memory of its own. */
export function createNetDial(): Dial {
  const common = createReadBuffer()
  const bodies = createBodyBuffers()
  return (host, port, events) => {
    const { onread, giveBack } = readInto(common, bodies, {
      onBytes: (bytes, memory) => events.onData(bytes, memory),
      get awaitsBody() {
        return events.awaitsBody
      },
    })
    const socket = open(host, port, events, { onread, bodies })
    // Nothing reads into it any more.
    socket.once('close', giveBack)
  }
}

/** Dials by `node:net` where it takes no memory of ours. */
export const dialPlainly: Dial = (host, port, events) => {
  open(host, port, events).on('data', (chunk) => events.onData(chunk, 'given'))
}

function open(
  host: string,
  port: number,
  events: SocketEvents,
  memory?: { readonly onread: OnReadOpts; readonly bodies: BodyBuffers },
): Socket {
  const socket = connect({
    host,
    port,
    noDelay: true,
    allowHalfOpen: true,
    ...(memory === undefined ? {} : { onread: memory.onread }),
  })
  let failure: Error | undefined
  socket.once('connect', () => {
    events.onOpen(new DialedNetSocket(socket, () => events.onDrain(), memory?.bodies))
  })
  socket.on('error', (error) => {
    failure = error
  })
  socket.on('end', () => events.onEnd())
  socket.on('close', () => events.onClose(failure))
  return socket
}
