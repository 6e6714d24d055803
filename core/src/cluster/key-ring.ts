import { fromBase64, toBase64 } from '../algorithms/base64.ts'
import { utf8Decode, utf8Encode } from '../algorithms/utf8.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'
import { createSigningKeys, deriveDateKey, type SigningKeys } from '../s3/auth/signing-keys.ts'
import { type AccessKey, usableKey } from './credentials.ts'
import type { Metadata } from './metadata.ts'

/** Bytes of a key-encryption key: AES-256. */
export const sealingKeyBytes = 32
const nonceBytes = 12
/** Days that are remembered of one access key. */
const daysMax = 16

/** The secrets of access keys: sealed in the document, open only in here, and only while they are worked with. */
export interface KeyRing {
  /** This node has a key-encryption key. */
  readonly canSeal: boolean
  /** The access key while it may be used: known, not disabled, not expired. */
  find(keyId: string): AccessKey | undefined
  /** What signatures are made with, derived from the secrets. */
  readonly signingKeys: SigningKeys<AccessKey>
  /** What a secret is good for on one day (`yyyymmdd`); `undefined` when it cannot be opened. @throws AisError `ErrNotReady` */
  dateKey(key: AccessKey, date: string): Uint8Array | undefined
  /** Works with a secret, which `use` must not keep; `undefined` when it cannot be opened. @throws AisError `ErrNotReady` */
  withSecret<T>(key: AccessKey, use: (secret: string) => T): T | undefined
  /** A key for another purpose, the same at every node of the cluster that can seal; `undefined` where none can be. */
  derived(purpose: string): Uint8Array | undefined
  /** @throws AisError `ErrNotReady` this node has no key-encryption key */
  seal(keyId: string, secret: string): AccessKey['sealed']
}

export interface KeyRingParts {
  readonly crypto: Crypto
  readonly random: Random
  readonly metadata: Pick<Metadata, 'smap' | 'credentials'>
  readonly nowMs: () => number
  /** 32 bytes that are no metadata: from a file or the environment. Without it nothing can be sealed or verified here. */
  readonly sealingKey: Uint8Array | undefined
}

export function createKeyRing(parts: KeyRingParts): KeyRing {
  const { crypto, random, metadata, nowMs, sealingKey } = parts
  const by = sealingKey && crypto.sha256Hex(sealingKey).slice(0, 16)
  const dateKeys = new WeakMap<AccessKey, Map<string, Uint8Array>>()
  const associated = (keyId: string) => utf8Encode(`${metadata.smap().uuid}|${keyId}`)

  function secretOf({ id, sealed }: AccessKey): string | undefined {
    if (sealingKey === undefined || sealed.by !== by) {
      throw new AisError(
        'ErrNotReady',
        `this node lacks the key-encryption key "${sealed.by}" that access key "${id}" is sealed with`,
      )
    }
    const box = fromBase64(sealed.box)
    if (box === undefined) return undefined
    const nonce = box.subarray(0, nonceBytes)
    const plain = crypto.open(sealingKey, nonce, box.subarray(nonceBytes), associated(id))
    return plain && utf8Decode(plain)
  }

  function dateKeyOf(key: AccessKey, date: string): Uint8Array | undefined {
    const secret = secretOf(key)
    return secret === undefined ? undefined : deriveDateKey(crypto, secret, date)
  }

  return {
    canSeal: sealingKey !== undefined,
    find: (keyId) => usableKey(metadata.credentials(), keyId, nowMs()),
    signingKeys: createSigningKeys(crypto, dateKeyOf),
    dateKey(key, date) {
      // Goes with the key's object, as what it is made of does.
      const kept = dateKeys.get(key)
      const days = kept === undefined || kept.size >= daysMax ? new Map<string, Uint8Array>() : kept
      const known = days.get(date) ?? dateKeyOf(key, date)
      if (known !== undefined) dateKeys.set(key, days.set(date, known))
      return known
    },
    withSecret(key, use) {
      const secret = secretOf(key)
      return secret === undefined ? undefined : use(secret)
    },
    derived: (purpose) =>
      sealingKey && crypto.hmacSha256(sealingKey, `${purpose}|${metadata.smap().uuid}`),
    seal(keyId, secret) {
      if (sealingKey === undefined || by === undefined) {
        throw new AisError(
          'ErrNotReady',
          'this node has no key-encryption key: set AIS_CREDENTIALS_KEY, or put credentials.key into its configuration folder',
        )
      }
      const nonce = random.bytes(nonceBytes)
      const sealed = crypto.seal(sealingKey, nonce, utf8Encode(secret), associated(keyId))
      const box = new Uint8Array(nonceBytes + sealed.length)
      box.set(nonce)
      box.set(sealed, nonceBytes)
      return { by, box: toBase64(box) }
    },
  }
}
