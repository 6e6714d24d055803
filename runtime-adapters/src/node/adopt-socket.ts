import { type OnReadOpts, Socket } from 'node:net'
import type { BodyBuffers } from './body-buffers.ts'

/** What one read between bodies takes in, bytes: heads, and small bodies that come with them. */
const commonBytes = 16 * 1024

/** A buffer that all connections of a listener read into: what arrives must be used up, or copied, at once. */
export function createReadBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(commonBytes)
}

/** Gets what arrives. */
export interface SocketReader {
  /** Bytes of memory that is `common`, or the connection's own; `true` keeps the latter. */
  onBytes(bytes: Buffer, memory: 'common' | 'own'): boolean
  /** Is the body of a request under way? Then it is read into memory of the connection's own, which its reader may keep. */
  readonly awaitsBody: boolean
}

/**
 * How a socket reads what lies between bodies into `common`, and bodies into `bodies`. `giveBack` when nothing reads any
 * more.
 */
export function readInto(
  common: Buffer,
  bodies: BodyBuffers,
  reader: SocketReader,
): { readonly onread: OnReadOpts; giveBack(): void } {
  let own: Buffer | undefined
  const giveBack = (): void => {
    if (own !== undefined) bodies.give(own)
    own = undefined
  }
  const onread: OnReadOpts = {
    // Asked for as soon as a read was handled: no other connection reads into `own`, but every one into `common`.
    buffer: () => {
      if (reader.awaitsBody) own ??= bodies.take()
      else giveBack()
      return own ?? common
    },
    callback(count, buffer) {
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, count)
      const isCommon = bytes.buffer === common.buffer
      if (reader.onBytes(bytes, isCommon ? 'common' : 'own')) {
        if (own !== undefined) bodies.forgo(own)
        own = undefined
      }
      return true
    },
  }
  return { onread, giveBack }
}

/**
 * A socket on `accepted`'s connection that reads into `common`, and bodies into `bodies`. A socket that a server made
 * takes 64 KiB of new memory for each read, a request of 100 bytes included, and the collector clears it up: an eighth of
 * all time. Node offers a buffer of our own (`onread`) to sockets that we make, but not to those of a server, so the
 * connection is moved to one that we make. `undefined` where this Node does not let us: then `accepted` goes on as it is.
 */
export function adoptSocket(
  accepted: Socket,
  common: Buffer,
  bodies: BodyBuffers,
  reader: SocketReader,
): Socket | undefined {
  const handle: unknown = Reflect.get(accepted, '_handle')
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle))
    return undefined
  const { onread, giveBack } = readInto(common, bodies, reader)
  Reflect.set(accepted, '_handle', null)
  const socket: Socket = Reflect.construct(Socket, [{ handle, allowHalfOpen: true, onread }])
  // Nothing reads into it any more.
  socket.once('close', giveBack)
  return socket
}
