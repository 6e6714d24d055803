import { xxh64 } from '../codec/xxh64.ts'

/** Seed of the placement hash. @see AIStore cmn/cos/const_algo.go (MLCG32) */
const placementSeed = 1103515245n

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)

/** Digest of a node ID or of an object's unique name, as placement uses it. */
export function placementDigest(name: string): bigint {
  return xxh64(Buffer.from(name, 'utf8'), placementSeed)
}

/**
 * The weight of a pair of digests: the first output of xoshiro256** seeded by splitmix64.
 * @see AIStore xoshiro256/xoshiro256.go
 */
export function weigh(digest: bigint): bigint {
  let z = u64(digest + 0x9e3779b97f4a7c15n)
  z = u64((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = u64((z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  z = u64((z ^ (z >> 31n)) + 0x9e3779b97f4a7c15n)
  z = u64((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = u64((z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  z = u64((z ^ (z >> 31n)) * 5n)
  return u64(((z << 7n) | (z >> 57n)) * 9n)
}

/** The ID that owns `uname` among `ids`: the highest weight wins; undefined when there is none. */
export function findOwner(ids: readonly string[], uname: string): string | undefined {
  const name = placementDigest(uname)
  let best: { id: string; weight: bigint } | undefined
  for (const id of ids) {
    const weight = weigh(placementDigest(id) ^ name)
    if (best === undefined || weight > best.weight) best = { id, weight }
  }
  return best?.id
}
