import { damaged } from './member.ts'

/** The last bytes of a block are always literals. @see LZ4 block format, "End of block conditions" */
const lastLiterals = 5
/** No match begins within this many bytes of the end. */
const matchLimit = 12
const minMatch = 4
const distanceMax = 65_535
const hashBits = 14

/**
 * Unpacks one LZ4 block behind `start` in `into`; what lies before `start` is the history that matches may point to.
 * @returns where it ended
 * @throws AisError `ErrBadRequest` malformed, or more than `into` can take
 */
export function unpackLz4Block(block: Uint8Array, into: Uint8Array, start: number): number {
  let at = 0
  let to = start
  const end = block.length
  const cut = () => damaged('an LZ4 block is malformed')
  const more = (length: number): number => {
    let sum = length
    for (;;) {
      if (at >= end) throw cut()
      const byte = block[at++] ?? 0
      sum += byte
      if (byte !== 255) return sum
    }
  }
  while (at < end) {
    const token = block[at++] ?? 0
    let literals = token >>> 4
    if (literals === 15) literals = more(15)
    if (at + literals > end || to + literals > into.length) throw cut()
    if (literals < 16) for (let i = 0; i < literals; i++) into[to + i] = block[at + i] ?? 0
    else into.set(block.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at === end) return to
    if (at + 2 > end) throw cut()
    const distance = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8)
    at += 2
    let length = token & 15
    if (length === 15) length = more(15)
    length += minMatch
    if (distance === 0 || distance > to || to + length > into.length) throw cut()
    if (distance >= length && length >= 32)
      into.copyWithin(to, to - distance, to - distance + length)
    else for (let i = 0; i < length; i++) into[to + i] = into[to - distance + i] ?? 0
    to += length
  }
  throw cut()
}

/** Largest length of a packed block: content that cannot be packed grows a little. */
export function lz4BlockBound(bytes: number): number {
  return bytes + Math.ceil(bytes / 255) + 16
}

/** Packs blocks, each on its own. Its table is reused: one packer per stream. */
export class Lz4Packer {
  readonly #table = new Int32Array(1 << hashBits)

  /** @returns bytes written to `into`, which has room for `lz4BlockBound` */
  pack(bytes: Uint8Array, into: Uint8Array): number {
    const table = this.#table.fill(-1)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const lastStart = bytes.length - matchLimit
    let anchor = 0
    let at = 0
    let to = 0
    // Steps grow where nothing matches, so that random bytes pass quickly.
    let misses = 0
    while (at < lastStart) {
      const sequence = view.getUint32(at, true)
      const slot = Math.imul(sequence, 0x9e3779b1) >>> (32 - hashBits)
      const candidate = table[slot] ?? -1
      table[slot] = at
      const isMatch =
        candidate >= 0 &&
        at - candidate <= distanceMax &&
        view.getUint32(candidate, true) === sequence
      if (!isMatch) {
        at += 1 + (misses++ >>> 6)
        continue
      }
      misses = 0
      let length = minMatch
      const limit = bytes.length - lastLiterals
      while (at + length < limit && bytes[candidate + length] === bytes[at + length]) length++
      to = putSequence(into, to, bytes.subarray(anchor, at), at - candidate, length)
      at += length
      anchor = at
    }
    return putSequence(into, to, bytes.subarray(anchor), 0, 0)
  }
}

/** Literals and, unless `distance` is 0 (the last sequence), a match. */
function putSequence(
  into: Uint8Array,
  start: number,
  literals: Uint8Array,
  distance: number,
  length: number,
): number {
  let to = start + 1
  const matchCode = distance === 0 ? 0 : length - minMatch
  into[start] = (Math.min(literals.length, 15) << 4) | Math.min(matchCode, 15)
  if (literals.length >= 15) to = putLength(into, to, literals.length - 15)
  into.set(literals, to)
  to += literals.length
  if (distance === 0) return to
  into[to++] = distance & 255
  into[to++] = distance >>> 8
  return matchCode >= 15 ? putLength(into, to, matchCode - 15) : to
}

function putLength(into: Uint8Array, start: number, length: number): number {
  let to = start
  let left = length
  for (; left >= 255; left -= 255) into[to++] = 255
  into[to++] = left
  return to
}
