import { utf8Encode } from '../algorithms/utf8.ts'
import type { Crypto } from '../ports/crypto.ts'

/** What somebody keeps to himself until it is opened with a private key: an ephemeral public key, and a ciphertext. */
export interface HpkeBox {
  readonly enc: Uint8Array
  readonly sealed: Uint8Array
}

/** What both sides of a box work out. */
export interface HpkeKeys {
  /** Of AES-256-GCM. */
  readonly key: Uint8Array
  readonly nonce: Uint8Array
}

type Hmac = Crypto['hmacSha256']

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180, 7). */
const kemSuite = Uint8Array.of(0x4b, 0x45, 0x4d, 0x00, 0x20)
const hpkeSuite = Uint8Array.of(0x48, 0x50, 0x4b, 0x45, 0x00, 0x20, 0x00, 0x01, 0x00, 0x02)
const version = utf8Encode('HPKE-v1')
const nothing = new Uint8Array(0)
const baseMode = 0
const hashBytes = 32
const nonceBytes = 12

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** `LabeledExtract` and `LabeledExpand` of one suite (RFC 9180, 4). */
function labeled(hmac: Hmac, suite: Uint8Array) {
  return {
    extract: (salt: Uint8Array, label: string, input: Uint8Array) =>
      hmac(salt, joined(version, suite, utf8Encode(label), input)),
    /** @param length of the result; no more than one block of the hash */
    expand(prk: Uint8Array, label: string, info: Uint8Array, length: number) {
      const what = joined(Uint8Array.of(0, length), version, suite, utf8Encode(label), info)
      return hmac(prk, joined(what, Uint8Array.of(1))).subarray(0, length)
    },
  }
}

/**
 * The keys of a box in base mode, for its first message.
 * @param shared X25519 of the ephemeral key and the recipient's
 */
export function hpkeKeys(
  hmac: Hmac,
  shared: Uint8Array,
  enc: Uint8Array,
  recipient: Uint8Array,
  info: Uint8Array,
): HpkeKeys {
  const kem = labeled(hmac, kemSuite)
  const prk = kem.extract(nothing, 'eae_prk', shared)
  const secret = kem.expand(prk, 'shared_secret', joined(enc, recipient), hashBytes)
  const { extract, expand } = labeled(hmac, hpkeSuite)
  const context = joined(
    Uint8Array.of(baseMode),
    extract(nothing, 'psk_id_hash', nothing),
    extract(nothing, 'info_hash', info),
  )
  const root = extract(secret, 'secret', nothing)
  return {
    key: expand(root, 'key', context, hashBytes),
    nonce: expand(root, 'base_nonce', context, nonceBytes),
  }
}

/**
 * Seals `plain` for the owner of `recipient`, an X25519 public key (RFC 9180, base mode, one message).
 * @param ephemeral 32 bytes of chance, for this one time
 * @returns `undefined` when the recipient's key is of low order: anybody could open it
 */
export function hpkeSeal(
  crypto: Pick<Crypto, 'hmacSha256' | 'seal' | 'x25519' | 'x25519Public'>,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
  info: Uint8Array,
  plain: Uint8Array,
): HpkeBox | undefined {
  const shared = crypto.x25519(ephemeral, recipient)
  if (shared === undefined) return undefined
  const enc = crypto.x25519Public(ephemeral)
  const { key, nonce } = hpkeKeys(crypto.hmacSha256, shared, enc, recipient, info)
  return { enc, sealed: crypto.seal(key, nonce, plain, nothing) }
}
