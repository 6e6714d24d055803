import type { Answer, Body, NodeCall } from '@aistore-ts/core/ports/call.ts'
import { afterHead, findHead } from '../head-bytes.ts'
import { type SendPiece, sendStream } from '../message-stream.ts'
import { MemorySource } from '../reply-source.ts'
import { type BodyFlow, noBody, SocketBody } from '../socket-body.ts'
import type { ReadMemory } from '../tcp-socket.ts'
import { type AnswerHead, parseAnswerHead } from './answer-head.ts'
import { bodyBytes } from './body-bytes.ts'
import { isStream } from './call-head.ts'
import { CallWatch, type WatchedCall } from './call-watch.ts'
import { StaleConnection, unreachable } from './unreachable.ts'

/** Longest head of an answer, bytes. */
const headBytesMax = 1_048_576

/** What an exchange needs of its connection. */
export interface ExchangeWire {
  readonly origin: string
  /** It had a call before this one: the other side may have closed it meanwhile. */
  readonly used: boolean
  /** The kernel has not taken all yet. */
  readonly waiting: boolean
  readonly send: SendPiece
  hold(on: boolean): void
  recycle(memory: ArrayBufferLike): void
  /** The exchange is over; `true`: nothing of it is under way any more. */
  release(clean: boolean): void
  /** Closes at once. */
  drop(): void
}

/** One call and its answer on one connection. */
export class Exchange implements BodyFlow, WatchedCall {
  /** @throws AisError `ErrUnreachable`; `StaleConnection` when the connection turns out dead before it was used */
  readonly answer: Promise<Answer>
  readonly #call: NodeCall
  readonly #wire: ExchangeWire
  readonly #watch: CallWatch
  readonly #onAbort = (): void => this.fail(this.#call.signal?.reason)
  #resolve: (answer: Answer) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #started = false
  #sent = false
  #over = false
  #rest: Buffer | undefined
  #head: AnswerHead | undefined
  #body: SocketBody | undefined
  #extra = false
  #heard = false
  #memoryTaken = false
  #paused = false
  #reads: () => boolean = () => false

