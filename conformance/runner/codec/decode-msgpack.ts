import type { JsonValue } from '../model/json-value.ts'

/**
 * Decodes one msgpack value that must fill `bytes`. Binary data becomes text by Latin-1; extension
 * types are refused, since AIStore sends none.
 * @throws RangeError when the bytes are cut off, are followed by more, or hold an unknown type
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function decodeMsgpack(bytes: Uint8Array): JsonValue {
  const reader = new MsgpackReader(bytes)
  const value = reader.value()
  if (!reader.atEnd()) throw new RangeError('msgpack: bytes left after the value')
  return value
}

class MsgpackReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  value(): JsonValue {
    const tag = this.#unsigned(1)
    if (tag < 0x80) return tag
    if (tag < 0x90) return this.#map(tag & 0x0f)
    if (tag < 0xa0) return this.#array(tag & 0x0f)
    if (tag < 0xc0) return this.#text(tag & 0x1f)
    if (tag >= 0xe0) return tag - 0x100
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
        return this.#take(this.#unsigned(1 << (tag - 0xc4))).toString('latin1')
      case 0xca:
        return this.#take(4).readFloatBE()
      case 0xcb:
        return this.#take(8).readDoubleBE()
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (tag - 0xcc))
      case 0xcf:
        return narrow(this.#take(8).readBigUInt64BE())
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#signed(1 << (tag - 0xd0))
      case 0xd3:
        return narrow(this.#take(8).readBigInt64BE())
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (tag - 0xd9)))
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(tag === 0xdc ? 2 : 4))
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(tag === 0xde ? 2 : 4))
      default:
        throw new RangeError(`msgpack: unknown type 0x${tag.toString(16)}`)
    }
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('msgpack: cut off')
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return part
  }

  #unsigned(width: number): number {
    return this.#take(width).readUIntBE(0, width)
  }

  #signed(width: number): number {
    return this.#take(width).readIntBE(0, width)
  }

  #text(length: number): string {
    return this.#take(length).toString('utf8')
  }

  #array(length: number): JsonValue[] {
    const items: JsonValue[] = []
    for (let index = 0; index < length; index++) items.push(this.value())
    return items
  }

  #map(length: number): JsonValue {
    const entries: [string, JsonValue][] = []
    for (let index = 0; index < length; index++) entries.push([String(this.value()), this.value()])
    return Object.fromEntries(entries)
  }
}

function narrow(value: bigint): number | bigint {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}
