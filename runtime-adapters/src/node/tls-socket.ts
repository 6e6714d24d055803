import type { TLSSocket } from 'node:tls'
import type { TcpSocket } from '../http1/tcp-socket.ts'

/**
 * A socket of `node:tls` under the HTTP face. What is written is encrypted and sent later, always: it is copied, and
 * counts as taken; no more is taken while Node holds too much.
 */
export class TlsSocket implements TcpSocket {
  readonly #socket: TLSSocket
  #full = false

  /** `onDrain`: a write that was not taken can be tried again. */
  constructor(socket: TLSSocket, onDrain: () => void) {
    this.#socket = socket
    socket.on('drain', () => {
      this.#full = false
      onDrain()
    })
  }

  write(bytes: Uint8Array, from: number, length: number): number {
    const socket = this.#socket
    if (socket.destroyed || !socket.writable) return -1
    if (this.#full) return 0
    this.#full = !socket.write(Buffer.copyBytesFrom(bytes, from, length))
    return length
  }

  shutdown(): void {
    this.#socket.end()
  }

  end(): void {
    this.#socket.destroySoon()
  }

  terminate(): void {
    this.#socket.destroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }
}