  constructor(call: NodeCall, wire: ExchangeWire, timeoutMs: number) {
    this.#call = call
    this.#wire = wire
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#watch = new CallWatch(this, timeoutMs)
    call.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** A body is under way. */
  get awaitsBody(): boolean {
    return this.#body !== undefined && !this.#body.complete
  }

  get waits(): boolean {
    if (!this.#started || this.#wire.waiting) return true
    return this.#head === undefined ? this.#sent : this.#reads()
  }

  /** The connection is open: sends `head` and the body. */
  start(head: string): void {
    this.#started = true
    this.#watch.moved()
    const sending = this.#send(head)
    if (sending === undefined) this.#onSent()
    else
      sending.then(
        () => this.#onSent(),
        (error: unknown) => {
          // The other side has answered, and need not hear the rest.
          if (this.#head === undefined) this.fail(error)
        },
      )
  }

  /** Bytes arrived. `true`: their memory, which is the connection's `own`, is still used. */
  onData(bytes: Buffer, memory: ReadMemory): boolean {
    this.#memoryTaken = false
    this.#heard = true
    this.#watch.moved()
    let rest: Buffer | undefined =
      this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes])
    this.#rest = undefined
    while (this.#head === undefined && rest !== undefined && !this.#over) {
      const { end, sizeBytes } = findHead(rest)
      if (sizeBytes > headBytesMax) {
        this.fail(new Error(`the head of its answer is over ${headBytesMax} bytes`))
        return false
      }
      if (end < 0) {
        this.#rest = memory === 'given' ? rest : Buffer.from(rest)
        return false
      }
      this.#readHead(rest.toString('latin1', findHead(rest).from, end + 2))
      rest = afterHead(rest, end)
    }
    if (rest !== undefined && !this.#over) this.#feed(rest, memory)
    this.#finishWhenComplete()
    return this.#memoryTaken
  }

  /** The other side sends no more. */
  onEnd(): void {
    this.#body?.close()
    this.#extra = true
    if (this.#body?.complete === true) this.#finishWhenComplete()
    else this.#wire.drop()
  }

  /** The connection is gone. */
  onClose(cause: unknown): void {
    if (this.#over) return
    const reason = cause ?? new Error('the connection closed')
    if (this.#head === undefined && this.#wire.used && !this.#heard) {
      this.#settle()
      this.#reject(new StaleConnection('stale connection', { cause: reason }))
    } else this.fail(reason)
  }

  /** It cannot go on. */
  fail(cause: unknown): void {
    if (this.#over) return
    this.#settle()
    const error = unreachable(this.#wire.origin, cause)
    this.#reject(error)
    this.#body?.fail(error)
    this.#wire.drop()
  }

  onSilence(timeoutMs: number): void {
    this.fail(new Error(`silent for ${timeoutMs} ms`))
  }

  // What the answer's body asks for.

  begin(): void {
    this.#watch.moved()
  }

  hold(on: boolean): void {
    if (this.#over) return
    if (!on) this.#watch.moved()
    if (this.#paused === on) return
    this.#paused = on
    this.#wire.hold(on)
  }

  takeMemory(): void {
    this.#memoryTaken = true
  }

  giveMemory(memory: ArrayBufferLike): void {
    this.#wire.recycle(memory)
  }

  watch(waiting: () => boolean): () => void {
    this.#reads = waiting
    return () => {
      this.#reads = () => false
    }
  }

  #send(head: string): void | Promise<void> {
    const { body, lengthBytes } = this.#call
    if (body === undefined) return this.#wire.send(head, undefined)
    if (isStream(body)) {
      const piece: SendPiece = (text, source) => {
        if (this.#head !== undefined || this.#over) throw new Error('it answered before the end')
        this.#watch.moved()
        return this.#wire.send(text, source)
      }
      return sendStream(body, lengthBytes, lengthBytes === undefined, head, piece)
    }
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body
    return this.#wire.send(head, new MemorySource([bytes]))
  }

  #onSent(): void {
    this.#sent = true
    this.#watch.moved()
  }

  #readHead(text: string): void {
    const head = parseAnswerHead(text, this.#call.method)
    if (typeof head === 'string') {
      this.fail(new Error(`malformed answer: ${head}`))
      return
    }
    if (head.status === 101) {
      this.fail(new Error('it switches protocols'))
      return
    }
    if (head.status < 200) return
    this.#head = head
    if (head.lengthBytes !== 0) this.#body = new SocketBody(head.lengthBytes, this, head.endsBy)
    this.#resolve(this.#answerOf(head, this.#body ?? noBody))
  }

  #answerOf({ status, headers }: AnswerHead, body: Body): Answer {
    const discard = (): void => {
      if (!this.#over) this.fail(new Error('nobody reads its answer'))
    }
    return {
      status,
      headers,
      body,
      bytes: async (limitBytes) => {
        try {
          return await bodyBytes(body, this.#wire.origin, limitBytes)
        } catch (error) {
          discard()
          throw error
        }
      },
      discard,
    }
  }

  #feed(rest: Buffer, memory: ReadMemory): void {
    const body = this.#body
    if (body === undefined) {
      this.#extra = true
      return
    }
    try {
      const count = body.feed(memory === 'common' ? Buffer.from(rest) : rest, memory === 'own')
      if (count < rest.byteLength) this.#extra = true
    } catch (error) {
      this.fail(error)
    }
  }

  #finishWhenComplete(): void {
    if (this.#over || this.#head === undefined || this.awaitsBody) return
    const clean = this.#head.keepsAlive && this.#sent && !this.#extra
    if (this.#paused) this.#wire.hold(false)
    this.#settle()
    this.#wire.release(clean)
  }

  #settle(): void {
    this.#over = true
    this.#watch.stop()
    this.#call.signal?.removeEventListener('abort', this.#onAbort)
  }
}
