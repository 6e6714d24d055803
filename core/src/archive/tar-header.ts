import { utf8Decode, utf8Encode } from '../algorithms/utf8.ts'
import { damaged } from './member.ts'

export const tarBlockBytes = 512

/** One header block of a tar file, of any dialect. @see POSIX.1-2017 pax, "ustar Interchange Format" */
export interface TarHeader {
  readonly name: string
  readonly sizeBytes: number
  readonly mtimeSeconds: number
  /** `0`: a regular file; `x`, `g`: pax; `L`, `K`: GNU long names; `5`: a directory. */
  readonly type: string
}

/** A name as far as its NUL. */
function textAt(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  const text = utf8Decode(end < 0 ? field : field.subarray(0, end))
  if (text === undefined) throw damaged('a name is not UTF-8')
  return text
}

/**
 * A number in octal digits or, with its first bit set, in base 256 (GNU, star).
 * @throws AisError `ErrBadRequest` negative, beyond 2^53, or no number
 */
function numberAt(block: Uint8Array, at: number, length: number, field: string): number {
  const first = block[at] ?? 0
  if (first & 0x80) {
    if (first & 0x40) throw damaged(`${field} is negative`)
    let value = first & 0x3f
    for (let i = at + 1; i < at + length; i++) {
      value = value * 256 + (block[i] ?? 0)
      if (value > Number.MAX_SAFE_INTEGER) throw damaged(`${field} is too large`)
    }
    return value
  }
  const text = String.fromCharCode(...block.subarray(at, at + length))
    .replace(/[\0 ]+$/, '')
    .trimStart()
  if (text === '') return 0
  if (!/^[0-7]{1,12}$/.test(text)) throw damaged(`${field} is no octal number`)
  return Number.parseInt(text, 8)
}

/** Whether the sum in the block is that of its bytes, taken as unsigned or, as some old writers did, signed. */
function sumHolds(block: Uint8Array): boolean {
  let unsigned = 0
  let signed = 0
  for (let i = 0; i < tarBlockBytes; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0)
    unsigned += byte
    signed += byte < 128 ? byte : byte - 256
  }
  const stated = numberAt(block, 148, 8, 'header checksum')
  return stated === unsigned || stated === signed
}

/** @throws AisError `ErrBadRequest` */
export function parseTarHeader(block: Uint8Array): TarHeader {
  if (!sumHolds(block)) throw damaged('the checksum of a tar header does not hold')
  const type = String.fromCharCode(block[156] || 0x30)
  const base = textAt(block, 0, 100)
  // "ustar" and NUL: POSIX, with a prefix. GNU puts other things there, behind "ustar" and a blank.
  const isPosix = textAt(block, 257, 6) === 'ustar'
  const prefix = isPosix ? textAt(block, 345, 155) : ''
  return {
    name: prefix === '' ? base : `${prefix}/${base}`,
    sizeBytes: numberAt(block, 124, 12, 'size'),
    // Some writers leave a negative time behind; it is of no use here.
    mtimeSeconds: (block[136] ?? 0) & 0x80 ? 0 : numberAt(block, 136, 12, 'mtime'),
    type,
  }
}

function putText(block: Uint8Array, at: number, bytes: Uint8Array): void {
  block.set(bytes, at)
}

function putOctal(block: Uint8Array, at: number, length: number, value: number): void {
  putText(block, at, utf8Encode(value.toString(8).padStart(length - 1, '0')))
}

/** Largest number of eleven octal digits. */
const octalMax = 8 ** 11 - 1

function headerBlock(
  name: Uint8Array,
  prefix: Uint8Array,
  header: Omit<TarHeader, 'name'>,
): Uint8Array {
  const block = new Uint8Array(tarBlockBytes)
  putText(block, 0, name)
  putOctal(block, 100, 8, 0o644)
  putOctal(block, 108, 8, 0)
  putOctal(block, 116, 8, 0)
  putOctal(block, 124, 12, Math.min(header.sizeBytes, octalMax))
  putOctal(block, 136, 12, Math.min(Math.max(Math.floor(header.mtimeSeconds), 0), octalMax))
  block.fill(0x20, 148, 156)
  block[156] = header.type.charCodeAt(0)
  putText(block, 257, utf8Encode('ustar\u000000'))
  putText(block, 345, prefix)
  let sum = 0
  for (let i = 0; i < tarBlockBytes; i++) sum += block[i] ?? 0
  putText(block, 148, utf8Encode(sum.toString(8).padStart(6, '0')))
  block[154] = 0
  block[155] = 0x20
  return block
}

/** Where a name of more than 100 bytes can be cut for the prefix field, or -1. */
function cutOf(name: Uint8Array): number {
  for (let at = Math.min(155, name.length - 2); at > 0; at--) {
    if (name[at] === 0x2f && name.length - at - 1 <= 100) return at
  }
  return -1
}

/** `length key=value` with its own length. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = utf8Encode(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (String(length).length + rest.length !== length)
    length = String(length).length + rest.length
  return utf8Encode(`${length} ${key}=${value}\n`)
}

/** Bytes behind the content that fill its last block. */
export function tarPadding(sizeBytes: number): number {
  return (tarBlockBytes - (sizeBytes % tarBlockBytes)) % tarBlockBytes
}

/**
 * The header of a regular file: ustar where the name and size fit, a pax header before it where they do not, as Go chooses.
 */
export function formatTarHeader(name: string, sizeBytes: number, mtimeSeconds: number): Uint8Array {
  const bytes = utf8Encode(name)
  const isAscii = bytes.length === name.length
  const file = { sizeBytes, mtimeSeconds, type: '0' }
  const nothing = new Uint8Array(0)
  if (isAscii && sizeBytes <= octalMax) {
    if (bytes.length <= 100) return headerBlock(bytes, nothing, file)
    const cut = cutOf(bytes)
    if (cut > 0) return headerBlock(bytes.subarray(cut + 1), bytes.subarray(0, cut), file)
  }
  const records = [paxRecord('path', name)]
  if (sizeBytes > octalMax) records.push(paxRecord('size', String(sizeBytes)))
  const length = records.reduce((sum, record) => sum + record.length, 0)
  const pax = headerBlock(utf8Encode('PaxHeaders.0/file'), nothing, {
    ...file,
    sizeBytes: length,
    type: 'x',
  })
  const short = utf8Encode(name.replace(/[^\x20-\x7e]/g, '_')).subarray(0, 100)
  const header = headerBlock(short, nothing, file)
  const whole = new Uint8Array(2 * tarBlockBytes + length + tarPadding(length))
  whole.set(pax)
  let at = tarBlockBytes
  for (const record of records) {
    whole.set(record, at)
    at += record.length
  }
  whole.set(header, whole.length - tarBlockBytes)
  return whole
}
