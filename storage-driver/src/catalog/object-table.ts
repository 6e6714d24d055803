import type { ObjectBrief, ObjectSums } from '@aistore-ts/core/ports/mountpath.ts'
import type { SqliteDatabase, SqliteStatement } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf, microseconds, numberOf, remainderNs, type SqliteRow, textOf } from './encoding.ts'
import { createNameFilter } from './name-filter.ts'
import { decodeObjectRow, generationBytes, type ObjectRow } from './object-row.ts'
import { createRowCache } from './row-cache.ts'

/** Names from `from` on (or after it), below `to`. */
export interface NameRange {
  readonly from: string
  readonly exclusive: boolean
  readonly to: string | undefined
}

/** The rows of one mountpath's objects, the only writer of its table. `bid` is the encoded bucket ID. */
export interface ObjectTable {
  load(bid: Uint8Array, name: string): ObjectRow | undefined
  store(bid: Uint8Array, name: string, row: ObjectRow): void
  remove(bid: Uint8Array, name: string): void
  /** At most `limit` rows in UTF-8 byte order. */
  list(
    bid: Uint8Array,
    range: NameRange,
    limit: number,
  ): readonly { readonly name: string; readonly row: ObjectRow }[]
  /** As `list`, but only names, sizes, and whether the content lies in chunks. */
  listBrief(bid: Uint8Array, range: NameRange, limit: number): readonly ObjectBrief[]
  /** Of at most `limit` rows. */
  summary(bid: Uint8Array, range: NameRange, limit: number): ObjectSums
  /** Deletes up to `limit` rows of a bucket; the number deleted. */
  purge(bid: Uint8Array, limit: number): number
  /** A transaction was rolled back: rows it stored or removed are read anew. */
  forget(): void
  /** Counts up with everything above that changes a row, or may have. */
  readonly changes: number
}

/** Names that the filter learns with each query that finds nothing, as long as it does not know all: about 50 us. */
const learntAtOnce = 64

const columns =
  'name, size, checksum_type, checksum_value, version, atime_us, atime_ns, mtime_us, mtime_ns,' +
  ' generation, inode, escaped, upload, custom, blocks, damaged, body'

