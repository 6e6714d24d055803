import type { Crypto } from '../../ports/crypto.ts'
import type { SignatureScope } from './signature-fields.ts'

/** An access key as the verifier needs it. Immutable: another object is another key. */
export interface SigningIdentity {
  readonly id: string
}

type Macs = Pick<Crypto, 'hmacSha256'>

/** Scopes kept of one access key: a week of presigned URLs in some regions. */
const scopesMax = 64

/** The keys that signatures are made with, derived once per access key, day and region. */
export interface SigningKeys<K extends SigningIdentity> {
  /** `undefined` when the secret cannot be had. */
  find(key: K, scope: SignatureScope): Uint8Array | undefined
  /** Keeps what a right signature was verified with, so that wrong ones cannot fill the memory. */
  keep(key: K, scope: SignatureScope, signingKey: Uint8Array): void
}

/** First step of SigV4's chain: what a secret is good for on one day (`yyyymmdd`), and no other. */
export function deriveDateKey(crypto: Macs, secret: string, date: string): Uint8Array {
  return crypto.hmacSha256(new TextEncoder().encode(`AWS4${secret}`), date)
}

/** The rest of SigV4's chain, to the key of one scope. */
function signingKeyOf(crypto: Macs, dateKey: Uint8Array, { region }: SignatureScope): Uint8Array {
  const regionKey = crypto.hmacSha256(dateKey, region)
  return crypto.hmacSha256(crypto.hmacSha256(regionKey, 's3'), 'aws4_request')
}

/** HMAC chain of SigV4 from the secret to the key of one scope. */
export function deriveSigningKey(crypto: Macs, secret: string, scope: SignatureScope): Uint8Array {
  return signingKeyOf(crypto, deriveDateKey(crypto, secret, scope.date), scope)
}

/** @param dateKeyOf what a key is good for on one day; asked only for scopes that are not kept */
export function createSigningKeys<K extends SigningIdentity>(
  crypto: Macs,
  dateKeyOf: (key: K, date: string) => Uint8Array | undefined,
): SigningKeys<K> {
  // What is kept goes with the key's object: a key that was changed or deleted leaves nothing behind.
  const kept = new WeakMap<K, Map<string, Uint8Array>>()
  return {
    find(key, scope) {
      const known = kept.get(key)?.get(scope.text)
      if (known !== undefined) return known
      const dateKey = dateKeyOf(key, scope.date)
      return dateKey && signingKeyOf(crypto, dateKey, scope)
    },
    keep(key, scope, signingKey) {
      const scopes = kept.get(key) ?? new Map<string, Uint8Array>()
      kept.set(key, scopes)
      if (scopes.has(scope.text)) return
      if (scopes.size >= scopesMax) {
        const [oldest] = scopes.keys()
        if (oldest !== undefined) scopes.delete(oldest)
      }
      scopes.set(scope.text, signingKey)
    },
  }
}
