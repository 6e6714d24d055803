import type { IncomingMessage, ServerResponse } from 'node:http'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body, Call, HeaderBlock, Network } from '@aistore-ts/core/ports/call.ts'
import { MessageBody } from './message-body.ts'
import type { RateGuard } from './rate-guard.ts'
import { RawHeaderBlock } from './raw-header-block.ts'

/** What is left of a request's body when its reply is due. */
export type BodyRest =
  /** All of it has arrived, or there was none. */
  | 'none'
  /** Short by its own declaration: the runtime reads it to the end and keeps the connection. */
  | 'short'
  /** Long, endless, or never sent because nobody said `100 Continue`: drain a little, then close. */
  | 'long'

/** Most of an unread body that is taken in so that the connection can live on. @see Go net/http */
export const drainBytesMax = 262_144

/** A request of `node:http` as core's `Call`. What costs (headers, body, signal) is made when first used. */
export class IncomingCall implements Call {
  readonly method: string
  readonly target: string
  readonly headers: HeaderBlock
  readonly network: Network
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #guard: RateGuard
  #continueOwed: boolean
  #body: MessageBody | undefined
  #controller: AbortController | undefined
  #gone = false

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    network: Network,
    guard: RateGuard,
    continueOwed: boolean,
  ) {
    this.method = request.method ?? ''
    this.target = request.url ?? ''
    this.headers = new RawHeaderBlock(request.rawHeaders)
    this.network = network
    this.#request = request
    this.#response = response
    this.#guard = guard
    this.#continueOwed = continueOwed
  }

  get body(): Body {
    return this.#openBody()
  }

  get remoteAddress(): string {
    return this.#request.socket.remoteAddress ?? ''
  }

  get remotePort(): number {
    return this.#request.socket.remotePort ?? 0
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#gone) this.#controller.abort(clientGone('left'))
    }
    return this.#controller.signal
  }

  /** Does the client still wait for `100 Continue` before it sends its body? */
  get continueOwed(): boolean {
    return this.#continueOwed
  }

  /** Tells whoever listens to `signal` that the client went away. */
  markGone(): void {
    this.#gone = true
    this.#controller?.abort(clientGone('left before its reply was sent'))
  }

  /** What is left of the body now. */
  bodyRest(): BodyRest {
    const request = this.#request
    const lengthBytes = this.#openBody().lengthBytes
    if (lengthBytes === 0 || request.complete) return 'none'
    if (this.#continueOwed || lengthBytes === undefined) return 'long'
    return lengthBytes <= drainBytesMax ? 'short' : 'long'
  }

  #openBody(): MessageBody {
    this.#body ??= new MessageBody(this.#request, {
      lengthBytes: declaredBytes(this.#request),
      guard: this.#guard,
      gone: clientGone,
      onFirstRead: () => {
        if (!this.#continueOwed) return
        this.#continueOwed = false
        if (!this.#response.headersSent) this.#response.writeContinue()
      },
    })
    return this.#body
  }
}

/** Length of a request's body: 0 when it has none, `undefined` when it is chunked. */
function declaredBytes(request: IncomingMessage): number | undefined {
  const { headers } = request
  if (headers['transfer-encoding'] !== undefined) return undefined
  const declared = headers['content-length']
  return declared === undefined ? 0 : Number(declared)
}

function clientGone(reason: string, cause?: unknown): AisError {
  return new AisError('ErrClientGone', `client ${reason}`, { cause })
}
