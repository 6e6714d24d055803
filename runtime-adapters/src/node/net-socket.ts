import type { Socket } from 'node:net'
import type { TcpSocket } from '../http1/tcp-socket.ts'

const nothing = new Uint8Array(0)

/**
 * A socket of `node:net` under the HTTP face. Node keeps what the kernel does not take at once, and hides how much that
 * is: such a write counts as not begun until all of it has left, and then as done when it is tried again.
 */
export class NetSocket implements TcpSocket {
  readonly keepsMemory = true
  readonly #socket: Socket
  readonly #onDrain: () => void
  #owedBytes = 0
  #owes = false

  /** `onDrain`: a write that was not taken whole can be tried again. */
  constructor(socket: Socket, onDrain: () => void) {
    this.#socket = socket
    this.#onDrain = onDrain
  }

  write(bytes: Uint8Array, from: number, length: number): number {
    const socket = this.#socket
    if (this.#owedBytes > 0) {
      if (this.#owes) return 0
      this.#owedBytes = 0
      return length
    }
    if (socket.destroyed || !socket.writable) return -1
    socket.write(bytes.subarray(from, from + length))
    if (socket.writableLength === 0) return length
    this.#owedBytes = length
    this.#owes = true
    // Node tells only of writes that are not empty nor short; the callback comes behind what is under way.
    socket.write(nothing, (error) => {
      this.#owes = false
      if (!error) this.#onDrain()
    })
    return 0
  }

  shutdown(): void {
    this.#socket.end()
  }

  end(): void {
    // What Node still holds lies in a buffer that somebody else will use.
    if (this.#owes) this.#socket.destroy()
    else this.#socket.destroySoon()
  }

  terminate(): void {
    this.#socket.resetAndDestroy()
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
