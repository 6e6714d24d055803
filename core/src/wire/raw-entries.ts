import { utf8Decode } from '../algorithms/utf8.ts'
import { AisError } from '../errors/ais-error.ts'
import type { ListEntry } from '../object/list-entry.ts'
import { pageFrameBytes, readListEntry } from './msgpack.ts'
import { MsgpackReader } from './msgpack-reader.ts'
import { MsgpackWriter } from './msgpack-writer.ts'

/** Where an entry begins, where its name begins, and where that ends. */
const marksEach = 3

const fixedText = 0xa0
const keyOfName = 0x6e

/**
 * Entries of a listing page as they arrived: cut apart, not read. To merge pages takes their names' bytes, and to pass
 * them on takes nothing but a copy.
 */
export class RawEntries {
  readonly length: number
  readonly bytes: Uint8Array
  readonly #marks: Uint32Array

  constructor(bytes: Uint8Array, marks: Uint32Array, length: number) {
    this.bytes = bytes
    this.#marks = marks
    this.length = length
  }

  nameOf(index: number): string {
    const at = index * marksEach
    const name = utf8Decode(this.bytes.subarray(this.#mark(at + 1), this.#mark(at + 2)))
    if (name === undefined) throw bad('a name is not valid UTF-8')
    return name
  }

  /** Order of the names' UTF-8 bytes. */
  compare(index: number, other: RawEntries, otherIndex: number): number {
    let at = this.#mark(index * marksEach + 1)
    const end = this.#mark(index * marksEach + 2)
    let otherAt = other.#mark(otherIndex * marksEach + 1)
    const otherEnd = other.#mark(otherIndex * marksEach + 2)
    while (at < end && otherAt < otherEnd) {
      const difference = (this.bytes[at++] ?? 0) - (other.bytes[otherAt++] ?? 0)
      if (difference !== 0) return difference
    }
    return end - at - (otherEnd - otherAt)
  }

  /** The bytes of entries `[from, to)`. */
  slice(from: number, to: number): Uint8Array {
    return this.bytes.subarray(this.#mark(from * marksEach), this.#mark(to * marksEach))
  }

  #mark(at: number): number {
    return this.#marks[at] ?? 0
  }
}

/** Some entries in a row. */
export interface EntryRun {
  readonly entries: RawEntries
  readonly from: number
  readonly to: number
}

/** A page of runs. @see ListPage */
export interface RawListPage {
  readonly uuid: string
  readonly token: string
  readonly runs: readonly EntryRun[]
  readonly flags: number
}

/**
 * Cuts a listing page into its entries; keys in any order, unknown ones skipped.
 * @throws AisError `ErrBadRequest` bytes that are none
 */
export function cutListPage(bytes: Uint8Array): { token: string; entries: RawEntries } {
  const reader = new MsgpackReader(bytes)
  let token = ''
  let entries = new RawEntries(bytes, new Uint32Array(0), 0)
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.str()) {
      case 'ContinuationToken':
        token = reader.str()
        break
      case 'Entries':
        entries = cutEntries(reader, bytes)
        break
      default:
        reader.skip()
    }
  }
  reader.end()
  return { token, entries }
}

function cutEntries(reader: MsgpackReader, bytes: Uint8Array): RawEntries {
  const length = reader.array()
  const marks = new Uint32Array((length + 1) * marksEach)
  for (let index = 0; index < length; index++) {
    const at = index * marksEach
    marks[at] = reader.position
    for (let left = reader.map(); left > 0; left--) {
      const from = reader.position
      reader.skip()
      const isName = bytes[from] === (fixedText | 1) && bytes[from + 1] === keyOfName
      if (isName) reader.markText(marks, at + 1)
      else reader.skip()
    }
  }
  marks[length * marksEach] = reader.position
  return new RawEntries(bytes, marks, length)
}

/** The page as upstream's encoder writes it. @see encodeListPage */
export function joinListPage(page: RawListPage): Uint8Array {
  const { uuid, token, runs, flags } = page
  const pieces = runs.map(({ entries, from, to }) => entries.slice(from, to))
  const piecesBytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const out = new MsgpackWriter(pageFrameBytes + piecesBytes)
  out.map(4)
  out.str('UUID')
  out.str(uuid)
  out.str('ContinuationToken')
  out.str(token)
  out.str('Entries')
  out.array(runs.reduce((sum, { from, to }) => sum + to - from, 0))
  for (const piece of pieces) out.raw(piece)
  out.str('Flags')
  out.uint(flags)
  return out.finish()
}

/** The entries themselves, for replies in JSON. */
export function readRuns(runs: readonly EntryRun[]): ListEntry[] {
  const all: ListEntry[] = []
  for (const { entries, from, to } of runs) {
    const reader = new MsgpackReader(entries.slice(from, to))
    for (let left = to - from; left > 0; left--) all.push(readListEntry(reader))
  }
  return all
}

function bad(why: string): AisError {
  return new AisError('ErrBadRequest', `invalid msgpack: ${why}`)
}
