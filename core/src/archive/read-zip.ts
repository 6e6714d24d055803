import type { Compression } from '../ports/compression.ts'
import type { Hasher } from '../ports/platform.ts'
import type { ArchiveGuard } from './archive-guard.ts'
import { ByteSource, type OpenAt } from './byte-source.ts'
import {
  type ArchiveReader,
  checkMemberName,
  damaged,
  type Member,
  memberNameBytesMax,
} from './member.ts'
import { TakenRanges } from './taken-ranges.ts'
import {
  centralBytes,
  centralTail,
  end64Bytes,
  endBytes,
  localBytes,
  locatorBytes,
  parseCentral,
  u64At,
  type ZipEntry,
  zipSignature,
} from './zip-records.ts'

/** Longest comment behind the end record. */
const commentBytesMax = 65_535
const pieceBytes = 256 * 1024

/** Where the central directory lies. */
export interface ZipDirectory {
  readonly offset: number
  readonly sizeBytes: number
  readonly entries: number
}

export interface ZipParts {
  readonly openAt: OpenAt
  readonly sizeBytes: number
  readonly guard: ArchiveGuard
  readonly compression: Compression
  createCrc32(): Hasher
}

async function bytesAt(
  { openAt, guard }: ZipParts,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const source = new ByteSource((at) => openAt(offset + at), true, guard)
  try {
    const bytes = await source.exactly(length)
    if (bytes === undefined) throw damaged('it is cut')
    return bytes.slice()
  } finally {
    await source.close()
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Finds the central directory from the end of the file. @throws AisError `ErrBadRequest` */
export async function findZipDirectory(parts: ZipParts): Promise<ZipDirectory> {
  const { sizeBytes } = parts
  const length = Math.min(sizeBytes, endBytes + commentBytesMax)
  if (length < endBytes) throw damaged('it is too short for a ZIP file')
  const tail = await bytesAt(parts, sizeBytes - length, length)
  const view = viewOf(tail)
  let at = length - endBytes
  while (
    at >= 0 &&
    !(
      view.getUint32(at, true) === zipSignature.end &&
      at + endBytes + view.getUint16(at + 20, true) === length
    )
  ) {
    at -= 1
  }
  if (at < 0) throw damaged('it has no end record of ZIP')
  const endOffset = sizeBytes - length + at
  const entries = view.getUint16(at + 10, true)
  const directoryBytes = view.getUint32(at + 12, true)
  const offset = view.getUint32(at + 16, true)
  if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 8, true) !== entries) {
    throw damaged('it is a part of several')
  }
  const needs64 = entries === 0xffff || directoryBytes === 0xffff_ffff || offset === 0xffff_ffff
  const found = { offset, sizeBytes: directoryBytes, entries }
  const wide = needs64 ? await directory64(parts, endOffset, found) : { found, end: endOffset }
  if (wide.found.offset + wide.found.sizeBytes !== wide.end) {
    throw damaged('the central directory does not lie where the end record says')
  }
  if (wide.found.entries * centralBytes > wide.found.sizeBytes) {
    throw damaged('it states more entries than its central directory can hold')
  }
  return wide.found
}

async function directory64(
  parts: ZipParts,
  endOffset: number,
  found: ZipDirectory,
): Promise<{ found: ZipDirectory; end: number }> {
  const plain = { found, end: endOffset }
  if (endOffset < locatorBytes + end64Bytes) return plain
  const locator = viewOf(await bytesAt(parts, endOffset - locatorBytes, locatorBytes))
  // Numbers that happen to be the greatest ones of 16 or 32 bits.
  if (locator.getUint32(0, true) !== zipSignature.locator64) return plain
  const at = u64At(locator, 8, 'end record')
  if (at + end64Bytes > endOffset - locatorBytes)
    throw damaged('the zip64 end record lies beyond the end')
  const record = viewOf(await bytesAt(parts, at, end64Bytes))
  if (record.getUint32(0, true) !== zipSignature.end64) throw damaged('it has no zip64 end record')
  const entries = u64At(record, 32, 'number of entries')
  if (u64At(record, 24, 'number of entries') !== entries) throw damaged('it is a part of several')
  const wide = {
    entries,
    sizeBytes: u64At(record, 40, 'directory size'),
    offset: u64At(record, 48, 'directory offset'),
  }
  const differs =
    (found.entries !== 0xffff && found.entries !== entries) ||
    (found.sizeBytes !== 0xffff_ffff && found.sizeBytes !== wide.sizeBytes) ||
    (found.offset !== 0xffff_ffff && found.offset !== wide.offset)
  if (differs) throw damaged('its zip64 end record and its end record differ')
  return { found: wide, end: at }
}

/** Reads the files of a ZIP in the order of its central directory, which is streamed as well. */
export class ZipReader implements ArchiveReader {
  readonly #parts: ZipParts
  #directory: ZipDirectory | undefined
  #rows: ByteSource | undefined
  #read = 0
  readonly #taken = new TakenRanges()

  constructor(parts: ZipParts) {
    this.#parts = parts
  }

