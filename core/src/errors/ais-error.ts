import type { HeaderLine } from '../ports/call.ts'
import { type ErrorCode, errorCodes } from './error-codes.ts'

/** Facts of an error; the message is written from them once, where the error leaves the node. */
export interface AisErrorOptions {
  readonly cause?: unknown
  /** Overrides the status of the code's row. */
  readonly status?: number
  /** Header lines the answer must carry: `Content-Range` of a 416. */
  readonly headers?: readonly HeaderLine[]
}

/**
 * What the world may do to us, as opposed to a broken promise of ours.
 * `message` is what the client reads: it names the field or thing at fault and holds no secret.
 */
export class AisError extends Error {
  override readonly name = 'AisError'
  readonly code: ErrorCode
  readonly status: number
  readonly headers: readonly HeaderLine[]

  constructor(code: ErrorCode, message: string, options: AisErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status ?? errorCodes[code].status
    this.headers = options.headers ?? []
  }
}

export function isAisError(error: unknown, code?: ErrorCode): error is AisError {
  return error instanceof AisError && (code === undefined || error.code === code)
}
