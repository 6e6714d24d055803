import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type KeyObject,
  sign,
  timingSafeEqual,
} from 'node:crypto'
import type { Crypto } from '@aistore-ts/core/ports/crypto.ts'
import { createHmacSha256 } from './hmac-sha256.ts'

/** Bytes of the tag that AES-GCM appends. */
const tagBytes = 16
const algorithm = 'aes-256-gcm'

/** What precedes the 32 bytes of an X25519 key in its DER forms: PKCS #8, and SubjectPublicKeyInfo (RFC 8410). */
const privateHead = Buffer.from('302e020100300506032b656e04220420', 'hex')
const publicHead = Buffer.from('302a300506032b656e032100', 'hex')
/** The same of an Ed25519 private key. */
const signingHead = Buffer.from('302e020100300506032b657004220420', 'hex')

function privateKeyOf(bytes: Uint8Array, head = privateHead): KeyObject {
  const key = Buffer.concat([head, bytes])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

/** By way of a string: Node takes three times as long to make a buffer for its answer. */
function digestInto(bytes: Uint8Array, into: Buffer): void {
  into.write(hash('sha256', bytes, 'binary'), 'latin1')
}

/** The cryptography of Node, Bun and Deno: the runtime's own, through `node:crypto`. */
export const nodeCrypto: Crypto = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  sha256Hex: (data) => hash('sha256', data, 'hex'),
  hmacSha256: createHmacSha256(digestInto),
  seal(key, nonce, plain, associated) {
    const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
    cipher.setAAD(associated)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  open(key, nonce, sealed, associated) {
    if (sealed.length < tagBytes) return undefined
    const end = sealed.length - tagBytes
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(associated)
    decipher.setAuthTag(sealed.subarray(end))
    const plain = decipher.update(sealed.subarray(0, end))
    try {
      return Buffer.concat([plain, decipher.final()])
    } catch {
      return undefined
    }
  },
  x25519Public(privateKey) {
    const der = createPublicKey(privateKeyOf(privateKey)).export({ format: 'der', type: 'spki' })
    return new Uint8Array(der.subarray(publicHead.length))
  },
  x25519(privateKey, publicKey) {
    const key = Buffer.concat([publicHead, publicKey])
    const theirs = createPublicKey({ key, format: 'der', type: 'spki' })
    try {
      const secret = diffieHellman({ privateKey: privateKeyOf(privateKey), publicKey: theirs })
      return secret.some((byte) => byte !== 0) ? new Uint8Array(secret) : undefined
    } catch {
      return undefined
    }
  },
  ed25519Public(privateKey) {
    const key = createPublicKey(privateKeyOf(privateKey, signingHead))
    return new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(publicHead.length))
  },
  ed25519Sign: (privateKey, data) => sign(null, data, privateKeyOf(privateKey, signingHead)),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
}
