import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { u64ToHex } from './hex.ts'
import { splitMixHash } from './xoshiro256.ts'
import { xxh64 } from './xxhash64.ts'

const mask = (1n << 64n) - 1n
const prime = {
  p1: 11400714785074694791n,
  p2: 14029467366897019727n,
  p3: 1609587929392839161n,
  p4: 9650029242287828579n,
  p5: 2870177450012600261n,
}
const rotl = (x: bigint, r: bigint) => ((x << r) | (x >> (64n - r))) & mask

/** The specification in BigInt, word for word: slow, and an oracle for every length. */
function oracle(bytes: Uint8Array, seed: bigint): bigint {
  const { p1, p2, p3, p4, p5 } = prime
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const round = (acc: bigint, lane: bigint) => (rotl((acc + lane * p2) & mask, 31n) * p1) & mask
  let at = 0
  let acc: bigint
  if (bytes.length >= 32) {
    let lanes = [(seed + p1 + p2) & mask, (seed + p2) & mask, seed, (seed - p1) & mask]
    for (; at + 32 <= bytes.length; at += 32) {
      lanes = lanes.map((lane, i) => round(lane, view.getBigUint64(at + 8 * i, true)))
    }
    const turns = [1n, 7n, 12n, 18n]
    acc = lanes.reduce((sum, lane, i) => (sum + rotl(lane, turns[i] ?? 0n)) & mask, 0n)
    for (const lane of lanes) acc = ((acc ^ round(0n, lane)) * p1 + p4) & mask
  } else {
    acc = (seed + p5) & mask
  }
  acc = (acc + BigInt(bytes.length)) & mask
  for (; at + 8 <= bytes.length; at += 8) {
    acc = (rotl(acc ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4) & mask
  }
  if (at + 4 <= bytes.length) {
    acc = (rotl(acc ^ ((BigInt(view.getUint32(at, true)) * p1) & mask), 23n) * p2 + p3) & mask
    at += 4
  }
  for (; at < bytes.length; at++) {
    acc = (rotl(acc ^ ((BigInt(view.getUint8(at)) * p5) & mask), 11n) * p1) & mask
  }
  acc = ((acc ^ (acc >> 33n)) * p2) & mask
  acc = ((acc ^ (acc >> 29n)) * p3) & mask
  return acc ^ (acc >> 32n)
}

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('xxh64', () => {
  it.each([
    ['', 0n, 'ef46db3751d8e999'],
    ['hello', 0n, '26c7827d889f6da3'],
    ['a', 0n, 'd24ec4f1a98c6e5b'],
    ['abc', 0n, '44bc2cf5ad770999'],
  ])('hashes %j as published', (text, seed, hex) => {
    expect(u64ToHex(xxh64(bytesOf(text), seed))).toBe(hex)
  })

  it('places node IDs as upstream does', () => {
    const seed = 1103515245n
    expect(xxh64(bytesOf('VCft8081'), seed)).toBe(12656949924523221103n)
    expect(xxh64(bytesOf('ais/@#/b/é'), seed)).toBe(11273695633594851696n)
  })

  it('equals the specification at every length up to 160 bytes', () => {
    const bytes = Uint8Array.from({ length: 160 }, (_, i) => (i * 197 + 13) & 0xff)
    for (let length = 0; length <= bytes.length; length++) {
      const part = bytes.subarray(0, length)
      expect(xxh64(part, 1103515245n)).toBe(oracle(part, 1103515245n))
    }
  })

  it('equals the specification for any bytes and seed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.bigInt({ min: 0n, max: mask }),
        (bytes, seed) => xxh64(bytes, seed) === oracle(bytes, seed),
      ),
    )
  })
})

describe('splitMixHash', () => {
  it.each([
    [4573842n, 5026071747115404967n],
    [0n, 1905207664160064169n],
  ])('H(%s) = %s', (input, output) => {
    expect(splitMixHash(input)).toBe(output)
  })

  it('equals its definition in BigInt', () => {
    const mix = (x: bigint) => {
      let z = (x ^ (x >> 30n)) & mask
      z = (z * 0xbf58476d1ce4e5b9n) & mask
      z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
      return z ^ (z >> 31n)
    }
    const golden = 0x9e3779b97f4a7c15n
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: mask }), (x) => {
        // Upstream chains the second SplitMix step on the mixed word, not on the counter.
        const z = mix((mix((x + golden) & mask) + golden) & mask)
        return splitMixHash(x) === ((rotl((z * 5n) & mask, 7n) * 9n) & mask)
      }),
    )
  })
})
