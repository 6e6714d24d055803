import { utf8Decode, utf8Encode } from '../algorithms/utf8.ts'
import { damaged, plainName } from './member.ts'

/** A file inside a shard that is no compressed one. */
export interface IndexedMember {
  readonly name: string
  /** Of its content within the shard. */
  readonly offset: number
  readonly sizeBytes: number
  readonly mtimeSeconds: number
}

/** `AISIDX` and the version of the form. */
const magic = Uint8Array.of(0x41, 0x49, 0x53, 0x49, 0x44, 0x58, 0, 1)
/** Behind the magic, the number of files. */
const headBytes = magic.length + 4
/** For each file, where its record begins. */
const slotBytes = 4
/** Offset, size and time, 64-bit floats. Behind them the name, to the next record or the end. */
const factsBytes = 24
/** Most that an index takes. */
export const shardIndexBytesMax = 256 * 1024 * 1024

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/**
 * The index of a shard: its files by name, so that one is found in a few steps without reading the others. Of several with
 * one name the first counts, as for who reads the shard itself.
 * @throws AisError `ErrBadRequest` more than an index holds
 */
export function writeShardIndex(members: readonly IndexedMember[]): Uint8Array {
  const first = new Map<string, IndexedMember>()
  for (const member of members) {
    const name = plainName(member.name)
    if (!first.has(name)) first.set(name, member)
  }
  const entries = [...first].map(([name, member]) => ({ key: utf8Encode(name), member }))
  entries.sort((a, b) => compareBytes(a.key, b.key))
  const namesBytes = entries.reduce((sum, { key }) => sum + key.length, 0)
  const sizeBytes = headBytes + entries.length * (slotBytes + factsBytes) + namesBytes
  if (sizeBytes > shardIndexBytesMax) {
    throw damaged(`an index of ${entries.length} files is larger than ${shardIndexBytesMax} bytes`)
  }
  const bytes = new Uint8Array(sizeBytes)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint32(magic.length, entries.length, true)
  let at = headBytes + entries.length * slotBytes
  for (const [index, { key, member }] of entries.entries()) {
    view.setUint32(headBytes + index * slotBytes, at, true)
    view.setFloat64(at, member.offset, true)
    view.setFloat64(at + 8, member.sizeBytes, true)
    view.setFloat64(at + 16, member.mtimeSeconds, true)
    bytes.set(key, at + factsBytes)
    at += factsBytes + key.length
  }
  return bytes
}

/** An index, to be asked for files. */
export class ShardIndexReader {
  /** Files in it. */
  readonly count: number
  readonly #bytes: Uint8Array
  readonly #view: DataView

  /** @throws AisError `ErrBadRequest` it is no index, or a damaged one */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const isIndex = bytes.length >= headBytes && magic.every((byte, at) => bytes[at] === byte)
    this.count = isIndex ? this.#view.getUint32(magic.length, true) : -1
    const leastBytes = headBytes + this.count * (slotBytes + factsBytes)
    if (!isIndex || leastBytes > bytes.length) throw damaged('it has no index that can be read')
  }

  /** @throws AisError `ErrBadRequest` it is damaged */
  find(name: string): IndexedMember | undefined {
    const key = utf8Encode(plainName(name))
    let [low, high] = [0, this.count]
    while (low < high) {
      const middle = (low + high) >>> 1
      const [from, to] = this.#record(middle)
      const order = compareBytes(this.#bytes.subarray(from + factsBytes, to), key)
      if (order === 0) return this.#member(from, to)
      if (order < 0) low = middle + 1
      else high = middle
    }
    return undefined
  }

  #record(index: number): readonly [from: number, to: number] {
    const startOf = (at: number) => this.#view.getUint32(headBytes + at * slotBytes, true)
    const from = startOf(index)
    const to = index + 1 < this.count ? startOf(index + 1) : this.#bytes.length
    const isSound = from >= headBytes && to >= from + factsBytes && to <= this.#bytes.length
    if (!isSound) throw damaged('its index is damaged')
    return [from, to]
  }

  #member(from: number, to: number): IndexedMember {
    const name = utf8Decode(this.#bytes.subarray(from + factsBytes, to))
    const [offset, sizeBytes, mtimeSeconds] = [0, 8, 16].map((at) =>
      this.#view.getFloat64(from + at, true),
    )
    const isSound = [offset, sizeBytes, mtimeSeconds].every(Number.isSafeInteger)
    if (name === undefined || !isSound) throw damaged('its index is damaged')
    return { name, offset: offset ?? 0, sizeBytes: sizeBytes ?? 0, mtimeSeconds: mtimeSeconds ?? 0 }
  }
}
