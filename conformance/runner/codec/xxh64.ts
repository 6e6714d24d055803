const prime1 = 0x9e3779b185ebca87n
const prime2 = 0xc2b2ae3d27d4eb4fn
const prime3 = 0x165667b19e3779f9n
const prime4 = 0x85ebca77c2b2ae63n
const prime5 = 0x27d4eb2f165667c5n

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotl = (value: bigint, bits: bigint): bigint => u64((value << bits) | (value >> (64n - bits)))
const round = (lane: bigint, input: bigint): bigint =>
  u64(rotl(u64(lane + input * prime2), 31n) * prime1)
const merge = (hash: bigint, lane: bigint): bigint =>
  u64((hash ^ round(0n, lane)) * prime1 + prime4)

/**
 * XXH64, written for exactness rather than speed (about 10 MB/s).
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxh64(bytes: Uint8Array, seed = 0n): bigint {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let hash: bigint
  if (input.length >= 32) {
    const lanes: [bigint, bigint, bigint, bigint] = [
      u64(seed + prime1 + prime2),
      u64(seed + prime2),
      seed,
      u64(seed - prime1),
    ]
    for (; at + 32 <= input.length; at += 32) {
      lanes[0] = round(lanes[0], input.readBigUInt64LE(at))
      lanes[1] = round(lanes[1], input.readBigUInt64LE(at + 8))
      lanes[2] = round(lanes[2], input.readBigUInt64LE(at + 16))
      lanes[3] = round(lanes[3], input.readBigUInt64LE(at + 24))
    }
    hash = u64(rotl(lanes[0], 1n) + rotl(lanes[1], 7n) + rotl(lanes[2], 12n) + rotl(lanes[3], 18n))
    for (const lane of lanes) hash = merge(hash, lane)
  } else {
    hash = u64(seed + prime5)
  }
  hash = u64(hash + BigInt(input.length))
  for (; at + 8 <= input.length; at += 8) {
    hash = u64(rotl(hash ^ round(0n, input.readBigUInt64LE(at)), 27n) * prime1 + prime4)
  }
  for (; at + 4 <= input.length; at += 4) {
    const word = u64(BigInt(input.readUInt32LE(at)) * prime1)
    hash = u64(rotl(hash ^ word, 23n) * prime2 + prime3)
  }
  for (; at < input.length; at++) {
    hash = u64(rotl(hash ^ u64(BigInt(input.readUInt8(at)) * prime5), 11n) * prime1)
  }
  hash = u64((hash ^ (hash >> 33n)) * prime2)
  hash = u64((hash ^ (hash >> 29n)) * prime3)
  return hash ^ (hash >> 32n)
}
