import { utf8Encode } from '../algorithms/utf8.ts'
import type { Snode } from '../cluster/snode.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { ExchangeKeys } from './exchange-key.ts'

/** Binds a derived key to its purpose. */
export const pairPurpose = 'ais-redirect-v1'

/** The other one of a pair: a node of the map, or an edge gateway. */
export type PairPeer = Pick<Snode, 'daemonId' | 'exchangeKey'>

/** The keys that this node shares with each of the others. Who is no part of a pair cannot make its tags. */
export interface PairKeys {
  /** What this node tags calls to `target` with; `undefined` when that one has no key. */
  signing(target: PairPeer): Uint8Array | undefined
  /** What `signer` may have tagged calls to this node with, newest first: for a while its former key counts as well. */
  verifying(signer: PairPeer): readonly Uint8Array[]
}

export interface PairKeyParts {
  readonly crypto: Crypto
  readonly own: ExchangeKeys
  readonly ownId: string
  clusterUuid(): string
  /** Ms, never going back. */
  monotonic(): number
  /** How long the former key of a node counts, ms. */
  graceMs(): number
}

interface Pair {
  readonly uuid: string
  readonly publicKey: Uint8Array
  readonly key: Uint8Array
  readonly former?: { readonly key: Uint8Array; readonly untilMs: number } | undefined
}

/** Keys are derived once for each peer, direction and public key: X25519, then HKDF-SHA-256 (RFC 5869). */
export function createPairKeys(parts: PairKeyParts): PairKeys {
  const { crypto, own, ownId } = parts
  const pairs = new Map<string, Pair>()

  function isSame(known: Uint8Array, now: Uint8Array): boolean {
    return known === now || crypto.equal(known, now)
  }

  function derive(publicKey: Uint8Array, uuid: string, signer: string, target: string) {
    const secret = crypto.x25519(own.privateKey, publicKey)
    if (secret === undefined) return undefined
    const extracted = crypto.hmacSha256(new Uint8Array(32), secret)
    const info = utf8Encode([pairPurpose, uuid, signer, target].join('\0'))
    const block = new Uint8Array(info.length + 1)
    block.set(info)
    block[info.length] = 1
    return crypto.hmacSha256(extracted, block)
  }

  function pairOf(peer: PairPeer, signs: boolean): Pair | undefined {
    const { daemonId, exchangeKey: publicKey } = peer
    if (publicKey === undefined) return undefined
    const name = signs ? `>${daemonId}` : `<${daemonId}`
    const uuid = parts.clusterUuid()
    const known = pairs.get(name)
    // A newer map has other objects for the same nodes.
    if (known?.uuid === uuid && isSame(known.publicKey, publicKey)) return known
    const [signer, target] = signs ? [ownId, daemonId] : [daemonId, ownId]
    const key = derive(publicKey, uuid, signer, target)
    if (key === undefined) return undefined
    const untilMs = parts.monotonic() + parts.graceMs()
    const former = known?.uuid === uuid ? { key: known.key, untilMs } : undefined
    const pair = { uuid, publicKey, key, former }
    pairs.set(name, pair)
    return pair
  }

  return {
    signing: (target) => pairOf(target, true)?.key,
    verifying(signer) {
      const pair = pairOf(signer, false)
      if (pair === undefined) return []
      const { key, former } = pair
      return former && parts.monotonic() < former.untilMs ? [key, former.key] : [key]
    },
  }
}
