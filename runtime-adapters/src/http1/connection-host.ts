import type { Handler, Network, Reply } from '@aistore-ts/core/ports/call.ts'
import type { RefusedCall } from '@aistore-ts/core/ports/platform.ts'
import type { RateGuard } from '../node/rate-guard.ts'
import type { Connection } from './connection.ts'
import type { OutflowParts } from './outflow.ts'
import type { ReplyHeads } from './reply-head.ts'
import type { SocketCall } from './socket-call.ts'

/** What a connection has from its listener. */
export interface ConnectionHost extends OutflowParts {
  readonly handler: Handler
  readonly network: Network
  readonly headerBytesMax: number
  readonly guard: RateGuard
  /** The listener is about to close: every reply closes its connection. */
  readonly closing: boolean
  readonly heads: ReplyHeads
  date(): string
  /** The reply to what no handler can be asked. */
  refuse(refused: RefusedCall): Reply
  onError(error: unknown, call: SocketCall | undefined): void
  /** The connection is gone. */
  forget(connection: Connection): void
}