export function createObjectTable(db: SqliteDatabase): ObjectTable {
  const load = db.prepare(`SELECT ${columns} FROM object WHERE bid = ? AND name = ?`)
  const store = db.prepare(
    `INSERT INTO object (bid, ${columns}) VALUES
       (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (bid, name) DO UPDATE SET size = excluded.size,
       checksum_type = excluded.checksum_type, checksum_value = excluded.checksum_value,
       version = excluded.version, atime_us = excluded.atime_us, atime_ns = excluded.atime_ns,
       mtime_us = excluded.mtime_us, mtime_ns = excluded.mtime_ns,
       generation = excluded.generation, inode = excluded.inode, escaped = excluded.escaped,
       upload = excluded.upload, custom = excluded.custom, blocks = excluded.blocks,
       damaged = excluded.damaged, body = excluded.body`,
  )
  const update = db.prepare(
    `UPDATE object SET size = ?, checksum_value = ?, version = ?, atime_us = ?, atime_ns = ?,
       mtime_us = ?, mtime_ns = ?, generation = ?, inode = ? WHERE bid = ? AND name = ?`,
  )
  const remove = db.prepare('DELETE FROM object WHERE bid = ? AND name = ?')
  const purge = db.prepare(
    'DELETE FROM object WHERE bid = ?1 AND name IN' +
      ' (SELECT name FROM object WHERE bid = ?1 LIMIT ?2)',
  )
  const lists = rangeStatements(
    db,
    (where) => `SELECT ${columns} FROM object WHERE ${where} ORDER BY name LIMIT ?`,
  )
  const briefs = rangeStatements(
    db,
    (where) =>
      `SELECT name, size, upload <> '' AS chunked FROM object WHERE ${where} ORDER BY name LIMIT ?`,
  )
  const summaries = rangeStatements(
    db,
    (where) =>
      'SELECT count(*) AS objects, CAST(coalesce(sum(size), 0) AS TEXT) AS bytes,' +
      ' coalesce(min(size), 0) AS least, coalesce(max(size), 0) AS most, max(name) AS last' +
      ` FROM (SELECT name, size FROM object WHERE ${where} ORDER BY name LIMIT ?)`,
  )

  const first = db.prepare('SELECT bid, name FROM object ORDER BY bid, name LIMIT ?')
  const after = db.prepare(
    'SELECT bid, name FROM object WHERE (bid, name) > (?, ?) ORDER BY bid, name LIMIT ?',
  )
  const filter = createNameFilter((last, limit) => {
    const rows = last === undefined ? first.all(limit) : after.all(...last, limit)
    return rows.map((row) => [bytesOf(row, 'bid'), textOf(row, 'name')])
  })
  const cache = createRowCache()
  let changes = 0

  return {
    get changes() {
      return changes
    },
    load: (bid, name) => {
      const known = cache.find(bid, name)
      if (known !== undefined) return known ?? undefined
      if (filter.lacks(bid, name)) return undefined
      const found = load.get(bid, name)
      if (found === undefined) filter.learn(learntAtOnce)
      const row = found === undefined ? undefined : decodeObjectRow(found)
      cache.keep(bid, name, row ?? null)
      return row
    },
    store: (bid, name, row) => {
      changes++
      const known = cache.find(bid, name) ?? undefined
      // Dropped first: a statement that fails leaves it open what the row is.
      cache.drop(bid, name)
      if (known === undefined) filter.add(bid, name)
      const atimeUs = microseconds(row.atimeNs)
      const atimeNs = remainderNs(row.atimeNs)
      const mtimeUs = microseconds(row.mtimeNs)
      const mtimeNs = remainderNs(row.mtimeNs)
      const generation = generationBytes(row)
      if (known !== undefined && sameKind(known, row)) {
        update.run(
          row.sizeBytes,
          row.checksumValue,
          row.version,
          atimeUs,
          atimeNs,
          mtimeUs,
          mtimeNs,
          generation,
          row.inode,
          bid,
          name,
        )
      } else {
        store.run(
          bid,
          name,
          row.sizeBytes,
          row.checksumType,
          row.checksumValue,
          row.version,
          atimeUs,
          atimeNs,
          mtimeUs,
          mtimeNs,
          generation,
          row.inode,
          row.escaped ? 1 : 0,
          row.upload,
          row.custom,
          row.blocks,
          row.damaged ? 1 : 0,
          row.body,
        )
      }
      cache.keep(bid, name, row)
    },
    remove: (bid, name) => {
      changes++
      cache.drop(bid, name)
      remove.run(bid, name)
    },
    list: (bid, range, limit) =>
      lists
        .all(bid, range, limit)
        .map((row) => ({ name: textOf(row, 'name'), row: decodeObjectRow(row) })),
    listBrief: (bid, range, limit) =>
      briefs.all(bid, range, limit).map((row) => ({
        name: textOf(row, 'name'),
        sizeBytes: numberOf(row, 'size'),
        isChunked: numberOf(row, 'chunked') === 1,
      })),
    summary: (bid, range, limit) => {
      const [row] = summaries.all(bid, range, limit)
      if (row === undefined) throw new Error('an aggregate gave no row')
      const objects = numberOf(row, 'objects')
      return {
        objects,
        last: objects === 0 ? undefined : textOf(row, 'last'),
        sizeBytes: BigInt(textOf(row, 'bytes')),
        min: numberOf(row, 'least'),
        max: numberOf(row, 'most'),
      }
    },
    purge: (bid, limit) => {
      changes++
      cache.clear()
      return Number(purge.run(bid, limit).changes)
    },
    forget: () => {
      changes++
      cache.clear()
      filter.forget()
    },
  }
}

/** Whether rows are equal in all that a plain overwrite leaves as it is. */
function sameKind(a: ObjectRow, b: ObjectRow): boolean {
  return (
    a.checksumType === b.checksumType &&
    a.escaped === b.escaped &&
    a.upload === b.upload &&
    a.custom === b.custom &&
    a.blocks === b.blocks &&
    a.damaged === b.damaged &&
    a.body === b.body
  )
}

/** One prepared statement per shape of range, so that each is one seek and one walk in the key's order. */
function rangeStatements(
  db: SqliteDatabase,
  write: (where: string) => string,
): { all(bid: Uint8Array, range: NameRange, limit: number): readonly SqliteRow[] } {
  const prepared = (comparison: '>' | '>='): readonly [SqliteStatement, SqliteStatement] => [
    db.prepare(write(`bid = ? AND name ${comparison} ?`)),
    db.prepare(write(`bid = ? AND name ${comparison} ? AND name < ?`)),
  ]
  const after = prepared('>')
  const from = prepared('>=')
  return {
    all: (bid, range, limit) => {
      const [open, bounded] = range.exclusive ? after : from
      return range.to === undefined
        ? open.all(bid, range.from, limit)
        : bounded.all(bid, range.from, range.to, limit)
    },
  }
}
