/** What a connection needs of a runtime's socket. */
export interface TcpSocket {
  /** Bytes that the kernel took; -1 when the socket is closed. */
  write(bytes: Uint8Array, from: number, length: number): number
  /** Sends FIN; what arrives can still be read. */
  shutdown(): void
  /** Closes once all is sent. */
  end(): void
  /** Closes at once, with RST. */
  terminate(): void
  pause(): void
  resume(): void
  /** Descriptor, where it is known; -1 once closed. */
  readonly fd?: number
  /** It reads what it did not take at once from the same memory later, which must stay as it is until then. */
  readonly keepsMemory?: boolean
  readonly localPort?: number | undefined
  readonly remotePort?: number | undefined
  readonly remoteAddress?: string | undefined
}

/**
 * Bytes of a file put straight into a socket by the kernel; 0 when it took none: the socket is full, the file ended, or
 * this cannot be done here. Write or read the next bytes to learn which.
 */
export type SendFile = (socketFd: number, fileFd: number, offset: number, count: number) => number

/** Whose the memory is that bytes arrive in: every connection's, this connection's until it reads again, or the reader's. */
export type ReadMemory = 'common' | 'own' | 'given'
