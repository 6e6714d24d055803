import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body, Call, HeaderBlock, Network } from '@aistore-ts/core/ports/call.ts'
import type { RequestHead } from './request-head.ts'
import type { TcpSocket } from './tcp-socket.ts'

/** A request that arrived on a socket, as core's `Call`. What costs is made when first used. */
export class SocketCall implements Call {
  readonly method: string
  readonly target: string
  readonly headers: HeaderBlock
  readonly body: Body
  readonly network: Network
  readonly #socket: TcpSocket
  #controller: AbortController | undefined
  #gone = false

  constructor(head: RequestHead, body: Body, network: Network, socket: TcpSocket) {
    this.method = head.method
    this.target = head.target
    this.headers = head.headers
    this.body = body
    this.network = network
    this.#socket = socket
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? ''
  }

  get remotePort(): number {
    return this.#socket.remotePort ?? 0
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#gone) this.#controller.abort(clientGone())
    }
    return this.#controller.signal
  }

  /** Tells whoever listens to `signal` that the client went away. */
  markGone(): void {
    this.#gone = true
    this.#controller?.abort(clientGone())
  }
}

function clientGone(): AisError {
  return new AisError('ErrClientGone', 'client left before its reply was sent')
}
