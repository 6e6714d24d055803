const prime1 = 0x9e3779b1
const prime2 = 0x85ebca77
const prime3 = 0xc2b2ae3d
const prime4 = 0x27d4eb2f
const prime5 = 0x165667b1

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by))
const round = (lane: number, word: number) =>
  Math.imul(rotate((lane + Math.imul(word, prime2)) | 0, 13), prime1)

/** XXH32 with seed 0, of the headers and blocks of LZ4 frames. @see the xxHash specification, "XXH32 algorithm" */
export class XxHash32 {
  #a = (prime1 + prime2) | 0
  #b = prime2 | 0
  #c = 0
  #d = -prime1 | 0
  readonly #rest = new Uint8Array(16)
  #restBytes = 0
  #total = 0

  update(bytes: Uint8Array): void {
    this.#total += bytes.length
    let at = 0
    if (this.#restBytes > 0) {
      const taken = Math.min(16 - this.#restBytes, bytes.length)
      this.#rest.set(bytes.subarray(0, taken), this.#restBytes)
      this.#restBytes += taken
      at = taken
      if (this.#restBytes < 16) return
      this.#stripe(this.#rest, 0)
      this.#restBytes = 0
    }
    for (; at + 16 <= bytes.length; at += 16) this.#stripe(bytes, at)
    this.#rest.set(bytes.subarray(at))
    this.#restBytes = bytes.length - at
  }

  #stripe(bytes: Uint8Array, at: number): void {
    this.#a = round(this.#a, word(bytes, at))
    this.#b = round(this.#b, word(bytes, at + 4))
    this.#c = round(this.#c, word(bytes, at + 8))
    this.#d = round(this.#d, word(bytes, at + 12))
  }

  /** Unsigned. */
  digest(): number {
    let hash =
      this.#total >= 16
        ? rotate(this.#a, 1) + rotate(this.#b, 7) + rotate(this.#c, 12) + rotate(this.#d, 18)
        : prime5
    hash = (hash + this.#total) | 0
    let at = 0
    for (; at + 4 <= this.#restBytes; at += 4) {
      hash = Math.imul(rotate((hash + Math.imul(word(this.#rest, at), prime3)) | 0, 17), prime4)
    }
    for (; at < this.#restBytes; at++) {
      hash = Math.imul(rotate((hash + Math.imul(this.#rest[at] ?? 0, prime5)) | 0, 11), prime1)
    }
    hash = Math.imul(hash ^ (hash >>> 15), prime2)
    hash = Math.imul(hash ^ (hash >>> 13), prime3)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}

/** Four bytes, little-endian. */
function word(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | high
}

/** XXH32 of `bytes`, unsigned. */
export function xxHash32(bytes: Uint8Array): number {
  const hash = new XxHash32()
  hash.update(bytes)
  return hash.digest()
}
