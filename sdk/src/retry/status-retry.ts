import type { RetryOptions } from '../options.ts'

const retryableStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504])

const idempotentMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
])

/** Refusals that the same call meets again, whatever the status says. */
const finalCodes: ReadonlySet<string> = new Set(['ErrBadCksum', 'ErrInvalidCksum'])

/** Longest `Retry-After` that is honoured, ms. */
const retryAfterMsMax = 120_000

/** Layer 1: may this answer be asked for again? POST and PATCH never. */
export function isStatusRetryable(method: string, status: number, tcode: string): boolean {
  return retryableStatuses.has(status) && idempotentMethods.has(method) && !finalCodes.has(tcode)
}

/**
 * Pause before retry `retry` (1, 2, ...), ms: the server's `Retry-After` when it gave one, else 0, 2f, 4f, 8f...
 * with `f` the factor, as urllib3 does.
 */
export function statusPauseMs(
  retry: number,
  retryAfter: string | undefined,
  options: RetryOptions,
): number {
  const seconds = Number(retryAfter ?? Number.NaN)
  if (retryAfter !== undefined && seconds >= 0) return Math.min(seconds * 1000, retryAfterMsMax)
  return retry <= 1 ? 0 : options.statusBackoffMs * 2 ** (retry - 1)
}
