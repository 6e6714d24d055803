import type { Reply } from '@aistore-ts/core/ports/call.ts'
import type { WatchedSocket } from '../node/rate-guard.ts'
import type { ConnectionHost } from './connection-host.ts'
import type { Phase } from './connection-phase.ts'
import { afterHead, findHead } from './head-bytes.ts'
import { HeadReader } from './head-reader.ts'
import { drainBytesMax, isShortRest, leavesLongBody } from './leftover-body.ts'
import { sendStream } from './message-stream.ts'
import { Outflow } from './outflow.ts'
import { PieceGate } from './piece-gate.ts'
import { type RefusedRequest, refusalOf, unread } from './refusal.ts'
import { isBare, releaseBody, statedLength } from './reply-body.ts'
import { type ReplySource, sourceOf } from './reply-source.ts'
import type { RequestHead } from './request-head.ts'
import { type BodyFlow, noBody, SocketBody } from './socket-body.ts'
import { SocketCall } from './socket-call.ts'
import type { ReadMemory, TcpSocket } from './tcp-socket.ts'

/** How long a connection stays open after its last reply while the client may still be sending, ms. @see Go net/http */
const lingerMs = 500

/** Replies with more bytes than this are not put off to the end of their turn. */
const shortBytesMax = 65_536

/** Bytes of later requests that are kept while one is being answered. */
const aheadBytesMax = 65_536

/** One client's connection: reads requests one after the other, and answers each before it reads the next. */
export class Connection implements WatchedSocket, BodyFlow {
  readonly #socket: TcpSocket
  readonly #host: ConnectionHost
  readonly #out: Outflow
  /** How often the listener has looked since something began or finished here. */
  #idleSweeps = 0
  #phase: Phase = 'head'
  #rest: Buffer | undefined
  #advancing = false
  /** Where what is being read now lies. */
  #memory: ReadMemory = 'given'
  /** The body's reader goes on using that memory. */
  #memoryTaken = false
  #paused = false
  #lingeredBytes = 0

  readonly #heads = new HeadReader()
  #head: RequestHead | undefined
  #call: SocketCall | undefined
  #body: SocketBody | undefined
  #continueOwed = false
  #reply: Reply | undefined
  #replySent = false
  #handedBefore = 0
  #closes = false
  #heldBack: NodeJS.Timeout | undefined
  readonly #pieces = new PieceGate()
  #unwatch: (() => void) | undefined

