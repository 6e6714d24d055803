import { NetworkError } from '../errors/network-error.ts'
import type { RetryOptions } from '../options.ts'

/**
 * Layer 2: may the whole call be made again, from the gateway?
 * A call that changes something twice when repeated is only repeated when the server cannot have seen it; a
 * connection found closed before the answer began (`ESTALE`) is such a case only for repeatable calls.
 */
export function isNetworkRetryable(error: unknown, repeatable: boolean): error is NetworkError {
  if (!(error instanceof NetworkError) || error.code === 'EINVAL') return false
  return repeatable || error.phase === 'connect'
}

/**
 * Pause before attempt `attempt` (2, 3, ...), ms: random between the least pause and twice as much each time.
 * A stale kept-alive connection costs none the first time.
 */
export function networkPauseMs(
  attempt: number,
  error: NetworkError,
  random: number,
  options: RetryOptions,
): number {
  if (error.code === 'ESTALE' && attempt === 2) return 0
  const { networkPauseMinMs: min, networkPauseMaxMs: max } = options
  const high = Math.min(max, min * 2 ** (attempt - 1))
  return min + random * (high - min)
}
