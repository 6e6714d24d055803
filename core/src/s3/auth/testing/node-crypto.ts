import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import type { Crypto } from '../../../ports/crypto.ts'

/** The cryptography of tests: independent of the product's adapters, which core must not know. */
export const testCrypto: Crypto = {
  sha256: (data) => createHash('sha256').update(data).digest(),
  sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  seal(key, nonce, plain, associated) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  open(key, nonce, sealed, associated) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(associated)
    decipher.setAuthTag(sealed.subarray(-16))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    } catch {
      return undefined
    }
  },
  // Signatures of S3 need no agreement on keys.
  x25519Public: () => new Uint8Array(32),
  x25519: () => undefined,
  ed25519Public: () => new Uint8Array(32),
  ed25519Sign: () => new Uint8Array(64),
  equal: (a, b) => Buffer.from(a).equals(b),
}
