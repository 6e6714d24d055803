import { type U64, u64FromBigInt } from '../algorithms/u64.ts'
import { utf8Encode } from '../algorithms/utf8.ts'
import { xxh64Pair } from '../algorithms/xxhash64.ts'

/** Seed of every placement hash. @see AIStore cmn/cos MLCG32 */
export const placementSeed = 1103515245n

const seedPair: Readonly<U64> = Object.freeze(u64FromBigInt(placementSeed))

/** Digest of any placement name (uname, node ID, mountpath ID, job ID), as two halves. */
export function placementDigest(name: string): U64 {
  return xxh64Pair(utf8Encode(name), seedPair)
}
