import { U64, u64FromBigInt } from './u64.ts'

// Primes of the XXH64 specification, as halves.
const p1h = 0x9e3779b1
const p1l = 0x85ebca87
const p2h = 0xc2b2ae3d
const p2l = 0x27d4eb4f
const p3h = 0x165667b1
const p3l = 0x9e3779f9
const p4h = 0x85ebca77
const p4l = 0xc2b2ae63
const p5h = 0x27d4eb2f
const p5l = 0x165667c5

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}

function round(acc: U64, input: U64): void {
  input.mul(p2h, p2l)
  acc.add(input.hi, input.lo).rotl(31).mul(p1h, p1l)
}

function mergeRound(acc: U64, lane: U64): void {
  lane.mul(p2h, p2l).rotl(31).mul(p1h, p1l)
  acc.xor(lane.hi, lane.lo).mul(p1h, p1l).add(p4h, p4l)
}

/**
 * XXH64 of `bytes` into a fresh pair of 32-bit halves: what placement uses on every redirect.
 * Written for short names; content checksums go through `Platform.createHasher`.
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxh64Pair(bytes: Uint8Array, seed: U64): U64 {
  const length = bytes.length
  const input = new U64()
  const acc = new U64(seed.hi, seed.lo)
  let at = 0
  if (length >= 32) {
    const v1 = new U64(seed.hi, seed.lo).add(p1h, p1l).add(p2h, p2l)
    const v2 = new U64(seed.hi, seed.lo).add(p2h, p2l)
    const v3 = new U64(seed.hi, seed.lo)
    // seed - P1 is seed + ~P1 + 1
    const v4 = new U64(seed.hi, seed.lo).add(~p1h, ~p1l).add(0, 1)
    for (; at + 32 <= length; at += 32) {
      round(v1, input.set(word(bytes, at + 4), word(bytes, at)))
      round(v2, input.set(word(bytes, at + 12), word(bytes, at + 8)))
      round(v3, input.set(word(bytes, at + 20), word(bytes, at + 16)))
      round(v4, input.set(word(bytes, at + 28), word(bytes, at + 24)))
    }
    acc.set(v1.hi, v1.lo).rotl(1)
    input.set(v2.hi, v2.lo).rotl(7)
    acc.add(input.hi, input.lo)
    input.set(v3.hi, v3.lo).rotl(12)
    acc.add(input.hi, input.lo)
    input.set(v4.hi, v4.lo).rotl(18)
    acc.add(input.hi, input.lo)
    for (const lane of [v1, v2, v3, v4]) mergeRound(acc, lane)
  } else {
    acc.add(p5h, p5l)
  }
  acc.add(Math.floor(length / 0x100000000), length | 0)
  for (; at + 8 <= length; at += 8) {
    input
      .set(word(bytes, at + 4), word(bytes, at))
      .mul(p2h, p2l)
      .rotl(31)
      .mul(p1h, p1l)
    acc.xor(input.hi, input.lo).rotl(27).mul(p1h, p1l).add(p4h, p4l)
  }
  if (at + 4 <= length) {
    input.set(0, word(bytes, at)).mul(p1h, p1l)
    acc.xor(input.hi, input.lo).rotl(23).mul(p2h, p2l).add(p3h, p3l)
    at += 4
  }
  for (; at < length; at++) {
    input.set(0, bytes[at] ?? 0).mul(p5h, p5l)
    acc.xor(input.hi, input.lo).rotl(11).mul(p1h, p1l)
  }
  return acc.xorShiftRight(33).mul(p2h, p2l).xorShiftRight(29).mul(p3h, p3l).xorShiftRight(32)
}

/** XXH64 of `bytes`, exact. @see xxh64Pair */
export function xxh64(bytes: Uint8Array, seed: bigint): bigint {
  return xxh64Pair(bytes, u64FromBigInt(seed)).toBigInt()
}
