import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body } from '@aistore-ts/core/ports/call.ts'
import { iterateBody } from '../node/iterate-body.ts'
import { ChunkedDecoder } from './chunked-decoder.ts'
import { LentMemory } from './lent-memory.ts'

/** Bytes kept for a reader that is busy or has not begun; with more the client is made to wait. */
const keptBytesMax = 65_536

/** What a body asks of the connection it arrives on. */
export interface BodyFlow {
  /** The reader begins: `100 Continue`, if it is owed. */
  begin(): void
  /** `true`: nothing more may arrive for now. */
  hold(on: boolean): void
  /** The reader goes on using the lent memory that it was just fed. */
  takeMemory(): void
  /** The reader has used up memory that it went on using. */
  giveMemory?(memory: ArrayBufferLike): void
  /** The reader waits for the client until the returned function is called. */
  watch(waiting: () => boolean, movedBytes: () => number): () => void
}

interface Reader {
  readonly sink: (chunk: Uint8Array) => void | Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  readonly unwatch: () => void
}

/** A body for requests that have none. */
export const noBody: Body = {
  lengthBytes: 0,
  consume: () => Promise.resolve(),
  async *[Symbol.asyncIterator]() {},
}

/** How a body ends that states no length: by its last chunk, or (an answer's only) with the connection. */
export type BodyEnd = 'chunks' | 'close'

/** The body of a message: fed by its connection, read once, held back while its reader is busy. */
export class SocketBody implements Body {
  readonly lengthBytes: number | undefined
  readonly #flow: BodyFlow
  readonly #decoder: ChunkedDecoder | undefined
  #leftBytes: number
  #arrivedBytes = 0
  #kept: Uint8Array[] = []
  #keptBytes = 0
  #reader: Reader | undefined
  #used = false
  #busy = false
  #dropped = false
  /** Where the reader keeps no chunk. */
  #lent: LentMemory | undefined
  #failure: unknown

  constructor(lengthBytes: number | undefined, flow: BodyFlow, end: BodyEnd = 'chunks') {
    this.lengthBytes = lengthBytes
    this.#leftBytes = lengthBytes ?? Number.POSITIVE_INFINITY
    this.#flow = flow
    if (lengthBytes === undefined && end === 'chunks') this.#decoder = new ChunkedDecoder()
  }

  /** All of it has arrived, or it never will. */
  get complete(): boolean {
    return this.#decoder === undefined ? this.#leftBytes === 0 : this.#decoder.done
  }

  /** Somebody reads, and would use up at once what came now. */
  get ready(): boolean {
    return this.#reader !== undefined && !this.#busy && this.#kept.length === 0
  }

  /**
   * Takes what belongs to the body from `bytes`; gives how many bytes that was. Of `lent` bytes nothing is used later,
   * unless the flow is told so by `takeMemory`.
   * @throws AisError `ErrBadRequest` when the client breaks the coding
   */
  feed(bytes: Buffer, lent: boolean): number {
    if (this.#decoder !== undefined) {
      const count = this.#decoder.decode(bytes, (data) => this.#take(data, lent))
      if (this.#decoder.done) this.#finish()
      return count
    }
    const count = Math.min(this.#leftBytes, bytes.byteLength)
    this.#leftBytes -= count
    this.#take(count === bytes.byteLength ? bytes : bytes.subarray(0, count), lent)
    if (this.#leftBytes === 0) this.#finish()
    return count
  }

  /** The connection ended, and with it a body that ends so. */
  close(): void {
    if (this.lengthBytes !== undefined || this.#decoder !== undefined) return
    this.#leftBytes = 0
    this.#finish()
  }

  /** Nobody will read it any more: what arrives is dropped. A reader that is at work goes on. */
  drop(): void {
    if (this.#reader !== undefined) return
    this.#dropped = true
    this.#kept = []
    this.#keptBytes = 0
    this.#flow.hold(false)
  }

  get arrivedBytes(): number {
    return this.#arrivedBytes
  }

  /** Nobody reads it, nor will. */
  get isDropped(): boolean {
    return this.#dropped
  }

  /** It will never be complete. */
  get failed(): boolean {
    return this.#failure !== undefined
  }

  /** The client went away, or sent what is no body: then `cause` is what the reader gets. */
  fail(cause?: unknown): void {
    if (this.complete || this.#failure !== undefined) return
    const of = this.lengthBytes === undefined ? 'a chunked body' : `${this.lengthBytes} bytes`
    const reason = `client left after ${this.#arrivedBytes} bytes of ${of}`
    this.#failure = cause ?? new AisError('ErrClientGone', reason, { status: 400 })
    this.#end(this.#failure)
  }

  consume(sink: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    if (this.#used) return Promise.reject(new Error('a body can be read once'))
    this.#used = true
    if (this.lengthBytes === 0) return Promise.resolve()
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    this.#flow.begin()
    return new Promise((resolve, reject) => {
      const unwatch = this.complete
        ? () => {}
        : this.#flow.watch(
            () => !this.#busy && !this.complete,
            () => this.#arrivedBytes,
          )
      this.#reader = { sink, resolve, reject, unwatch }
      this.#deliver()
    })
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    return iterateBody(this)
  }

  lent(): AsyncGenerator<Uint8Array, void, void> {
    this.#lent = new LentMemory(this.#flow)
    return iterateBody(this)
  }

  #take(chunk: Uint8Array, lent: boolean): void {
    if (chunk.byteLength === 0) return
    this.#arrivedBytes += chunk.byteLength
    if (this.#dropped) return
    const direct = this.ready
    const isCopied = lent && !direct && this.#lent === undefined
    this.#kept.push(isCopied ? new Uint8Array(chunk) : chunk)
    this.#keptBytes += chunk.byteLength
    if (lent) this.#lent?.add(chunk)
    if (this.#reader !== undefined) this.#deliver()
    else if (this.#keptBytes > keptBytesMax) this.#flow.hold(true)
    if (!lent || isCopied || (!this.#busy && this.#kept.length === 0)) return
    this.#lent?.keep(chunk)
    this.#flow.takeMemory()
  }

  #finish(): void {
    if (this.#reader !== undefined) this.#deliver()
  }

  /** Gives the reader what is there, one chunk at a time. */
  #deliver(): void {
    const reader = this.#reader
    if (reader === undefined || this.#busy) {
      if (this.#keptBytes > keptBytesMax) this.#flow.hold(true)
      return
    }
    for (let chunk = this.#kept.shift(); chunk !== undefined; chunk = this.#kept.shift()) {
      this.#keptBytes -= chunk.byteLength
      let taken: void | Promise<void>
      try {
        taken = reader.sink(chunk)
      } catch (error) {
        this.#end(error)
        return
      }
      const used = chunk
      if (taken !== undefined) {
        this.#busy = true
        taken.then(
          () => {
            this.#busy = false
            this.#lent?.remove(used)
            this.#deliver()
          },
          (error: unknown) => {
            this.#busy = false
            this.#end(error)
          },
        )
        return
      }
      this.#lent?.remove(used)
    }
    if (this.complete) this.#end(undefined)
    else this.#flow.hold(false)
  }

  /** The reader is done; what still arrives is nobody's. */
  #end(error: unknown): void {
    const reader = this.#reader
    this.#reader = undefined
    if (reader === undefined) return
    reader.unwatch()
    if (error === undefined) reader.resolve()
    else {
      this.drop()
      reader.reject(error)
    }
  }
}
