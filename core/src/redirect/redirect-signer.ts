import type { ClusterTime } from '../cluster/cluster-time.ts'
import type { Metadata } from '../cluster/metadata.ts'
import type { Snode } from '../cluster/snode.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'
import { redirectMarker } from '../wire/redirect.ts'
import { createNonces } from './nonces.ts'
import type { PairKeys } from './pair-keys.ts'
import {
  prepareRedirect,
  type RedirectedCall,
  redirectedUrl,
  taggedLocation,
  withoutTag,
} from './tagged-location.ts'

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
export function createRedirectSigner(parts: RedirectSignerParts): RedirectSigner {
  const { crypto, time, metadata, pairKeys } = parts
  const nonceFor = createNonces(parts.random)

  return {
    location(redirected, to, bid) {
      const signerId = parts.self().daemonId
      const nowNs = BigInt(Math.round(time.now())) * nsPerMs
      const targetUrl = to.publicNet.url
      const key = pairKeys.signing(to)
      if (key === undefined || !parts.tags()) {
        const { target } = redirected
        const sent = redirectMarker(signerId, nowNs, bid)
        return redirectedUrl(targetUrl, target.path, withoutTag(target).rawQuery, sent)
      }
      const targetId = to.daemonId
      const smapVersion = BigInt(metadata.smap().version)
      const nonce = nonceFor(targetId)
      const facts = { signerId, targetId, targetUrl, nowNs, bid, smapVersion, nonce }
      const prepared = prepareRedirect(redirected, facts)
      return taggedLocation(prepared, crypto.hmacSha256(key, prepared.text))
    },
  }
}
