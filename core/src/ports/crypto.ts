/**
 * The few pieces of cryptography the product needs, each in one call that does not wait: they run many times in one
 * request. Strings are taken as their UTF-8 bytes.
 */
export interface Crypto {
  sha256(data: Uint8Array | string): Uint8Array
  /** 64 lower-case hex digits. */
  sha256Hex(data: Uint8Array | string): string
  hmacSha256(key: Uint8Array, data: Uint8Array | string): Uint8Array
  /**
   * AES-256-GCM: ciphertext, then the tag of 16 bytes.
   * @param key 32 bytes
   * @param nonce 12 bytes, never twice with one key
   * @param associated is bound to the result without being in it
   */
  seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, associated: Uint8Array): Uint8Array
  /** What was sealed; `undefined` when key, nonce or associated data are others, or a byte was changed. */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    sealed: Uint8Array,
    associated: Uint8Array,
  ): Uint8Array | undefined
  /** The public key of an X25519 private key (RFC 7748), 32 bytes each. */
  x25519Public(privateKey: Uint8Array): Uint8Array
  /**
   * What the owners of both keys know and nobody else, 32 bytes (RFC 7748); `undefined` for a public key of low order,
   * with which anybody would know it.
   */
  x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined
  /** The public key of an Ed25519 private key (RFC 8032), 32 bytes each. */
  ed25519Public(privateKey: Uint8Array): Uint8Array
  /** 64 bytes that who has the public key can check, and only the owner of the private one can make (RFC 8032). */
  ed25519Sign(privateKey: Uint8Array, data: Uint8Array): Uint8Array
  /** Whether both hold the same bytes, in a time that depends on the lengths alone. */
  equal(a: Uint8Array, b: Uint8Array): boolean
}
