import type { SqliteValue } from '@aistore-ts/core/ports/sqlite.ts'

/** A row as `SqliteStatement` gives it. */
export type SqliteRow = Readonly<Record<string, SqliteValue>>

/** An unsigned 64-bit integer as the 8 bytes, big end first, that SQLite can hold and order. */
export function encodeUint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

/** Inverse of `encodeUint64`. */
export function decodeUint64(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
}

/** Whole microseconds of a time in ns: fits a double until the year 2255. */
export function microseconds(timeNs: bigint): number {
  return Number(timeNs / 1_000n)
}

/** The 0 to 999 ns that `microseconds` leaves. */
export function remainderNs(timeNs: bigint): number {
  return Number(timeNs % 1_000n)
}

/** Inverse of `microseconds` and `remainderNs`. */
export function timeNs(us: number, ns: number): bigint {
  return BigInt(us) * 1_000n + BigInt(ns)
}

export function textOf(row: SqliteRow, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new Error(`catalog column ${column} holds no text`)
  return value
}

export function numberOf(row: SqliteRow, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new Error(`catalog column ${column} holds no number`)
  return value
}

export function bytesOf(row: SqliteRow, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new Error(`catalog column ${column} holds no bytes`)
  return value
}

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

/** Lower-case hex of `bytes`. */
export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexPairs[byte]
  return text
}

/** Bytes of lower-case or upper-case hex. */
export function decodeHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (digitOf(text, 2 * i) << 4) | digitOf(text, 2 * i + 1)
  }
  return bytes
}

/** Value of the hex digit at `at`: letters of either case differ from digits in bit 6. */
function digitOf(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return (code & 0x0f) + (code & 0x40 ? 9 : 0)
}
