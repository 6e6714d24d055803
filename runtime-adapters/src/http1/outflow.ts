import type { ReplyBuffers } from './reply-buffers.ts'
import type { ReplySource } from './reply-source.ts'
import type { ReplyTurn, TurnReply } from './reply-turn.ts'
import type { SendFile, TcpSocket } from './tcp-socket.ts'

/** Writes of one reply before others get their turn: 1 MiB at most. */
const roundsMax = 4

/** Parts of a file from here on are sent by the kernel itself, bytes; it takes a call of its own. */
const directBytesMin = 65_536

/** The first write of a long reply, bytes: its head, and enough of its body to be worth a packet. */
const firstBytes = 65_536

/** Bytes the kernel is given at once. */
const directBytesMax = 1_048_576

/** What is read to learn whether a socket is full, bytes. */
const probeBytes = 16_384

/** What all sendings of a listener share. */
export interface OutflowParts {
  readonly buffers: ReplyBuffers
  readonly turn: ReplyTurn
  readonly sendFile: SendFile | undefined
}

/** Told how a sending that could not be finished at once went on. */
export interface OutflowEvents {
  /** The client is slow: from now on it is waited for. */
  waiting(): void
  sent(): void
  failed(error: unknown): void
}

/** Bytes on their way to one socket: filled into the shared buffer, written, and held only while the client is slow. */
export class Outflow implements TurnReply {
  readonly #socket: TcpSocket
  readonly #buffers: ReplyBuffers
  readonly #turn: ReplyTurn
  readonly #sendFile: SendFile | undefined
  readonly #events: OutflowEvents
  #source: ReplySource | undefined
  #buffer: Uint8Array | undefined
  #at = 0
  #end = 0
  /** The buffer, while it is lent. */
  #held: Buffer | undefined
  #closed = false
  #handedBytes = 0
  /** Of what is put off; its source is in `#source`. */
  #head = ''

  constructor(socket: TcpSocket, parts: OutflowParts, events: OutflowEvents) {
    this.#socket = socket
    this.#buffers = parts.buffers
    this.#turn = parts.turn
    this.#sendFile = parts.sendFile
    this.#events = events
  }

  /** Bytes that the kernel took so far. */
  get handedBytes(): number {
    return this.#handedBytes
  }

  /** Is it the client that keeps us waiting? */
  get waiting(): boolean {
    return this.#at < this.#end
  }

  /**
   * Sends `head` (one character a byte) and all that `source` gives; `true` when the kernel has all of it, else an event
   * follows. One sending at a time.
   * @throws what `source` throws, before a byte of `head` was sent
   */
  send(head: string, source: ReplySource | undefined): boolean {
    const whole = head === '' ? source?.whole?.() : undefined
    if (whole !== undefined) {
      this.#source = undefined
      this.#buffer = whole
      this.#at = 0
      this.#end = whole.byteLength
      return this.#pump()
    }
    let buffer = this.#buffers.shared
    if (head.length > buffer.byteLength) buffer = Buffer.allocUnsafe(head.length)
    let length = head === '' ? 0 : buffer.write(head, 0, 'latin1')
    if (source !== undefined) {
      const fillBytes = this.#isDirect(source, firstBytes) ? firstBytes : this.#buffers.fillBytes
      if (length < fillBytes) length += source.fill(buffer, length, fillBytes)
    }
    this.#source = source
    this.#buffer = buffer
    this.#at = 0
    this.#end = length
    return this.#pump()
  }

  /** As `send`, but at the end of the turn if that is better: then an event follows. */
  sendSoon(head: string, source: ReplySource | undefined): boolean {
    if (!this.#turn.take(this)) return this.send(head, source)
    this.#head = head
    this.#source = source
    return false
  }

  /** The turn is over: sends what `sendSoon` put off. */
  write(): void {
    if (this.#closed) return
    try {
      if (this.send(this.#head, this.#source)) this.#events.sent()
    } catch (error) {
      this.#events.failed(error)
    }
  }

  /** The socket takes bytes again. */
  drained(): void {
    if (this.waiting) this.#resume()
  }

  /** The socket is gone. */
  close(): void {
    this.#closed = true
    this.#at = this.#end
    this.#release()
    this.#source = undefined
  }

  #resume(): void {
    if (this.#closed) return
    let all: boolean
    try {
      all = this.#pump()
    } catch (error) {
      this.#events.failed(error)
      return
    }
    if (all) this.#events.sent()
  }

  #pump(): boolean {
    for (let rounds = 0; ; rounds++) {
      if (!this.#write()) return false
      const source = this.#source
      if (source === undefined) return true
      if (rounds >= roundsMax) {
        setImmediate(() => this.#resume())
        return false
      }
      if (this.#sendDirectly(source)) continue
      const buffer = this.#buffers.shared
      const fillBytes = this.#isDirect(source, 0) ? probeBytes : this.#buffers.fillBytes
      this.#end = source.fill(buffer, 0, fillBytes)
      this.#at = 0
      this.#buffer = buffer
      if (this.#end === 0) {
        this.#source = undefined
        return true
      }
    }
  }

  /** Is what comes after the next `count` bytes for the kernel to send? */
  #isDirect(source: ReplySource, count: number): boolean {
    if (this.#sendFile === undefined) return false
    return (source.direct?.()?.length ?? 0) >= count + directBytesMin
  }

  /** Lets the kernel send what it can; `false` when that was nothing. */
  #sendDirectly(source: ReplySource): boolean {
    const part = this.#sendFile === undefined ? undefined : source.direct?.()
    if (part === undefined || part.length < directBytesMin) return false
    const { fd = -1 } = this.#socket
    if (fd < 0) return false
    const wanted = Math.min(part.length, directBytesMax)
    const count = this.#sendFile?.(fd, part.fd, part.offset, wanted) ?? 0
    source.skip?.(count)
    this.#handedBytes += count
    return count > 0
  }

  /** Writes what is in the buffer; `false` when the kernel did not take all of it. */
  #write(): boolean {
    const buffer = this.#buffer
    if (buffer === undefined || this.#at === this.#end) return true
    const count = this.#socket.write(buffer, this.#at, this.#end - this.#at)
    if (count > 0) {
      this.#at += count
      this.#handedBytes += count
    }
    if (this.#at < this.#end) {
      if (!this.#closed) this.#hold(buffer)
      return false
    }
    this.#release()
    return true
  }

  /** What is left must not be in the buffer that the next reply uses. */
  #hold(buffer: Uint8Array): void {
    this.#events.waiting()
    if (buffer !== this.#buffers.shared) return
    const keeps = this.#socket.keepsMemory === true
    const isShort = this.#end - this.#at <= probeBytes
    const shared = this.#buffers.shared
    if ((keeps || !isShort) && this.#buffers.lendShared(keeps)) this.#held = shared
    else {
      this.#buffer = Buffer.from(buffer.subarray(this.#at, this.#end))
      this.#end -= this.#at
      this.#at = 0
    }
  }

  #release(): void {
    if (this.#held !== undefined) this.#buffers.giveBack(this.#held)
    this.#held = undefined
    this.#buffer = undefined
  }
}
