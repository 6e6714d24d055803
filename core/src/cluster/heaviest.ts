import { compareU64, U64 } from '../algorithms/u64.ts'
import { splitMixHashPair } from '../algorithms/xoshiro256.ts'

/** The candidate with the highest weight for `digest`; the first of two equal ones (a chance of 2^-64). */
export function heaviest<T>(
  candidates: Iterable<T>,
  digest: U64,
  admits: (candidate: T) => boolean,
  digestOf: (candidate: T) => Readonly<U64>,
): T | undefined {
  let best: T | undefined
  let top = new U64()
  let weight = new U64()
  for (const candidate of candidates) {
    if (!admits(candidate)) continue
    const own = digestOf(candidate)
    weight.set(own.hi ^ digest.hi, own.lo ^ digest.lo)
    splitMixHashPair(weight)
    if (best !== undefined && compareU64(weight, top) <= 0) continue
    best = candidate
    const spare = top
    top = weight
    weight = spare
  }
  return best
}
