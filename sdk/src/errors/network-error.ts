/** How far a call had come when the network failed it. */
export type NetworkPhase = 'connect' | 'send' | 'receive'

/** No complete HTTP answer came: refused, reset, timed out, cut short. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  /** `connect`: the server cannot have seen the call. */
  readonly phase: NetworkPhase
  /** The system's code (`ECONNREFUSED`, `ETIMEDOUT`) or an empty string. */
  readonly code: string
  readonly url: string

  constructor(phase: NetworkPhase, url: string, message: string, code: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.phase = phase
    this.url = url
    this.code = code
  }
}

/** The system's error code inside `error` or its causes; empty when there is none. */
export function systemCode(error: unknown): string {
  let current: unknown = error
  for (let depth = 0; depth < 4 && typeof current === 'object' && current !== null; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code
    current = 'cause' in current ? current.cause : undefined
  }
  return ''
}
