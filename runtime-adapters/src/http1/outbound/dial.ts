import type { ReadMemory, TcpSocket } from '../tcp-socket.ts'

/** A socket that we opened. */
export interface DialedSocket extends TcpSocket {
  /** From now on it keeps the process alive. */
  ref(): void
  /** It no longer does. */
  unref(): void
  /** Nobody uses memory of the connection's own any more that a reader went on using. */
  recycle?(memory: ArrayBufferLike): void
}

/** Told what happens to a socket that is being opened, and then is open. */
export interface SocketEvents {
  onOpen(socket: DialedSocket): void
  /** `true`: the bytes' reader still uses memory that is the connection's `own`. */
  onData(bytes: Buffer, memory: ReadMemory): boolean
  /** More can be written. */
  onDrain(): void
  /** The other side sends no more. */
  onEnd(): void
  /** It is over, or was never opened, because of `cause`. */
  onClose(cause: unknown): void
  /** A body is under way: it is read into memory of the connection's own. */
  readonly awaitsBody: boolean
}

/** Opens a TCP connection. What comes of it is told to `events`, later. */
export type Dial = (host: string, port: number, events: SocketEvents) => void
