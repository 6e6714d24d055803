import { type U64, u64FromBigInt } from './u64.ts'

/**
 * The hash of AIStore's placement, in place: the first output of xoshiro256** seeded by SplitMix64 with `x`.
 * Only the second state word matters for the first output, so two SplitMix steps are all there is to do.
 * @returns `x`, changed
 * @see AIStore cmn/xoshiro256, https://prng.di.unimi.it/xoshiro256starstar.c
 */
export function splitMixHashPair(x: U64): U64 {
  x.add(0x9e3779b9, 0x7f4a7c15)
  x.xorShiftRight(30).mul(0xbf58476d, 0x1ce4e5b9)
  x.xorShiftRight(27).mul(0x94d049bb, 0x133111eb)
  x.xorShiftRight(31).add(0x9e3779b9, 0x7f4a7c15)
  x.xorShiftRight(30).mul(0xbf58476d, 0x1ce4e5b9)
  x.xorShiftRight(27).mul(0x94d049bb, 0x133111eb)
  return x.xorShiftRight(31).mul(0, 5).rotl(7).mul(0, 9)
}

/** `splitMixHashPair` of a uint64. */
export function splitMixHash(x: bigint): bigint {
  return splitMixHashPair(u64FromBigInt(x)).toBigInt()
}
