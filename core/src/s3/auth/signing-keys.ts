import type { Crypto } from '../../ports/crypto.ts'
import type { SignatureScope } from './signature-fields.ts'

/** An access key as the verifier needs it. Immutable: another object is another key. */
export interface SigningIdentity {
  readonly id: string
}

/** Scopes kept of one access key: a week of presigned URLs in some regions. */
const scopesMax = 64

/** The keys that signatures are made with, derived once per access key, day and region. */
export interface SigningKeys<K extends SigningIdentity> {
  /** `undefined` when the secret cannot be had. */
  find(key: K, scope: SignatureScope): Uint8Array | undefined
  /** Keeps what a right signature was verified with, so that wrong ones cannot fill the memory. */
  keep(key: K, scope: SignatureScope, signingKey: Uint8Array): void
}

/** HMAC chain of SigV4 from the secret to the key of one scope. */
export function deriveSigningKey(
  crypto: Crypto,
  secret: string,
  scope: SignatureScope,
): Uint8Array {
  const dateKey = crypto.hmacSha256(new TextEncoder().encode(`AWS4${secret}`), scope.date)
  const regionKey = crypto.hmacSha256(dateKey, scope.region)
  return crypto.hmacSha256(crypto.hmacSha256(regionKey, 's3'), 'aws4_request')
}

/** @param secretOf opens the sealed secret; asked only for scopes that are not kept */
export function createSigningKeys<K extends SigningIdentity>(
  crypto: Crypto,
  secretOf: (key: K) => string | undefined,
): SigningKeys<K> {
  // What is kept goes with the key's object: a key that was changed or deleted leaves nothing behind.
  const kept = new WeakMap<K, Map<string, Uint8Array>>()
  return {
    find(key, scope) {
      const known = kept.get(key)?.get(scope.text)
      if (known !== undefined) return known
      const secret = secretOf(key)
      return secret === undefined ? undefined : deriveSigningKey(crypto, secret, scope)
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
