import { utf8Decode, utf8Encode } from '../algorithms/utf8.ts'
import { damaged } from './member.ts'

/** Signatures of ZIP records. @see PKWARE APPNOTE.TXT 4.3 */
export const zipSignature = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  descriptor: 0x08074b50,
} as const

export const centralBytes = 46
export const localBytes = 30
export const endBytes = 22
export const end64Bytes = 56
export const locatorBytes = 20

const max32 = 0xffff_ffff
const max16 = 0xffff
const zip64Tag = 1

/** A file as the central directory tells it. */
export interface ZipEntry {
  readonly name: string
  readonly flags: number
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly crc32: number
  readonly packedBytes: number
  readonly sizeBytes: number
  /** Of the local header. */
  readonly offset: number
  readonly mtimeSeconds: number
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Eight bytes as a number. @throws AisError `ErrBadRequest` beyond 2^53 */
export function u64At(view: DataView, at: number, field: string): number {
  const value = view.getBigUint64(at, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`zip64 ${field} is too large`)
  return Number(value)
}

/** Local wall time of DOS, taken as UTC. */
function dosSeconds(date: number, time: number): number {
  const millis = Date.UTC(
    1980 + (date >>> 9),
    ((date >>> 5) & 15) - 1,
    date & 31,
    time >>> 11,
    (time >>> 5) & 63,
    (time & 31) * 2,
  )
  return Math.max(0, Math.floor(millis / 1000))
}

/** The values of the zip64 extra field that stand for what reads `ffffffff`, in their order. */
function zip64Values(extra: Uint8Array, name: string): DataView | undefined {
  const view = viewOf(extra)
  let at = 0
  while (at + 4 <= extra.length) {
    const size = view.getUint16(at + 2, true)
    if (at + 4 + size > extra.length) throw damaged('an extra field is malformed', name)
    if (view.getUint16(at, true) === zip64Tag) return viewOf(extra.subarray(at + 4, at + 4 + size))
    at += 4 + size
  }
  return undefined
}

/** Lengths of what follows the fixed part of a central header. */
export function centralTail(fixed: Uint8Array): { name: number; extra: number; comment: number } {
  const view = viewOf(fixed)
  if (view.getUint32(0, true) !== zipSignature.central) {
    throw damaged('the central directory is malformed')
  }
  return {
    name: view.getUint16(28, true),
    extra: view.getUint16(30, true),
    comment: view.getUint16(32, true),
  }
}

/** @param tail name and extra field. @throws AisError `ErrBadRequest` */
export function parseCentral(fixed: Uint8Array, tail: Uint8Array, nameBytes: number): ZipEntry {
  const view = viewOf(fixed)
  const name = utf8Decode(tail.subarray(0, nameBytes))
  if (name === undefined) throw damaged('a name is not UTF-8')
  const extra = zip64Values(tail.subarray(nameBytes), name)
  let at = 0
  const wide = (value: number, field: string): number => {
    if (value !== max32) return value
    if (extra === undefined) return value
    if (at + 8 > extra.byteLength) throw damaged(`the zip64 field lacks its ${field}`, name)
    at += 8
    return u64At(extra, at - 8, field)
  }
  const sizeBytes = wide(view.getUint32(24, true), 'size')
  const packedBytes = wide(view.getUint32(20, true), 'packed size')
  const offset = wide(view.getUint32(42, true), 'offset')
  return {
    name,
    flags: view.getUint16(8, true),
    method: view.getUint16(10, true),
    crc32: view.getUint32(16, true),
    packedBytes,
    sizeBytes,
    offset,
    mtimeSeconds: dosSeconds(view.getUint16(14, true), view.getUint16(12, true)),
  }
}

function dosTime(mtimeSeconds: number): { date: number; time: number } {
  const at = new Date(Math.max(mtimeSeconds, 315_532_800) * 1000)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >>> 1)
  return { date, time }
}

/** Bit 3: sizes and checksum follow the content. Bit 11: the name is UTF-8. */
const writtenFlags = 0x0808

/** The header in front of a stored file whose checksum follows its content. */
export function formatLocal(name: Uint8Array, sizeBytes: number, mtimeSeconds: number): Uint8Array {
  const isWide = sizeBytes >= max32
  const record = new Uint8Array(localBytes + name.length + (isWide ? 20 : 0))
  const view = viewOf(record)
  const { date, time } = dosTime(mtimeSeconds)
  view.setUint32(0, zipSignature.local, true)
  view.setUint16(4, isWide ? 45 : 20, true)
  view.setUint16(6, writtenFlags, true)
  view.setUint16(10, time, true)
  view.setUint16(12, date, true)
  view.setUint16(26, name.length, true)
  record.set(name, localBytes)
  if (!isWide) return record
  view.setUint32(18, max32, true)
  view.setUint32(22, max32, true)
  view.setUint16(28, 20, true)
  view.setUint16(localBytes + name.length, zip64Tag, true)
  view.setUint16(localBytes + name.length + 2, 16, true)
  return record
}

