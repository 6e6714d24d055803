import { createHash } from 'node:crypto'
import type { Crypto } from '../../ports/crypto.ts'
import { testCrypto } from '../../s3/auth/testing/node-crypto.ts'

const digest = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest())

/** The cryptography of tests with an agreement on keys that is none, but has its law: both sides get the same. */
export const agreeingCrypto: Crypto = {
  ...testCrypto,
  x25519Public: digest,
  x25519(privateKey, publicKey) {
    const own = digest(privateKey)
    return digest(own.map((byte, at) => byte ^ (publicKey[at] ?? 0)))
  },
}
