import { type OnReadOpts, Socket } from 'node:net'

/** What one read takes in, bytes. */
const readBytes = 65_536

/** A buffer that all connections of a listener read into: what arrives must be used up, or copied, at once. */
export function createReadBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(readBytes)
}

/** Gets what arrives. */
export interface SocketReader {
  /** `shared`: the bytes are valid until the call returns. */
  onBytes(bytes: Buffer, shared: boolean): void
  /** Will what arrives next be kept? Then it gets memory of its own. */
  readonly keeps: boolean
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
  const onread: OnReadOpts = {
    buffer: () => (reader.keeps ? Buffer.allocUnsafeSlow(readBytes) : common),
    callback(count, buffer) {
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, count)
      const shared = bytes.buffer === common.buffer
      // What is kept must not hold much more memory than it counts for.
      const sparse = !shared && count < readBytes / 2
      reader.onBytes(sparse ? Buffer.from(bytes) : bytes, shared)
      return true
    },
  }
  Reflect.set(accepted, '_handle', null)
  return Reflect.construct(Socket, [{ handle, allowHalfOpen: true, onread }])
}