/** What follows the content. */
export function formatDescriptor(crc32: number, sizeBytes: number): Uint8Array {
  const isWide = sizeBytes >= max32
  const record = new Uint8Array(isWide ? 24 : 16)
  const view = viewOf(record)
  view.setUint32(0, zipSignature.descriptor, true)
  view.setUint32(4, crc32, true)
  if (isWide) {
    view.setBigUint64(8, BigInt(sizeBytes), true)
    view.setBigUint64(16, BigInt(sizeBytes), true)
  } else {
    view.setUint32(8, sizeBytes, true)
    view.setUint32(12, sizeBytes, true)
  }
  return record
}

/** The row of a stored file in the central directory. */
export function formatCentral(
  entry: Pick<ZipEntry, 'name' | 'crc32' | 'sizeBytes' | 'offset' | 'mtimeSeconds'>,
): Uint8Array {
  const name = utf8Encode(entry.name)
  const values: number[] = []
  if (entry.sizeBytes >= max32) values.push(entry.sizeBytes, entry.sizeBytes)
  if (entry.offset >= max32) values.push(entry.offset)
  const extraBytes = values.length === 0 ? 0 : 4 + 8 * values.length
  const record = new Uint8Array(centralBytes + name.length + extraBytes)
  const view = viewOf(record)
  const { date, time } = dosTime(entry.mtimeSeconds)
  const size32 = Math.min(entry.sizeBytes, max32)
  view.setUint32(0, zipSignature.central, true)
  // Made by: Unix, so that the mode below counts.
  view.setUint16(4, 0x0300 | 45, true)
  view.setUint16(6, values.length === 0 ? 20 : 45, true)
  view.setUint16(8, writtenFlags, true)
  view.setUint16(12, time, true)
  view.setUint16(14, date, true)
  view.setUint32(16, entry.crc32, true)
  view.setUint32(20, size32, true)
  view.setUint32(24, size32, true)
  view.setUint16(28, name.length, true)
  view.setUint16(30, extraBytes, true)
  view.setUint32(38, (0o100644 << 16) >>> 0, true)
  view.setUint32(42, Math.min(entry.offset, max32), true)
  record.set(name, centralBytes)
  if (extraBytes === 0) return record
  const at = centralBytes + name.length
  view.setUint16(at, zip64Tag, true)
  view.setUint16(at + 2, extraBytes - 4, true)
  for (const [i, value] of values.entries()) view.setBigUint64(at + 4 + 8 * i, BigInt(value), true)
  return record
}

/** The end of a ZIP file, with the zip64 records where a number needs them. */
export function formatEnd(
  entries: number,
  centralOffset: number,
  directoryBytes: number,
): Uint8Array {
  const isWide = entries >= max16 || centralOffset >= max32 || directoryBytes >= max32
  const record = new Uint8Array((isWide ? end64Bytes + locatorBytes : 0) + endBytes)
  const view = viewOf(record)
  if (isWide) {
    view.setUint32(0, zipSignature.end64, true)
    view.setBigUint64(4, BigInt(end64Bytes - 12), true)
    view.setUint16(12, 45, true)
    view.setUint16(14, 45, true)
    view.setBigUint64(24, BigInt(entries), true)
    view.setBigUint64(32, BigInt(entries), true)
    view.setBigUint64(40, BigInt(directoryBytes), true)
    view.setBigUint64(48, BigInt(centralOffset), true)
    view.setUint32(end64Bytes, zipSignature.locator64, true)
    view.setBigUint64(end64Bytes + 8, BigInt(centralOffset + directoryBytes), true)
    view.setUint32(end64Bytes + 16, 1, true)
  }
  const at = record.length - endBytes
  view.setUint32(at, zipSignature.end, true)
  view.setUint16(at + 8, Math.min(entries, max16), true)
  view.setUint16(at + 10, Math.min(entries, max16), true)
  view.setUint32(at + 12, Math.min(directoryBytes, max32), true)
  view.setUint32(at + 16, Math.min(centralOffset, max32), true)
  return record
}
