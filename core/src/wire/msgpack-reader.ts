import { utf8Decode } from '../algorithms/utf8.ts'
import { AisError } from '../errors/ais-error.ts'

/** Deepest nesting that is read. */
const depthMax = 64

export type MsgpackValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | MsgpackValue[]
  | Map<string, MsgpackValue>

/**
 * Reads msgpack in any integer width and key order. A length is never believed further than the bytes reach.
 * @throws AisError `ErrBadRequest` from every method, when the bytes are not what is asked for
 */
export class MsgpackReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Nothing follows. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw this.#bad('trailing bytes')
  }

  /** Members of the map that starts here. */
  map(): number {
    const tag = this.#uint(1)
    if (tag >> 4 === 0x8) return this.#count(tag & 0xf, 2)
    if (tag === 0xde) return this.#count(this.#uint(2), 2)
    if (tag === 0xdf) return this.#count(this.#uint(4), 2)
    throw this.#bad('expected a map')
  }

  /** Items of the array that starts here; nil counts as empty, as Go writes an absent one. */
  array(): number {
    const tag = this.#uint(1)
    if (tag === 0xc0) return 0
    if (tag >> 4 === 0x9) return this.#count(tag & 0xf, 1)
    if (tag === 0xdc) return this.#count(this.#uint(2), 1)
    if (tag === 0xdd) return this.#count(this.#uint(4), 1)
    throw this.#bad('expected an array')
  }

  str(): string {
    return this.#text(this.#textLength())
  }

  #textLength(): number {
    const tag = this.#uint(1)
    if (tag >> 5 === 0x5) return tag & 0x1f
    if (tag >= 0xd9 && tag <= 0xdb) return this.#uint(1 << (tag - 0xd9))
    throw this.#bad('expected a string')
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#at
  }

  /** Passes by a string, noting where its bytes begin and end in `marks[at]` and `marks[at + 1]`. */
  markText(marks: Uint32Array, at: number): void {
    const length = this.#textLength()
    marks[at] = this.#skip(length)
    marks[at + 1] = this.#at
  }

  /** Passes by whatever stands here, unread. */
  skip(depth = 0): void {
    if (depth > depthMax) throw this.#bad('nested too deep')
    const tag = this.#peek()
    if (tag <= 0x7f || tag >= 0xe0) this.#at++
    else if (tag >> 5 === 0x5 || (tag >= 0xd9 && tag <= 0xdb)) this.#skip(this.#textLength())
    else if (tag >> 4 === 0x8 || tag === 0xde || tag === 0xdf) {
      for (let left = this.map() * 2; left > 0; left--) this.skip(depth + 1)
    } else if (tag >> 4 === 0x9 || tag === 0xdc || tag === 0xdd) {
      for (let left = this.array(); left > 0; left--) this.skip(depth + 1)
    } else {
      this.#at++
      this.#scalar(tag)
    }
  }

  /** An integer that a `number` holds exactly. */
  int(): number {
    const value = this.value()
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    throw this.#bad('expected an integer below 2^53')
  }

  /** Whatever stands here; integers beyond 2^53 as `bigint`. */
  value(depth = 0): MsgpackValue {
    if (depth > depthMax) throw this.#bad('nested too deep')
    const tag = this.#peek()
    if (tag <= 0x7f || tag >= 0xe0) {
      this.#at++
      return (tag << 24) >> 24
    }
    if (tag >> 5 === 0x5 || (tag >= 0xd9 && tag <= 0xdb)) return this.str()
    if (tag >> 4 === 0x8 || tag === 0xde || tag === 0xdf) {
      const map = new Map<string, MsgpackValue>()
      for (let left = this.map(); left > 0; left--) map.set(this.str(), this.value(depth + 1))
      return map
    }
    if (tag >> 4 === 0x9 || tag === 0xdc || tag === 0xdd) {
      const items: MsgpackValue[] = []
      for (let left = this.array(); left > 0; left--) items.push(this.value(depth + 1))
      return items
    }
    this.#at++
    return this.#scalar(tag)
  }

  #scalar(tag: number): MsgpackValue {
    switch (tag) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#slice(this.#uint(1 << (tag - 0xc4))).slice()
      case 0xca:
        return this.#view.getFloat32(this.#skip(4))
      case 0xcb:
        return this.#view.getFloat64(this.#skip(8))
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(1 << (tag - 0xcc))
      case 0xcf:
        return narrow(this.#view.getBigUint64(this.#skip(8)))
      case 0xd0:
        return this.#view.getInt8(this.#skip(1))
      case 0xd1:
        return this.#view.getInt16(this.#skip(2))
      case 0xd2:
        return this.#view.getInt32(this.#skip(4))
      case 0xd3:
        return narrow(this.#view.getBigInt64(this.#skip(8)))
      default:
        throw this.#bad(`unsupported type 0x${tag.toString(16)}`)
    }
  }

  #text(length: number): string {
    const bytes = this.#slice(length)
    let text = ''
    for (const byte of bytes) {
      if (byte >= 0x80) {
        const decoded = utf8Decode(bytes)
        if (decoded === undefined) throw this.#bad('string is not valid UTF-8')
        return decoded
      }
      text += String.fromCharCode(byte)
    }
    return text
  }

  /** Every element takes a byte at least: more of them than bytes are left is a lie. */
  #count(count: number, bytesEach: number): number {
    if (count * bytesEach > this.#bytes.length - this.#at) throw this.#bad('unexpected end')
    return count
  }

  #peek(): number {
    const tag = this.#bytes[this.#at]
    if (tag === undefined) throw this.#bad('unexpected end')
    return tag
  }

  #uint(bytes: number): number {
    const at = this.#skip(bytes)
    if (bytes === 1) return this.#view.getUint8(at)
    return bytes === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at)
  }

  #slice(length: number): Uint8Array {
    const at = this.#skip(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** Position before `bytes` bytes, which are there. */
  #skip(bytes: number): number {
    const at = this.#at
    if (at + bytes > this.#bytes.length) throw this.#bad('unexpected end')
    this.#at = at + bytes
    return at
  }

  #bad(why: string): AisError {
    return new AisError('ErrBadRequest', `invalid msgpack: ${why} at byte ${this.#at}`)
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
