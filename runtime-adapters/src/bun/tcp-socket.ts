/** What a listener uses of a socket of `Bun.listen`; `pause` and `resume` are missing from Bun's own types. */
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
  /** Descriptor; -1 once closed. */
  readonly fd: number
  readonly localPort?: number
  readonly remotePort?: number
  readonly remoteAddress?: string
}
