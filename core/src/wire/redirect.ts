import { fromBase36, toBase36 } from '../algorithms/short-id.ts'
import type { Query } from './query.ts'
import { queryParam } from './query-params.ts'
import { encodeQueryValue } from './target.ts'

/**
 * What a gateway adds to the query of a redirect: who redirected, and when; and, ours alone, the ID of the bucket it
 * saw. No proof yet: a signature under the key of the pair replaces it once nodes have keys.
 * @see AIStore ais/proxy.go redirectURL
 */
export function redirectMarker(daemonId: string, nowNs: bigint, bid: bigint): string {
  const { redirectedBy, redirectTime } = queryParam
  const sent = `${redirectedBy}=${encodeQueryValue(daemonId)}&${redirectTime}=${toBase36(nowNs)}`
  return `${sent}&${bucketMarker(bid)}`
}

/** The part of the marker that a relayed call carries as well. */
export function bucketMarker(bid: bigint): string {
  return `${queryParam.bucketId}=${toBase36(bid)}`
}

/** `true` when a gateway sent the client here. */
export function isRedirected(query: Query): boolean {
  const sent = query.get(queryParam.redirectTime)
  if (sent === undefined || (query.get(queryParam.redirectedBy) ?? '') === '') return false
  // Twelve digits always fit in 64 bits: no number need be made of them on every call.
  return /^[0-9a-zA-Z]{1,12}$/.test(sent) || fromBase36(sent) !== undefined
}
