/**
 * An unsigned 64-bit integer in two 32-bit halves, changed in place. BigInt is exact too, but an order of
 * magnitude slower, and placement hashes run on every redirect.
 * `hi` and `lo` may hold signed 32-bit values between operations; readers use `>>> 0`.
 */
export class U64 {
  hi: number
  lo: number

  constructor(hi = 0, lo = 0) {
    this.hi = hi
    this.lo = lo
  }

  set(hi: number, lo: number): this {
    this.hi = hi
    this.lo = lo
    return this
  }

  add(hi: number, lo: number): this {
    const sum = (this.lo >>> 0) + (lo >>> 0)
    this.hi = (this.hi + hi + (sum > 0xffffffff ? 1 : 0)) | 0
    this.lo = sum | 0
    return this
  }

  xor(hi: number, lo: number): this {
    this.hi ^= hi
    this.lo ^= lo
    return this
  }

  /** Product modulo 2^64. */
  mul(hi: number, lo: number): this {
    const a = this.lo
    const a0 = a & 0xffff
    const a1 = a >>> 16
    const b0 = lo & 0xffff
    const b1 = lo >>> 16
    const low = a0 * b0
    const mid = a1 * b0 + (low >>> 16)
    const cross = a0 * b1 + (mid & 0xffff)
    const carry = a1 * b1 + Math.floor(mid / 0x10000) + Math.floor(cross / 0x10000)
    this.hi = (carry + Math.imul(this.hi, lo) + Math.imul(a, hi)) | 0
    this.lo = Math.imul(a, lo)
    return this
  }

  /** Rotates left by `bits`, 1 to 31. */
  rotl(bits: number): this {
    const { hi, lo } = this
    this.hi = (hi << bits) | (lo >>> (32 - bits))
    this.lo = (lo << bits) | (hi >>> (32 - bits))
    return this
  }

  /** `this ^= this >> bits`, for `bits` of 1 to 63. */
  xorShiftRight(bits: number): this {
    const { hi, lo } = this
    if (bits >= 32) {
      this.lo = lo ^ (bits === 32 ? hi : hi >>> (bits - 32))
    } else {
      this.lo = lo ^ ((lo >>> bits) | (hi << (32 - bits)))
      this.hi = hi ^ (hi >>> bits)
    }
    return this
  }

  toBigInt(): bigint {
    return (BigInt(this.hi >>> 0) << 32n) | BigInt(this.lo >>> 0)
  }
}

/** The halves of `value` modulo 2^64. */
export function u64FromBigInt(value: bigint): U64 {
  return new U64(Number((value >> 32n) & 0xffffffffn) | 0, Number(value & 0xffffffffn) | 0)
}

/** Negative, zero or positive as `a` is below, equal to or above `b`, unsigned. */
export function compareU64(a: U64, b: U64): number {
  const high = (a.hi >>> 0) - (b.hi >>> 0)
  return high !== 0 ? high : (a.lo >>> 0) - (b.lo >>> 0)
}
