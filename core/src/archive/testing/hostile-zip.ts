import { crc32 } from 'node:zlib'

/** A file of a ZIP, and what its records say of it. */
export interface ZipFile {
  readonly name: string
  readonly body: Buffer
  readonly method?: number
  readonly size?: number
  readonly offset?: number
  readonly localName?: string
  readonly flags?: number
  readonly crc?: number
}

/** A ZIP whose records say what they are told to. */
export function zip(
  zipFiles: readonly ZipFile[],
  lies: { entries?: number; wide?: bigint } = {},
): Uint8Array {
  const parts: Buffer[] = []
  const rows: Buffer[] = []
  let at = 0
  for (const {
    name,
    body,
    method = 0,
    size = body.length,
    offset,
    localName = name,
    flags = 8,
    crc = crc32(body),
  } of zipFiles) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt16LE(localName.length, 26)
    parts.push(local, Buffer.from(localName), body)
    const extra = lies.wide === undefined ? Buffer.alloc(0) : Buffer.alloc(20)
    if (lies.wide !== undefined) {
      extra.writeUInt16LE(1, 0)
      extra.writeUInt16LE(16, 2)
      extra.writeBigUInt64LE(lies.wide, 4)
      extra.writeBigUInt64LE(lies.wide, 12)
    }
    const row = Buffer.alloc(46)
    row.writeUInt32LE(0x02014b50, 0)
    row.writeUInt16LE(flags, 8)
    row.writeUInt16LE(method, 10)
    row.writeUInt32LE(crc, 16)
    row.writeUInt32LE(lies.wide === undefined ? body.length : 0xffffffff, 20)
    row.writeUInt32LE(lies.wide === undefined ? size : 0xffffffff, 24)
    row.writeUInt16LE(name.length, 28)
    row.writeUInt16LE(extra.length, 30)
    row.writeUInt32LE(offset ?? at, 42)
    rows.push(row, Buffer.from(name), extra)
    at += 30 + localName.length + body.length
  }
  const directory = Buffer.concat(rows)
  const tail = Buffer.alloc(22)
  tail.writeUInt32LE(0x06054b50, 0)
  tail.writeUInt16LE(lies.entries ?? zipFiles.length, 8)
  tail.writeUInt16LE(lies.entries ?? zipFiles.length, 10)
  tail.writeUInt32LE(directory.length, 12)
  tail.writeUInt32LE(at, 16)
  return new Uint8Array(Buffer.concat([...parts, directory, tail]))
}