  async #open(): Promise<ByteSource> {
    const directory = await findZipDirectory(this.#parts)
    this.#directory = directory
    this.#rows = new ByteSource(
      (at) => this.#parts.openAt(directory.offset + at),
      true,
      this.#parts.guard,
    )
    return this.#rows
  }

  async next(): Promise<Member | undefined> {
    const rows = this.#rows ?? (await this.#open())
    for (;;) {
      const directory = this.#directory
      if (directory === undefined) return undefined
      if (this.#read >= directory.entries) {
        if (rows.position !== directory.sizeBytes)
          throw damaged('the central directory is longer than its entries')
        return undefined
      }
      const entry = await this.#entry(rows, directory)
      this.#read += 1
      this.#parts.guard.addMember()
      this.#checkPlace(entry, directory)
      if (entry.name.endsWith('/')) continue
      checkMemberName(entry.name)
      const { name, sizeBytes, mtimeSeconds } = entry
      return { name, sizeBytes, mtimeSeconds, content: () => this.#content(entry, directory) }
    }
  }

  async #entry(rows: ByteSource, directory: ZipDirectory): Promise<ZipEntry> {
    const fixed = (await rows.exactly(centralBytes))?.slice()
    if (fixed === undefined) throw damaged('the central directory is cut')
    const { name, extra, comment } = centralTail(fixed)
    if (name > memberNameBytesMax)
      throw damaged(`a name is longer than ${memberNameBytesMax} bytes`)
    const tail = (await rows.exactly(name + extra))?.slice()
    if (tail === undefined) throw damaged('the central directory is cut')
    const entry = parseCentral(fixed, tail, name)
    await rows.skip(comment)
    if (rows.position > directory.sizeBytes)
      throw damaged('the central directory is cut', entry.name)
    return entry
  }

  /** @throws AisError `ErrBadRequest` the bytes of two files overlap, or lie in the directory */
  #checkPlace({ name, offset, packedBytes }: ZipEntry, directory: ZipDirectory): void {
    const end = offset + localBytes + packedBytes
    if (!(end <= directory.offset))
      throw damaged('its content lies beyond the central directory', name)
    if (!this.#taken.take(offset, end)) throw damaged('entries overlap', name)
  }

  async *#content(entry: ZipEntry, directory: ZipDirectory): AsyncGenerator<Uint8Array> {
    const { name, method, sizeBytes } = entry
    if (entry.flags & 1) throw damaged('it is encrypted', name)
    if (method !== 0 && method !== 8)
      throw damaged(`packing method ${method} is not supported`, name)
    if (method === 0 && entry.packedBytes !== sizeBytes)
      throw damaged('it is stored with two sizes', name)
    const start = await this.#contentStart(entry, directory)
    const packed = this.#packed(start, entry.packedBytes, name)
    const unpacked =
      method === 0 ? packed : this.#parts.compression.transform('inflate-raw', packed)
    const crc = this.#parts.createCrc32()
    let size = 0
    try {
      for await (const chunk of unpacked) {
        size += chunk.length
        if (size > sizeBytes) throw damaged('it is longer than the central directory says', name)
        if (method === 8) this.#parts.guard.addScanned(chunk.length)
        this.#parts.guard.checkRatio(size)
        crc.update(chunk)
        yield chunk
        await this.#parts.guard.turn()
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
        throw damaged(`its packed content is malformed (${error.message})`, name)
      }
      throw error
    }
    if (size !== sizeBytes) throw damaged('it is shorter than the central directory says', name)
    if (Number.parseInt(crc.digestHex(), 16) !== entry.crc32)
      throw damaged('its CRC-32 does not hold', name)
  }

  async *#packed(start: number, bytes: number, name: string): AsyncGenerator<Uint8Array> {
    const source = new ByteSource((at) => this.#parts.openAt(start + at), true, this.#parts.guard)
    try {
      while (source.position < bytes) {
        const part = await source.some(Math.min(bytes - source.position, pieceBytes))
        if (part === undefined) throw damaged('it is cut', name)
        this.#parts.guard.addPacked(part.length)
        yield part
      }
    } finally {
      await source.close()
    }
  }

  /** Where the content begins, behind a local header that says the same as the central directory. */
  async #contentStart(entry: ZipEntry, directory: ZipDirectory): Promise<number> {
    const { name } = entry
    const fixed = viewOf(await bytesAt(this.#parts, entry.offset, localBytes))
    if (fixed.getUint32(0, true) !== zipSignature.local)
      throw damaged('it has no local header', name)
    const nameBytes = fixed.getUint16(26, true)
    const start = entry.offset + localBytes + nameBytes + fixed.getUint16(28, true)
    if (start + entry.packedBytes > directory.offset)
      throw damaged('its content lies beyond the central directory', name)
    const local = await bytesAt(this.#parts, entry.offset + localBytes, nameBytes)
    if (new TextDecoder().decode(local) !== name)
      throw damaged('its local header has another name', name)
    if (fixed.getUint16(8, true) !== entry.method)
      throw damaged('its local header has another method', name)
    const hasDescriptor = (fixed.getUint16(6, true) & 8) !== 0
    const isWide =
      fixed.getUint32(18, true) === 0xffff_ffff || fixed.getUint32(22, true) === 0xffff_ffff
    if (!hasDescriptor && !isWide) {
      const same =
        fixed.getUint32(18, true) === entry.packedBytes &&
        fixed.getUint32(22, true) === entry.sizeBytes
      if (!same) throw damaged('its local header has other sizes', name)
    }
    return start
  }

  async close(): Promise<void> {
    this.#directory = undefined
    await this.#rows?.close()
  }
}
