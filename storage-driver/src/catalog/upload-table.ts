import type { Chunk, Upload } from '@aistore-ts/core/ports/mountpath.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { microseconds, numberOf, remainderNs, type SqliteRow, textOf, timeNs } from './encoding.ts'
import { checksumTypeOf, decodeCustom, encodeCustom } from './object-row.ts'

/** A part and the file that holds it, a name in the upload's folder. */
export interface PartRow extends Chunk {
  readonly file: string
  /** Number of the list of its block checksums; 0 when it has none. */
  readonly blocks: number
}

/** Uploads in progress, and the parts of these and of chunked objects. */
export interface UploadTable {
  store(bid: Uint8Array, upload: Upload): void
  find(bid: Uint8Array, id: string): Upload | undefined
  all(bid: Uint8Array): readonly Upload[]
  remove(bid: Uint8Array, id: string): void
  storePart(bid: Uint8Array, id: string, part: PartRow): void
  findPart(bid: Uint8Array, id: string, partNumber: number): PartRow | undefined
  /** In order of part numbers. */
  parts(bid: Uint8Array, id: string): readonly PartRow[]
  removePart(bid: Uint8Array, id: string, partNumber: number): void
  removeParts(bid: Uint8Array, id: string): void
  /** Deletes up to `limit` rows of a bucket; the number deleted. */
  purge(bid: Uint8Array, limit: number): number
}

export function createUploadTable(db: SqliteDatabase): UploadTable {
  const store = db.prepare(
    'INSERT INTO upload (bid, id, name, created_us, created_ns, custom) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const find = db.prepare('SELECT * FROM upload WHERE bid = ? AND id = ?')
  const all = db.prepare('SELECT * FROM upload WHERE bid = ? ORDER BY name, id')
  const remove = db.prepare('DELETE FROM upload WHERE bid = ? AND id = ?')
  const storePart = db.prepare(
    `INSERT OR REPLACE INTO part (bid, upload, number, file, size, checksum_type, checksum_value,
       md5, blocks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const findPart = db.prepare('SELECT * FROM part WHERE bid = ? AND upload = ? AND number = ?')
  const parts = db.prepare('SELECT * FROM part WHERE bid = ? AND upload = ? ORDER BY number')
  const removePart = db.prepare('DELETE FROM part WHERE bid = ? AND upload = ? AND number = ?')
  const removeParts = db.prepare('DELETE FROM part WHERE bid = ? AND upload = ?')
  const removeSums = (where: string) =>
    db.prepare(`DELETE FROM block_sum WHERE id IN (SELECT blocks FROM part WHERE ${where})`)
  const removePartSums = removeSums('bid = ? AND upload = ? AND number = ?')
  const removeAllSums = removeSums('bid = ? AND upload = ?')
  const purgeParts = db.prepare(
    'DELETE FROM part WHERE bid = ?1 AND (upload, number) IN' +
      ' (SELECT upload, number FROM part WHERE bid = ?1 LIMIT ?2)',
  )
  const purgeUploads = db.prepare(
    'DELETE FROM upload WHERE bid = ?1 AND id IN (SELECT id FROM upload WHERE bid = ?1 LIMIT ?2)',
  )
  return {
    store: (bid, upload) => {
      const { id, name, createdNs, custom } = upload
      const text = encodeCustom(custom)
      store.run(bid, id, name, microseconds(createdNs), remainderNs(createdNs), text)
    },
    find: (bid, id) => {
      const row = find.get(bid, id)
      return row === undefined ? undefined : decodeUpload(row)
    },
    all: (bid) => all.all(bid).map(decodeUpload),
    remove: (bid, id) => {
      remove.run(bid, id)
    },
    storePart: (bid, id, part) => {
      const { partNumber, file, sizeBytes, checksum, md5, blocks } = part
      const { type, value } = checksum
      removePartSums.run(bid, id, partNumber)
      storePart.run(bid, id, partNumber, file, sizeBytes, type, value, md5, blocks)
    },
    findPart: (bid, id, partNumber) => {
      const row = findPart.get(bid, id, partNumber)
      return row === undefined ? undefined : decodePart(row)
    },
    parts: (bid, id) => parts.all(bid, id).map(decodePart),
    removePart: (bid, id, partNumber) => {
      removePartSums.run(bid, id, partNumber)
      removePart.run(bid, id, partNumber)
    },
    removeParts: (bid, id) => {
      removeAllSums.run(bid, id)
      removeParts.run(bid, id)
    },
    purge: (bid, limit) =>
      Number(purgeParts.run(bid, limit).changes) + Number(purgeUploads.run(bid, limit).changes),
  }
}

function decodeUpload(row: SqliteRow): Upload {
  return {
    id: textOf(row, 'id'),
    name: textOf(row, 'name'),
    createdNs: timeNs(numberOf(row, 'created_us'), numberOf(row, 'created_ns')),
    custom: decodeCustom(textOf(row, 'custom')),
  }
}

function decodePart(row: SqliteRow): PartRow {
  return {
    partNumber: numberOf(row, 'number'),
    file: textOf(row, 'file'),
    sizeBytes: numberOf(row, 'size'),
    checksum: { type: checksumTypeOf(row), value: textOf(row, 'checksum_value') },
    md5: textOf(row, 'md5'),
    blocks: numberOf(row, 'blocks'),
  }
}
