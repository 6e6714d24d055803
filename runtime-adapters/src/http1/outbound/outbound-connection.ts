import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import { Outflow, type OutflowParts } from '../outflow.ts'
import { PieceGate } from '../piece-gate.ts'
import type { ReplySource } from '../reply-source.ts'
import type { ReadMemory } from '../tcp-socket.ts'
import type { DialedSocket, SocketEvents } from './dial.ts'
import { Exchange, type ExchangeWire } from './exchange.ts'

/** Where a connection is between two calls. */
export interface ConnectionHome {
  /** It is free for the next call. */
  free(connection: OutboundConnection): void
  /** It will not be used again. */
  forget(connection: OutboundConnection): void
}

/** A connection to one origin: one call after the other. */
export class OutboundConnection implements SocketEvents, ExchangeWire {
  readonly origin: string
  readonly #home: ConnectionHome
  readonly #parts: OutflowParts
  readonly #pieces = new PieceGate()
  #socket: DialedSocket | undefined
  #out: Outflow | undefined
  #exchange: Exchange | undefined
  /** Of a call that waits for the connection to open. */
  #head = ''
  #closed = false
  #used = false

  constructor(origin: string, parts: OutflowParts, home: ConnectionHome) {
    this.origin = origin
    this.#parts = parts
    this.#home = home
  }

  /** Sends `call` with this `head`. @throws what `Exchange.answer` throws */
  exchange(head: string, call: NodeCall, timeoutMs: number): Promise<Answer> {
    const exchange = new Exchange(call, this, timeoutMs)
    this.#exchange = exchange
    if (call.signal?.aborted === true) exchange.fail(call.signal.reason)
    else if (this.#socket === undefined) this.#head = head
    else {
      this.#socket.ref()
      exchange.start(head)
    }
    return exchange.answer
  }

  /** Closes it; a call under way fails. */
  close(): void {
    if (this.#exchange === undefined) this.drop()
    else this.#exchange.fail(new Error('the connections were closed'))
  }

  // What its call asks for.

  get used(): boolean {
    return this.#used
  }

  get waiting(): boolean {
    return this.#out?.waiting === true
  }

  send(text: string, source: ReplySource | undefined): void | Promise<void> {
    if (this.#closed || this.#out === undefined) throw new Error('the connection closed')
    if (this.#out.send(text, source)) return
    return this.#pieces.wait()
  }

  hold(on: boolean): void {
    if (this.#closed) return
    if (on) this.#socket?.pause()
    else this.#socket?.resume()
  }

  recycle(memory: ArrayBufferLike): void {
    this.#socket?.recycle?.(memory)
  }

  release(clean: boolean): void {
    this.#exchange = undefined
    this.#used = true
    if (!clean || this.#closed) {
      this.#socket?.end()
      this.#end(undefined)
      return
    }
    this.#socket?.unref()
    this.#home.free(this)
  }

  drop(): void {
    this.#socket?.terminate()
    this.#end(undefined)
  }

  // What happens to its socket.

  get awaitsBody(): boolean {
    return this.#exchange?.awaitsBody === true
  }

  onOpen(socket: DialedSocket): void {
    if (this.#closed) {
      socket.terminate()
      return
    }
    this.#socket = socket
    this.#out = new Outflow(socket, this.#parts, {
      waiting: () => {},
      sent: () => void this.#pieces.pass(),
      failed: (error) => this.#exchange?.fail(error),
    })
    this.#exchange?.start(this.#head)
  }

  onData(bytes: Buffer, memory: ReadMemory): boolean {
    if (this.#closed) return false
    if (this.#exchange !== undefined) return this.#exchange.onData(bytes, memory)
    // Nobody asked for anything.
    this.drop()
    return false
  }

  onDrain(): void {
    this.#out?.drained()
  }

  onEnd(): void {
    if (this.#exchange === undefined) this.drop()
    else this.#exchange.onEnd()
  }

  onClose(cause: unknown): void {
    this.#end(cause)
  }

  #end(cause: unknown): void {
    if (this.#closed) return
    this.#closed = true
    this.#out?.close()
    this.#pieces.fail(new Error('the connection closed'))
    this.#home.forget(this)
    const exchange = this.#exchange
    this.#exchange = undefined
    exchange?.onClose(cause)
  }
}
