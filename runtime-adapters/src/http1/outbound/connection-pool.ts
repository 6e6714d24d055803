import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import type { OutflowParts } from '../outflow.ts'
import { ReplyBuffers } from '../reply-buffers.ts'
import { ReplyTurn } from '../reply-turn.ts'
import { callHead, isStream } from './call-head.ts'
import type { Dial } from './dial.ts'
import { type ConnectionHome, OutboundConnection } from './outbound-connection.ts'
import { StaleConnection, unreachable } from './unreachable.ts'

/** Idle connections kept for each origin. */
export const idleConnectionsMax = 64

/** Calls over plain TCP, on connections that are used again. */
export class ConnectionPool implements ConnectionHome {
  readonly #dial: Dial
  readonly #parts: OutflowParts = {
    buffers: new ReplyBuffers(),
    turn: new ReplyTurn(),
    sendFile: undefined,
  }
  readonly #all = new Set<OutboundConnection>()
  readonly #idle = new Map<string, OutboundConnection[]>()

  constructor(dial: Dial) {
    this.#dial = dial
  }

  /**
   * Sends `call` to `url`'s host. When a kept connection turns out dead before any answer, a call whose body is no
   * stream is sent once more, on a new one.
   * @throws AisError `ErrUnreachable`, with the reason as `cause`; `ErrBadRequest` on what could split the head
   */
  async call(url: URL, call: NodeCall, timeoutMs: number): Promise<Answer> {
    const { origin } = url
    const head = callHead(url.host, call)
    try {
      const connection = this.#idle.get(origin)?.pop() ?? this.#open(url)
      return await connection.exchange(head, call, timeoutMs)
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      if (isStream(call.body)) throw unreachable(origin, error.cause)
    }
    return this.#open(url).exchange(head, call, timeoutMs)
  }

  close(): void {
    for (const connection of this.#all) connection.close()
  }

  free(connection: OutboundConnection): void {
    const idle = this.#idle.get(connection.origin)
    if (idle === undefined) this.#idle.set(connection.origin, [connection])
    else if (idle.length < idleConnectionsMax) idle.push(connection)
    else connection.close()
  }

  forget(connection: OutboundConnection): void {
    this.#all.delete(connection)
    const idle = this.#idle.get(connection.origin)
    const at = idle?.indexOf(connection) ?? -1
    if (at >= 0) idle?.splice(at, 1)
    if (idle?.length === 0) this.#idle.delete(connection.origin)
  }

  #open(url: URL): OutboundConnection {
    const connection = new OutboundConnection(url.origin, this.#parts, this)
    this.#all.add(connection)
    // URL keeps the brackets of an IPv6 address, the resolver wants none.
    const host = url.hostname.replace(/^\[|\]$/g, '')
    this.#dial(host, url.port === '' ? 80 : Number(url.port), connection)
    return connection
  }
}
