import { type OnReadOpts, Socket } from 'node:net'

/** What one read takes in, bytes. */
const readBytes = 65_536

/** What all connections of a listener read into: what arrives must be used up, copied, or taken, at once. */
export class ReadBuffer {
  #memory = Buffer.allocUnsafeSlow(readBytes)

  get memory(): Buffer {
    return this.#memory
  }

  /** Somebody goes on using what was read last: the next one gets other memory. */
  renew(): void {
    this.#memory = Buffer.allocUnsafeSlow(readBytes)
  }
}

/** Gets what arrives. */
export interface SocketReader {
  /** `shared`: the bytes are valid until the call returns, unless it gives `true`: then they are taken. */
  onBytes(bytes: Buffer, shared: boolean): boolean
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
  common: ReadBuffer,
  reader: SocketReader,
): Socket | undefined {
  const handle: unknown = Reflect.get(accepted, '_handle')
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle))
    return undefined
  const onread: OnReadOpts = {
    buffer: () => (reader.keeps ? Buffer.allocUnsafeSlow(readBytes) : common.memory),
    callback(count, buffer) {
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, count)
      const shared = bytes.buffer === common.memory.buffer
      // What is kept must not hold much more memory than it counts for.
      const sparse = !shared && count < readBytes / 2
      const taken = reader.onBytes(sparse ? Buffer.from(bytes) : bytes, shared)
      if (taken && shared) common.renew()
      return true
    },
  }
  Reflect.set(accepted, '_handle', null)
  return Reflect.construct(Socket, [{ handle, allowHalfOpen: true, onread }])
}
