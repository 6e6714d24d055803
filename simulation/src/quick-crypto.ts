import { toHex } from '@aistore-ts/core/algorithms/hex.ts'
import { utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import { xxh64 } from '@aistore-ts/core/algorithms/xxhash64.ts'
import type { Crypto } from '@aistore-ts/core/ports/crypto.ts'

const tagBytes = 16

const bytesOf = (data: Uint8Array | string) => (typeof data === 'string' ? utf8Encode(data) : data)

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** 32 bytes that depend on all of `data`. */
function digest(data: Uint8Array): Uint8Array {
  const out = new DataView(new ArrayBuffer(32))
  for (let word = 0; word < 4; word++) out.setBigUint64(8 * word, xxh64(data, BigInt(word)))
  return new Uint8Array(out.buffer)
}

const equal: Crypto['equal'] = (a, b) =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

function xorStream(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array {
  let pad = digest(joined(key, nonce))
  return data.map((byte, at) => {
    if (at > 0 && at % pad.length === 0) pad = digest(pad)
    return byte ^ (pad[at % pad.length] ?? 0)
  })
}

function tagOf(...parts: readonly Uint8Array[]): Uint8Array {
  return digest(joined(...parts.map(digest))).subarray(0, tagBytes)
}

/** What a simulated runtime lends: the shapes and laws of the real thing without its strength, which nobody attacks here. */
export const quickCrypto: Crypto = {
  sha256: (data) => digest(bytesOf(data)),
  sha256Hex: (data) => toHex(digest(bytesOf(data))),
  hmacSha256: (key, data) => digest(joined(digest(key), bytesOf(data))),
  seal: (key, nonce, plain, associated) =>
    joined(xorStream(key, nonce, plain), tagOf(key, nonce, plain, associated)),
  open(key, nonce, sealed, associated) {
    if (sealed.length < tagBytes) return undefined
    const plain = xorStream(key, nonce, sealed.subarray(0, -tagBytes))
    const sound = equal(tagOf(key, nonce, plain, associated), sealed.subarray(-tagBytes))
    return sound ? plain : undefined
  },
  x25519Public: digest,
  x25519(privateKey, publicKey) {
    const own = digest(privateKey)
    return digest(own.map((byte, at) => byte ^ (publicKey[at] ?? 0)))
  },
  ed25519Public: digest,
  ed25519Sign: (privateKey, data) => joined(digest(joined(privateKey, data)), digest(data)),
  equal,
}
