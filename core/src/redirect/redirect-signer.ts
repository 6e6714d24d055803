import { draw, toBase36 } from '../algorithms/short-id.ts'
import type { ClusterTime } from '../cluster/cluster-time.ts'
import type { Metadata } from '../cluster/metadata.ts'
import type { Snode } from '../cluster/snode.ts'
import type { Call } from '../ports/call.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'
import { Query } from '../wire/query.ts'
import { queryParam } from '../wire/query-params.ts'
import { redirectMarker } from '../wire/redirect.ts'
import { encodePath, encodeQueryValue, type ParsedTarget } from '../wire/target.ts'
import type { PairKeys } from './pair-keys.ts'
import { coveredText, tagText } from './redirect-tag.ts'

/** A call about an object, native or of S3, as every node on its way reads it. */
export interface RedirectedCall {
  readonly call: Pick<Call, 'headers' | 'body'>
  readonly method: string
  readonly target: Pick<ParsedTarget, 'path' | 'query' | 'rawQuery'>
}

/** Sends clients to targets with calls that this node vouches for. */
export interface RedirectSigner {
  /**
   * URL of the same call at `to`.
   * @param bid of the bucket as this node knows it
   */
  location(redirected: RedirectedCall, to: Snode, bid: bigint): string
}

export interface RedirectSignerParts {
  readonly crypto: Crypto
  readonly time: ClusterTime
  readonly random: Random
  readonly metadata: Pick<Metadata, 'smap'>
  readonly pairKeys: PairKeys
  self(): Snode
  /** Whether redirects bear tags. */
  tags(): boolean
}

const nsPerMs = 1_000_000n
const startAlphabet = '0123456789abcdefghijklmnopqrstuvwxyz'
/** Characters that tell one start of a node from another. */
const startLength = 6

/** What a redirect adds; a client's own parameters of these names would stand before them. */
const added = new Set<string>([
  queryParam.redirectedBy,
  queryParam.redirectTime,
  queryParam.bucketId,
  queryParam.smapVersion,
  queryParam.nonce,
  queryParam.signature,
])

/** The query as the client sent it, without what a redirect added. */
export function withoutTag({
  query,
  rawQuery,
}: Pick<ParsedTarget, 'query' | 'rawQuery'>): Pick<ParsedTarget, 'query' | 'rawQuery'> {
  if (!query.all().some(([name]) => added.has(name))) return { query, rawQuery }
  const params = query.all().filter(([name]) => !added.has(name))
  const pairs = params.map(
    ([name, value]) => `${encodeQueryValue(name)}=${encodeQueryValue(value)}`,
  )
  return { query: new Query(params), rawQuery: pairs.join('&') }
}

export function createRedirectSigner(parts: RedirectSignerParts): RedirectSigner {
  const { crypto, time, metadata, pairKeys } = parts
  const start = draw(parts.random, startAlphabet, startLength)
  const counts = new Map<string, number>()

  /** Never the same for one target. */
  function nonceFor(targetId: string): string {
    const count = counts.get(targetId) ?? 0
    counts.set(targetId, count + 1)
    return `${start}.${count.toString(36)}`
  }

  return {
    location({ call, method, target }, to, bid) {
      const { query, rawQuery } = withoutTag(target)
      const signerId = parts.self().daemonId
      const nowNs = BigInt(Math.round(time.now())) * nsPerMs
      let sent = redirectMarker(signerId, nowNs, bid)
      const key = pairKeys.signing(to)
      if (key !== undefined && parts.tags()) {
        const version = BigInt(metadata.smap().version)
        const nonce = nonceFor(to.daemonId)
        const tagged = new Query([
          ...query.all(),
          [queryParam.redirectedBy, signerId],
          [queryParam.redirectTime, toBase36(nowNs)],
          [queryParam.bucketId, toBase36(bid)],
          [queryParam.smapVersion, toBase36(version)],
          [queryParam.nonce, nonce],
        ])
        const text = coveredText({
          signerId,
          targetId: to.daemonId,
          method,
          path: target.path,
          query: tagged,
          headers: call.headers,
          lengthBytes: call.body.lengthBytes,
        })
        const tag = tagText(crypto.hmacSha256(key, text))
        const { smapVersion, nonce: nonceName, signature } = queryParam
        sent += `&${smapVersion}=${toBase36(version)}&${nonceName}=${nonce}&${signature}=${tag}`
      }
      const whole = rawQuery === '' ? sent : `${rawQuery}&${sent}`
      return `${to.publicNet.url}${encodePath(target.path)}?${whole}`
    },
  }
}
