import { fromHex } from '../../algorithms/hex.ts'
import type { Crypto } from '../../ports/crypto.ts'
import type { Hasher } from '../../ports/platform.ts'
import { S3Error } from '../s3-error.ts'
import type { ChunkSigning } from './payload-rule.ts'

/** What chunk signatures are checked with. */
export interface ChunkCrypto {
  readonly crypto: Pick<Crypto, 'hmacSha256' | 'sha256Hex' | 'equal'>
  readonly createSha256: () => Hasher
}

/** The chain of signatures of one body: each is built on the one before it, the first on that of the request. */
export class ChunkSignatures {
  readonly #signing: ChunkSigning
  readonly #parts: ChunkCrypto
  readonly #emptyHash: string
  #previous: string
  #stated = ''
  #hasher: Hasher

  constructor(signing: ChunkSigning, parts: ChunkCrypto) {
    this.#signing = signing
    this.#parts = parts
    this.#previous = signing.seed
    this.#hasher = parts.createSha256()
    this.#emptyHash = parts.crypto.sha256Hex('')
  }

  /** A chunk begins, signed so. */
  begin(signature: string): void {
    this.#stated = signature
    this.#hasher = this.#parts.createSha256()
  }

  update(bytes: Uint8Array): void {
    this.#hasher.update(bytes)
  }

  /** The chunk is whole. @throws S3Error `SignatureDoesNotMatch` */
  end(): void {
    this.#check('PAYLOAD', `${this.#emptyHash}\n${this.#hasher.digestHex()}`, this.#stated)
  }

  /** @param lines `name:value\n` of every trailing header @throws S3Error `SignatureDoesNotMatch` */
  checkTrailer(lines: string, signature: string): void {
    this.#check('TRAILER', this.#parts.crypto.sha256Hex(lines), signature)
  }

  #check(what: 'PAYLOAD' | 'TRAILER', content: string, signature: string): void {
    const { signingKey, amzDate, scope } = this.#signing
    const { crypto } = this.#parts
    const text = `AWS4-HMAC-SHA256-${what}\n${amzDate}\n${scope}\n${this.#previous}\n${content}`
    const given = /^[0-9a-f]{64}$/.test(signature) ? fromHex(signature) : undefined
    if (given === undefined || !crypto.equal(given, crypto.hmacSha256(signingKey, text))) {
      throw new S3Error('SignatureDoesNotMatch', {
        message: `The signature of a ${what === 'PAYLOAD' ? 'chunk' : 'trailer'} does not match.`,
      })
    }
    this.#previous = signature
  }
}
