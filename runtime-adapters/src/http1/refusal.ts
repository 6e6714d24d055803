import type { ConnectionHost } from './connection-host.ts'
import { lengthOf } from './reply-body.ts'
import { type ReplySource, sourceOf } from './reply-source.ts'
import type { TcpSocket } from './tcp-socket.ts'

/** As much as is known of the request that is refused. */
export interface RefusedRequest {
  readonly method: string
  readonly target: string
}

/** Nothing of it could be read. */
export const unread: RefusedRequest = { method: '', target: '' }

/** The last reply of a connection, to what no handler can be asked, ready to be sent. */
export function refusalOf(
  host: ConnectionHost,
  socket: TcpSocket,
  status: number,
  reason: string,
  { method, target }: RefusedRequest,
): { readonly text: string; readonly source: ReplySource | undefined } {
  const { remoteAddress = '', remotePort = 0 } = socket
  const reply = host.refuse({ status, reason, method, target, remoteAddress, remotePort })
  const framing = { lengthBytes: lengthOf(reply.body), chunked: false, date: host.date() }
  const text = host.heads.write(reply, { ...framing, method, connection: 'close' })
  return { text, source: method === 'HEAD' ? undefined : sourceOf(reply) }
}
