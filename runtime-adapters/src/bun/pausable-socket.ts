import type { TcpSocket } from '../http1/tcp-socket.ts'

/** Bun's sockets can pause, and know their descriptor; its types do not say so. */
export function pausable<Data>(socket: Bun.Socket<Data>): Bun.Socket<Data> & TcpSocket {
  if (!('pause' in socket && 'resume' in socket && 'fd' in socket)) {
    throw new Error('the sockets of this Bun lack pause() or fd')
  }
  return socket as Bun.Socket<Data> & Pick<TcpSocket, 'pause' | 'resume' | 'fd'>
}
