import { AisError } from '@aistore-ts/core/errors/ais-error.ts'

/** The one error of a call that got no whole answer. */
export function unreachable(origin: string, cause: unknown): AisError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AisError('ErrUnreachable', `${origin} cannot be reached: ${reason}`, { cause })
}

/** A kept-alive connection that the other side had already closed: it saw nothing of the request. */
export class StaleConnection extends Error {}
