import { utf8Length } from '../algorithms/utf8.ts'

const initialBytes = 4_096

/** Writes msgpack into a buffer that grows. Integer widths are those of upstream's encoder. */
export class MsgpackWriter {
  #bytes: Uint8Array
  #view: DataView
  #at = 0
  readonly #encoder = new TextEncoder()

  /** @param expectedBytes what the buffer begins with: a good guess spares its growth */
  constructor(expectedBytes = initialBytes) {
    this.#bytes = new Uint8Array(expectedBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** What was written so far, as a view: valid until the next write. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  map(members: number): void {
    this.#header(members, 0x80, 0xde)
  }

  array(items: number): void {
    this.#header(items, 0x90, 0xdc)
  }

  nil(): void {
    this.#byte(0xc0)
  }

  bool(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2)
  }

  float(value: number): void {
    this.#reserve(9)
    this.#bytes[this.#at++] = 0xcb
    this.#view.setFloat64(this.#at, value)
    this.#at += 8
  }

  /** A signed integer in the least of 1, 2, 3, 5 and 9 bytes. @throws RangeError beyond 64 bits */
  int(value: number | bigint): void {
    if (typeof value === 'bigint' || !Number.isSafeInteger(value)) {
      this.#wide(BigInt(value))
      return
    }
    this.#reserve(9)
    if (value >= -32 && value <= 127) this.#bytes[this.#at++] = value & 0xff
    else if (value < 0 && value >= -128) {
      this.#bytes[this.#at++] = 0xd0
      this.#bytes[this.#at++] = value & 0xff
    } else if (value >= -0x8000 && value <= 0x7fff) {
      this.#bytes[this.#at++] = 0xd1
      this.#view.setInt16(this.#at, value)
      this.#at += 2
    } else if (value >= -0x80000000 && value <= 0x7fffffff) {
      this.#bytes[this.#at++] = 0xd2
      this.#view.setInt32(this.#at, value)
      this.#at += 4
    } else this.#wide(BigInt(value))
  }

  /** An unsigned integer of at most 32 bits. */
  uint(value: number): void {
    this.#reserve(5)
    if (value <= 0x7f) this.#bytes[this.#at++] = value
    else if (value <= 0xff) {
      this.#bytes[this.#at++] = 0xcc
      this.#bytes[this.#at++] = value
    } else if (value <= 0xffff) {
      this.#bytes[this.#at++] = 0xcd
      this.#view.setUint16(this.#at, value)
      this.#at += 2
    } else {
      this.#bytes[this.#at++] = 0xce
      this.#view.setUint32(this.#at, value)
      this.#at += 4
    }
  }

  str(text: string): void {
    if (text.length <= 31 && this.#shortAscii(text)) return
    const length = utf8Length(text)
    this.#reserve(5 + length)
    if (length <= 31) this.#bytes[this.#at++] = 0xa0 | length
    else if (length <= 0xff) {
      this.#bytes[this.#at++] = 0xd9
      this.#bytes[this.#at++] = length
    } else if (length <= 0xffff) {
      this.#bytes[this.#at++] = 0xda
      this.#view.setUint16(this.#at, length)
      this.#at += 2
    } else {
      this.#bytes[this.#at++] = 0xdb
      this.#view.setUint32(this.#at, length)
      this.#at += 4
    }
    if (length === text.length) {
      // ASCII: cheaper by hand than a call into the encoder for short names
      for (let i = 0; i < length; i++) this.#bytes[this.#at + i] = text.charCodeAt(i)
    } else {
      this.#encoder.encodeInto(text, this.#bytes.subarray(this.#at, this.#at + length))
    }
    this.#at += length
  }

  /** Header and text of at most 31 characters in one pass; `false` when they are not all ASCII. */
  #shortAscii(text: string): boolean {
    const { length } = text
    this.#reserve(1 + length)
    const bytes = this.#bytes
    const from = this.#at + 1
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) return false
      bytes[from + i] = code
    }
    bytes[this.#at] = 0xa0 | length
    this.#at = from + length
    return true
  }

  /** Values that are msgpack already, as they are. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Bytes, at most 255 of them: keys. @throws RangeError */
  bin(bytes: Uint8Array): void {
    if (bytes.length > 0xff) throw new RangeError(`${bytes.length} bytes are too many`)
    this.#reserve(2 + bytes.length)
    this.#bytes[this.#at++] = 0xc4
    this.#bytes[this.#at++] = bytes.length
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  #wide(value: bigint): void {
    this.#reserve(9)
    const unsigned = value > 0x7fff_ffff_ffff_ffffn
    if (unsigned ? value >= 1n << 64n : value < -(1n << 63n)) {
      throw new RangeError(`integer ${value} does not fit in 64 bits`)
    }
    this.#bytes[this.#at++] = unsigned ? 0xcf : 0xd3
    this.#view.setBigUint64(this.#at, BigInt.asUintN(64, value))
    this.#at += 8
  }

  #header(count: number, fix: number, wide: number): void {
    this.#reserve(5)
    if (count <= 15) this.#bytes[this.#at++] = fix | count
    else if (count <= 0xffff) {
      this.#bytes[this.#at++] = wide
      this.#view.setUint16(this.#at, count)
      this.#at += 2
    } else {
      this.#bytes[this.#at++] = wide + 1
      this.#view.setUint32(this.#at, count)
      this.#at += 4
    }
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
