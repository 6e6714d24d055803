import { type OnReadOpts, Socket } from 'node:net'

/** What one read takes in, bytes. */
const readBytes = 65_536

/** A buffer that all connections of a listener read into: what arrives must be used up, or copied, at once. */
export function createReadBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(readBytes)
}

/** Gets what arrives. */
export interface SocketReader {
  /** Bytes of memory that is `common`, or the connection's own; `true` keeps the latter. */
  onBytes(bytes: Buffer, memory: 'common' | 'own'): boolean
  /** Is the body of a request under way? Then it is read into memory of the connection's own, which its reader may keep. */
  readonly awaitsBody: boolean
}

/**
 * A socket on `accepted`'s connection that reads into `common`. A socket that a server made takes 64 KiB of new memory
 * for each read, a request of 100 bytes included, and the collector clears it up: an eighth of all time. Node offers a
 * buffer of our own (`onread`) to sockets that we make, but not to those of a server, so the connection is moved to
 * one that we make. `undefined` where this Node does not let us: then `accepted` goes on as it is.
 */
export function adoptSocket(
  accepted: Socket,
  common: Buffer,
  reader: SocketReader,
): Socket | undefined {
  const handle: unknown = Reflect.get(accepted, '_handle')
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle))
    return undefined
  let own: Buffer | undefined
  const onread: OnReadOpts = {
    // Asked for as soon as a read was handled: no other connection reads into `own`, but every one into `common`.
    buffer: () => {
      if (reader.awaitsBody) own ??= createReadBuffer()
      else own = undefined
      return own ?? common
    },
    callback(count, buffer) {
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, count)
      const isCommon = bytes.buffer === common.buffer
      if (reader.onBytes(bytes, isCommon ? 'common' : 'own')) own = undefined
      return true
    },
  }
  Reflect.set(accepted, '_handle', null)
  return Reflect.construct(Socket, [{ handle, allowHalfOpen: true, onread }])
}
