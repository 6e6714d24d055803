import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import type { Crypto } from '@aistore-ts/core/ports/crypto.ts'

/** Bytes that SHA-256 takes in at once. */
const blockBytes = 64
const digestBytes = 32
/** Bytes of the tag that AES-GCM appends. */
const tagBytes = 16
const algorithm = 'aes-256-gcm'

/** What precedes the 32 bytes of an X25519 key in its DER forms: PKCS #8, and SubjectPublicKeyInfo (RFC 8410). */
const privateHead = Buffer.from('302e020100300506032b656e04220420', 'hex')
const publicHead = Buffer.from('302a300506032b656e032100', 'hex')

function privateKeyOf(bytes: Uint8Array): KeyObject {
  const key = Buffer.concat([privateHead, bytes])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

/** Two one-shot digests (RFC 2104): a `createHmac` costs six times as much on Node. */
function hmacSha256(key: Uint8Array, data: Uint8Array | string): Uint8Array {
  const block = key.length > blockBytes ? hash('sha256', key, 'buffer') : key
  const bytes = typeof data === 'string' ? Buffer.byteLength(data) : data.length
  const inner = Buffer.allocUnsafe(blockBytes + bytes)
  const outer = Buffer.allocUnsafe(blockBytes + digestBytes)
  for (let at = 0; at < blockBytes; at++) {
    const byte = block[at] ?? 0
    inner[at] = byte ^ 0x36
    outer[at] = byte ^ 0x5c
  }
  if (typeof data === 'string') inner.write(data, blockBytes)
  else inner.set(data, blockBytes)
  outer.set(hash('sha256', inner, 'buffer'), blockBytes)
  return hash('sha256', outer, 'buffer')
}

/** The cryptography of Node, Bun and Deno: the runtime's own, through `node:crypto`. */
export const nodeCrypto: Crypto = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  sha256Hex: (data) => hash('sha256', data, 'hex'),
  hmacSha256,
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
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
}
