import type { Crypto } from '../ports/crypto.ts'
import { toHex } from './hex.ts'
import { utf8Encode } from './utf8.ts'

/** Words of the state, and of a block (FIPS 180-4). */
const stateWords = 8
const blockWords = 16
const rounds = 64
const blockBytes = 64

/** The first primes, whose roots the constants are made of. */
function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++)
    if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) | 0
}

const roundConstants = Int32Array.from(primes(rounds), (prime) => fraction(Math.cbrt(prime)))
const start = Int32Array.from(primes(stateWords), (prime) => fraction(Math.sqrt(prime)))

/**
 * SHA-256 in plain JavaScript, for platforms whose own answers with a promise: for texts of some hundred bytes that costs ten times
 * what it takes to compute. The memory that it works in is its own.
 */
export class Sha256 {
  readonly #schedule = new Int32Array(rounds)
  readonly #state = new Int32Array(stateWords)
  readonly #tail = new Uint8Array(2 * blockBytes)

  #compress(bytes: Uint8Array, offset: number): void {
    const w = this.#schedule
    const constants = roundConstants
    const state = this.#state
    for (let t = 0, at = offset; t < blockWords; t++, at += 4) {
      w[t] =
        ((bytes[at] ?? 0) << 24) |
        ((bytes[at + 1] ?? 0) << 16) |
        ((bytes[at + 2] ?? 0) << 8) |
        (bytes[at + 3] ?? 0)
    }
    for (let t = blockWords; t < rounds; t++) {
      const x = w[t - 15] ?? 0
      const y = w[t - 2] ?? 0
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[t] = ((w[t - 16] ?? 0) + s0 + (w[t - 7] ?? 0) + s1) | 0
    }
    let a = state[0] ?? 0
    let b = state[1] ?? 0
    let c = state[2] ?? 0
    let d = state[3] ?? 0
    let e = state[4] ?? 0
    let f = state[5] ?? 0
    let g = state[6] ?? 0
    let h = state[7] ?? 0
    for (let t = 0; t < rounds; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[t] ?? 0) + (w[t] ?? 0)) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    state[0] = (state[0] ?? 0) + a
    state[1] = (state[1] ?? 0) + b
    state[2] = (state[2] ?? 0) + c
    state[3] = (state[3] ?? 0) + d
    state[4] = (state[4] ?? 0) + e
    state[5] = (state[5] ?? 0) + f
    state[6] = (state[6] ?? 0) + g
    state[7] = (state[7] ?? 0) + h
  }

  /** The state after one block, to go on from. */
  after(block: Uint8Array): Int32Array {
    this.#state.set(start)
    this.#compress(block, 0)
    return this.#state.slice()
  }

  /** The digest of `bytes`. */
  digest(bytes: Uint8Array): Uint8Array {
    return this.finish(start, bytes, bytes.length, 0)
  }

  /** The digest of what led to `from`, `before` bytes, followed by the first `length` bytes of `bytes`. */
  finish(from: Int32Array, bytes: Uint8Array, length: number, before = blockBytes): Uint8Array {
    const state = this.#state
    const tail = this.#tail
    state.set(from)
    let at = 0
    for (; at + blockBytes <= length; at += blockBytes) this.#compress(bytes, at)
    const left = length - at
    tail.fill(0)
    tail.set(bytes.subarray(at, length))
    tail[left] = 0x80
    const tailBytes = left + 9 <= blockBytes ? blockBytes : 2 * blockBytes
    const bits = (before + length) * 8
    for (let byte = 1; byte <= 6; byte++)
      tail[tailBytes - byte] = Math.floor(bits / 256 ** (byte - 1))
    this.#compress(tail, 0)
    if (tailBytes > blockBytes) this.#compress(tail, blockBytes)
    const digest = new Uint8Array(stateWords * 4)
    for (let word = 0; word < stateWords; word++) {
      const value = state[word] ?? 0
      digest[word * 4] = value >>> 24
      digest[word * 4 + 1] = value >>> 16
      digest[word * 4 + 2] = value >>> 8
      digest[word * 4 + 3] = value
    }
    return digest
  }
}

const innerPad = 0x36
const outerPad = 0x5c
/** Longer texts get memory of their own, bytes. */
const textBytesMax = 4_096
const bytesPerCharacterMax = 3

function padded(key: Uint8Array, pad: number): Uint8Array {
  return Uint8Array.from({ length: blockBytes }, (_unused, at) => (key[at] ?? 0) ^ pad)
}

const bytesOf = (data: Uint8Array | string) => (typeof data === 'string' ? utf8Encode(data) : data)

/** HMAC-SHA-256 (RFC 2104) of texts under one key of up to 64 bytes; what the key alone decides is worked out once. */
export function createTextHmac(key: Uint8Array): (text: string) => Uint8Array {
  const sha = new Sha256()
  const encoder = new TextEncoder()
  const kept = new Uint8Array(textBytesMax)
  const inner = sha.after(padded(key, innerPad))
  const outer = sha.after(padded(key, outerPad))
  return (text) => {
    const most = text.length * bytesPerCharacterMax
    const bytes = most > textBytesMax ? new Uint8Array(most) : kept
    const { written } = encoder.encodeInto(text, bytes)
    const digest = sha.finish(inner, bytes, written)
    return sha.finish(outer, digest, digest.length)
  }
}

/** SHA-256 and its HMAC, each in one call that does not wait, where the platform's own wait. */
export const plainSha256: Pick<Crypto, 'sha256Hex' | 'hmacSha256'> = {
  sha256Hex: (data) => toHex(new Sha256().digest(bytesOf(data))),
  hmacSha256(key, data) {
    const sha = new Sha256()
    const short = key.length > blockBytes ? sha.digest(key) : key
    const inner = sha.after(padded(short, innerPad))
    const outer = sha.after(padded(short, outerPad))
    const bytes = bytesOf(data)
    const digest = sha.finish(inner, bytes, bytes.length)
    return sha.finish(outer, digest, digest.length)
  },
}
