import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { ServeOptions } from '@aistore-ts/core/ports/platform.ts'

/** The error of a socket that could not listen. */
export function listenError(cause: unknown, { host, port }: ServeOptions): AisError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  if (code === 'EADDRINUSE') {
    return new AisError('ErrPortInUse', `port ${port} of ${host} is in use`, { cause })
  }
  return new AisError('ErrInternal', `cannot listen on ${host}:${port}: ${code}`, { cause })
}
