/// <reference types="bun-types" />
import type { Crypto } from '@aistore-ts/core/ports/crypto.ts'
import { nodeCrypto } from '../node/crypto.ts'
import { createHmacSha256 } from '../node/hmac-sha256.ts'

/** As everywhere, with Bun's own SHA-256, which writes where it is told to. */
export const bunCrypto: Crypto = {
  ...nodeCrypto,
  hmacSha256: createHmacSha256((bytes, into) => void Bun.SHA256.hash(bytes, into)),
}