  constructor(socket: TcpSocket, host: ConnectionHost) {
    this.#socket = socket
    this.#host = host
    this.#out = new Outflow(socket, host, {
      waiting: () => this.#watchReply(),
      sent: () => this.#onSent(),
      failed: (error) => this.#fail(error),
    })
  }

  /** Between two requests, with nothing of the next one here? */
  get idle(): boolean {
    return this.#phase === 'head' && this.#rest === undefined
  }

  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  /** Closes with RST. */
  resetAndDestroy(): void {
    this.#socket.terminate()
  }

  /** Closes a connection that has nothing under way. */
  close(): void {
    this.#phase = 'closed'
    this.#socket.end()
  }

  /** Closes what has waited too long for its client: between requests, or in the middle of one. */
  sweep(betweenMax: number, withinMax: number): void {
    if (this.#phase !== 'head' && !(this.#phase === 'call' && this.#replySent)) return
    this.#idleSweeps++
    if (this.idle) {
      if (this.#idleSweeps > betweenMax) this.close()
      return
    }
    if (this.#idleSweeps <= withinMax) return
    // What was answered already is not answered twice: the rest of its body is late.
    if (this.#phase === 'call') this.#socket.terminate()
    else this.#refuse(408, 'the request did not arrive in time')
  }

  /** The body of a request is under way. */
  get awaitsBody(): boolean {
    return this.#body !== undefined && !this.#body.complete
  }

  /** Bytes arrived. `true`: the body's reader still uses memory that is the connection's `own`. */
  onData(chunk: Buffer, memory: ReadMemory): boolean {
    this.#memoryTaken = false
    if (this.idle) this.#idleSweeps = 0
    this.#memory = memory
    this.#rest = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    this.#advance()
    this.#memory = 'given'
    if (memory !== 'given' && this.#rest !== undefined) this.#rest = Buffer.from(this.#rest)
    return this.#memoryTaken
  }

  onDrain(): void {
    this.#out.drained()
  }

  /** The client has sent all it will, and most often left. If it did not, it still gets its reply. */
  onEnd(): void {
    if (this.#phase !== 'call' || this.#replySent) {
      this.#socket.end()
      this.onClose()
      return
    }
    this.#closes = true
    if (this.#heldBack !== undefined) this.#sendHeldBack()
    if (this.#reply !== undefined) return
    this.#call?.markGone()
    this.#body?.fail()
  }

  onClose(): void {
    if (this.#call !== undefined && !this.#replySent) this.#call.markGone()
    this.#phase = 'closed'
    clearTimeout(this.#heldBack)
    this.#rest = undefined
    this.#body?.fail()
    this.#out.close()
    this.#pieces.fail(new Error('the connection closed'))
    this.#settle(false)
    this.#host.forget(this)
  }

  // What the request's body asks for.

  begin(): void {
    if (!this.#continueOwed || this.#reply !== undefined || this.#phase !== 'call') return
    this.#continueOwed = false
    const all = this.#out.send('HTTP/1.1 100 Continue\r\n\r\n', undefined)
    // Only a client that reads nothing leaves no room for 25 bytes.
    if (!all) this.#socket.terminate()
  }

  hold(on: boolean): void {
    if (this.#paused === on || this.#phase === 'closed') return
    this.#paused = on
    if (on) this.#socket.pause()
    else this.#socket.resume()
  }

  takeMemory(): void {
    this.#memoryTaken = true
  }

  watch(waiting: () => boolean, movedBytes: () => number): () => void {
    return this.#host.guard.watch({ socket: this, direction: 'in', waiting, movedBytes })
  }

  /** Takes as many steps as what has arrived allows. */
  #advance(): void {
    if (this.#advancing) return
    this.#advancing = true
    while (this.#rest !== undefined && this.#step(this.#rest)) {}
    this.#advancing = false
    const aheadBytes = this.#rest?.byteLength ?? 0
    if (aheadBytes > aheadBytesMax && this.#phase === 'call') this.hold(true)
  }

  /** One step with what has arrived; `false` when it takes more, or the reply must go out first. */
  #step(rest: Buffer): boolean {
    switch (this.#phase) {
      case 'head':
        return this.#readHead(rest)
      case 'call':
        return this.#readBody(rest)
      case 'lingering':
        this.#rest = undefined
        this.#lingeredBytes += rest.byteLength
        if (this.#lingeredBytes > drainBytesMax) this.hold(true)
        return false
      case 'closed':
        this.#rest = undefined
        return false
    }
  }

  #readHead(rest: Buffer): boolean {
    const { from, end, sizeBytes } = findHead(rest)
    if (sizeBytes > this.#host.headerBytesMax) {
      this.#refuse(431, `header block over ${this.#host.headerBytesMax} bytes`)
      return false
    }
    if (end < 0) {
      if (from > 0) this.#rest = from < rest.byteLength ? rest.subarray(from) : undefined
      return false
    }
    const head = this.#heads.read(rest.toString('latin1', from, end + 2))
    this.#rest = afterHead(rest, end)
    if ('reason' in head) {
      this.#refuse(head.status, head.reason, head)
      return false
    }
    this.#begin(head)
    return true
  }

  #readBody(rest: Buffer): boolean {
    const body = this.#body
    if (body === undefined || body.complete) return false
    if (body.failed) {
      this.#rest = undefined
      return false
    }
    try {
      const count = body.feed(
        this.#memory === 'common' ? Buffer.from(rest) : rest,
        this.#memory === 'own',
      )
      this.#rest = count === rest.byteLength ? undefined : rest.subarray(count)
    } catch (error) {
      this.#rest = undefined
      this.#closes = true
      body.fail(error)
      if (this.#heldBack !== undefined) this.#sendHeldBack()
      return false
    }
    if (body.complete && this.#replySent) this.#nextCall()
    else if (this.#heldBack !== undefined && !isShortRest(body, false)) this.#sendHeldBack()
    return true
  }

  #begin(head: RequestHead): void {
    const { handler, network } = this.#host
    const body = head.lengthBytes === 0 ? undefined : new SocketBody(head.lengthBytes, this)
    const call = new SocketCall(head, body ?? noBody, network, this.#socket)
    this.#idleSweeps = 0
    this.#phase = 'call'
    this.#head = head
    this.#body = body
    this.#call = call
    this.#continueOwed = head.expectsContinue
    this.#replySent = false
    // botocore takes the status of a reply without one for that of the connection's next reply as well.
    if (body === undefined) this.begin()
    try {
      const reply = handler(call)
      if (reply instanceof Promise) {
        reply.then((settled) => this.#send(call, settled)).catch((error) => this.#fail(error, call))
      } else this.#send(call, reply)
    } catch (error) {
      this.#fail(error, call)
    }
  }

  #send(call: SocketCall, reply: Reply): void {
    if (this.#call !== call || this.#phase !== 'call') {
      releaseBody(reply.body)
      reply.onEnd?.(false)
      return
    }
    this.#reply = reply
    this.#handedBefore = this.#out.handedBytes
    this.#body?.drop()
    // What has arrived with the head need not be waited for: most often that is all of it.
    if (this.#rest !== undefined) this.#readBody(this.#rest)
    if (!isShortRest(this.#body, this.#continueOwed)) {
      this.#sendNow(call, reply)
      return
    }
    this.#heldBack = setTimeout(() => this.#sendHeldBack(), lingerMs)
    this.#heldBack.unref()
  }

  /** The reply that waited for the rest of a body that nobody reads. */
  #sendHeldBack(): void {
    clearTimeout(this.#heldBack)
    this.#heldBack = undefined
    if (this.#call !== undefined && this.#reply !== undefined)
      this.#sendNow(this.#call, this.#reply)
  }

  #sendNow(call: SocketCall, reply: Reply): void {
    const keeps = this.#head?.keepsAlive === true && !this.#host.closing && reply.close !== true
    this.#closes ||= !keeps || leavesLongBody(this.#body, this.#continueOwed)
    const { body, status } = reply
    const bare = isBare(call.method, status)
    if (!bare && body?.kind === 'stream') {
      this.#sendStream(reply, body.chunks, body.lengthBytes)
      return
    }
    const lengthBytes = statedLength(call.method, reply)
    const head = this.#replyHead(reply, lengthBytes, false)
    const source = bare ? undefined : sourceOf(reply)
    // A client that sends its requests ahead does not wait for a word of ours.
    const soon = this.#rest === undefined && (lengthBytes ?? 0) <= shortBytesMax
    if (soon ? this.#out.sendSoon(head, source) : this.#out.send(head, source)) this.#onSent()
  }

  #sendStream(
    reply: Reply,
    chunks: AsyncIterable<Uint8Array>,
    lengthBytes: number | undefined,
  ): void {
    const old = this.#head?.old === true
    if (old && lengthBytes === undefined) this.#closes = true
    const chunked = lengthBytes === undefined && !old
    const head = this.#replyHead(reply, lengthBytes, chunked)
    const sending = sendStream(chunks, lengthBytes, chunked, head, (text, piece) => {
      return this.#sendPiece(text, piece)
    })
    sending.then(
      () => this.#onSent(),
      (error: unknown) => this.#fail(error),
    )
  }

  /** One part of a streamed reply; resolves when the kernel has it. */
  #sendPiece(text: string, source: ReplySource | undefined): void | Promise<void> {
    if (this.#phase === 'closed') throw new Error('the connection closed')
    if (this.#out.send(text, source)) return
    return this.#pieces.wait()
  }

  #replyHead(reply: Reply, lengthBytes: number | undefined, chunked: boolean): string {
    const { method, old } = this.#head ?? { method: '', old: false }
    const kept = old ? 'keep-alive' : undefined
    return this.#host.heads.write(reply, {
      method,
      lengthBytes,
      chunked,
      connection: this.#closes ? 'close' : kept,
      date: this.#host.date(),
    })
  }

  #onSent(): void {
    if (this.#pieces.pass()) return
    this.#replySent = true
    this.#settle(true)
    if (this.#closes) this.#linger()
    else if (this.#body === undefined || this.#body.complete) this.#nextCall()
  }

  #nextCall(): void {
    this.#phase = 'head'
    this.#call = undefined
    this.#body = undefined
    this.#reply = undefined
    this.#idleSweeps = 0
    this.hold(false)
    this.#advance()
  }

  /** Something went wrong after the request was read: 500 if nothing of a reply was sent, else the end. */
  #fail(error: unknown, call = this.#call): void {
    if (this.#phase === 'closed' || this.#call !== call) return
    this.#host.onError(error, call)
    this.#settle(false)
    if (this.#out.waiting || this.#out.handedBytes > this.#handedBefore) this.#socket.terminate()
    else this.#refuse(500, 'internal error', call)
  }

  /** Answers in place of the handler, and closes. */
  #refuse(status: number, reason: string, of: RefusedRequest = unread): void {
    this.#closes = true
    this.#replySent = true
    this.#phase = 'call'
    const { text, source } = refusalOf(this.#host, this.#socket, status, reason, of)
    if (this.#out.send(text, source)) this.#linger()
  }

  /** Says that nothing more comes, and waits a moment: closing at once could cost the client the reply. */
  #linger(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'lingering'
    this.#rest = undefined
    this.hold(false)
    this.#socket.shutdown()
    setTimeout(() => {
      if (this.#phase !== 'closed') this.#socket.end()
    }, lingerMs).unref()
  }

  #watchReply(): void {
    this.#unwatch ??= this.#host.guard.watch({
      socket: this,
      direction: 'out',
      waiting: () => this.#out.waiting,
      movedBytes: () => this.#out.handedBytes,
    })
  }

  /** The reply is over, one way or the other: its files are closed and its sender is told, once. */
  #settle(complete: boolean): void {
    this.#unwatch?.()
    this.#unwatch = undefined
    const reply = this.#reply
    if (reply === undefined) return
    this.#reply = undefined
    releaseBody(reply.body)
    reply.onEnd?.(complete)
  }
}
